package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Version, commit and date of this build",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprint(command.OutOrStdout(), describeBuild(version, info))
			return err
		},
	}
}

// describeBuild describes a build. Builds without a version control system, such
// as those of go install, have neither commit nor date. info may be nil.
func describeBuild(version string, info *debug.BuildInfo) string {
	settings := map[string]string{}
	if info != nil {
		for _, setting := range info.Settings {
			settings[setting.Key] = setting.Value
		}
		if version == "dev" && info.Main.Version != "(devel)" {
			version = cmp.Or(info.Main.Version, version)
		}
	}
	commit := cmp.Or(settings["vcs.revision"], "unknown")
	if settings["vcs.modified"] == "true" {
		commit += ", with uncommitted changes"
	}
	return fmt.Sprintf("openai-admin %s\ncommit:   %s\ndate:     %s\nGo:       %s\nplatform: %s/%s\n",
		version, commit, cmp.Or(settings["vcs.time"], "unknown"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
