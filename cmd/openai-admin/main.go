// Command openai-admin is the companion of the provider: a local emulator of
// the Administration API, the export of an organisation as configuration, and
// reports of usage and costs.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "dev"

func main() {
	// The first signal asks for an orderly end, the second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	if err := newRootCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "openai-admin:", err)
		os.Exit(1)
	}
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "openai-admin",
		Short:         "Companion of the OpenAI provider for Terraform",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newEmulateCommand(), newExportCommand(), newUsageCommand())
	return root
}
