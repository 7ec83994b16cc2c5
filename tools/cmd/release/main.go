// Command release builds a release of the last commit without publishing it, and
// checks what the registry and the users of its archives rely on. With -check it
// only checks the release in dist/.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

func main() {
	check := flag.Bool("check", false, "check the release in dist/ instead of building it")
	flag.Parse()
	if err := run(context.Background(), *check); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, checkOnly bool) error {
	root, err := terraform.Root(ctx)
	if err != nil {
		return err
	}
	if !checkOnly {
		if err := build(ctx, root); err != nil {
			return err
		}
	}
	r := &release{root: root, dist: filepath.Join(root, "dist")}
	if err := r.check(ctx); err != nil {
		return err
	}
	fmt.Printf("Release %s: %d archives, their checksums and lists of modules, the manifest and an installation are as they should be.\n", r.version, len(r.archives()))
	return nil
}

// build runs the pinned GoReleaser, which runs the pinned cyclonedx-gomod. The
// signature needs the key of the project, which only the release workflow has.
func build(ctx context.Context, root string) error {
	bin := filepath.Join(root, "bin")
	tools := exec.CommandContext(ctx, "go", "-C", filepath.Join(root, "tools", "release"), "build", "-o", bin+"/",
		"github.com/goreleaser/goreleaser/v2", "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod")
	releaser := exec.CommandContext(ctx, filepath.Join(bin, "goreleaser"), "release", "--snapshot", "--clean", "--skip=sign")
	releaser.Dir = root
	releaser.Env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	for _, command := range []*exec.Cmd{tools, releaser} {
		command.Stdout, command.Stderr = os.Stdout, os.Stderr
		if err := command.Run(); err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
	}
	return nil
}

// platform is an operating system with an architecture.
type platform struct{ os, arch string }

func (p platform) suffix() string {
	if p.os == "windows" {
		return ".exe"
	}
	return ""
}

// The platforms of a release. The registry has the provider for each of its own.
var (
	companionPlatforms = []platform{{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}}
	providerPlatforms  = append([]platform{{"freebsd", "amd64"}, {"freebsd", "arm64"}}, companionPlatforms...)
)

const (
	provider  = "terraform-provider-openai"
	companion = "openai-admin"
)

// release is a release in a folder.
type release struct {
	root, dist, version string
}

// archive is one archive of a release, with its list of modules.
type archive struct {
	name, modules, binary string
	// built is a module that the binary cannot do without.
	built string
	platform
}

// archives are those that a release has.
func (r *release) archives() []archive {
	var all []archive
	for _, p := range providerPlatforms {
		base := fmt.Sprintf("%s_%s_%s_%s", provider, r.version, p.os, p.arch)
		all = append(all, archive{base + ".zip", base + ".cdx.json", provider + "_v" + r.version + p.suffix(), "github.com/hashicorp/terraform-plugin-framework", p})
	}
	for _, p := range companionPlatforms {
		base := fmt.Sprintf("%s_%s_%s_%s", companion, r.version, p.os, p.arch)
		all = append(all, archive{base + ".tar.gz", base + ".cdx.json", companion + p.suffix(), "github.com/spf13/cobra", p})
	}
	return all
}

func (r *release) check(ctx context.Context) error {
	var metadata struct {
		Version string `json:"version"`
	}
	if err := readJSON(filepath.Join(r.dist, "metadata.json"), &metadata); err != nil {
		return err
	}
	r.version = metadata.Version
	err := errors.Join(r.checkSums(), r.checkImage())
	for _, a := range r.archives() {
		if problem := errors.Join(r.checkContent(a), r.checkModules(a)); problem != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", a.name, problem))
		}
	}
	if err != nil {
		return err
	}
	return errors.Join(r.checkProgram(ctx), r.checkInstallation(ctx))
}
