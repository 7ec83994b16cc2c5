// Command install builds the provider and openai-admin and puts them where
// Terraform, OpenTofu and the shell find them. With -uninstall it removes them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

func main() {
	uninstall := flag.Bool("uninstall", false, "remove what was installed")
	flag.Parse()
	if err := run(context.Background(), *uninstall); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, uninstall bool) error {
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	// Terraform and OpenTofu look for providers here without any configuration.
	mirror := filepath.Join(home, ".terraform.d", "plugins")
	programs := filepath.Join(home, ".local", "bin")
	if uninstall {
		return remove(mirror, programs)
	}
	root, err := terraform.Root(ctx)
	if err != nil {
		return err
	}
	version, err := version(ctx, root)
	if err != nil {
		return err
	}
	flags := []string{"-ldflags", "-X main.version=" + version}
	for _, source := range terraform.Addresses {
		// One version is enough, and an older one would only be found by accident.
		installed := filepath.Join(mirror, filepath.FromSlash(source))
		if err := os.RemoveAll(installed); err != nil {
			return err
		}
		binary := filepath.Join(installed, version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-openai_v"+version+suffix())
		if err := terraform.Build(ctx, root, ".", binary, flags...); err != nil {
			return err
		}
	}
	companion := filepath.Join(programs, "openai-admin"+suffix())
	if err := terraform.Build(ctx, root, "./cmd/openai-admin", companion, flags...); err != nil {
		return err
	}
	fmt.Printf("Installed the provider allthingsai/openai %s in %s\n", version, mirror)
	fmt.Printf("and the command %s.\n\n", companion)
	if path := configured(home); path != "" {
		fmt.Printf("%s has a provider_installation block, which decides alone where providers come from. Add to it:\n\n"+
			"  filesystem_mirror {\n    path    = %q\n    include = [%q, %q]\n  }\n\n", path, mirror, terraform.Addresses[0], terraform.Addresses[1])
	}
	if found, err := exec.LookPath("openai-admin"); err != nil || found != companion {
		fmt.Printf("Put the command on PATH: export PATH=%s:$PATH\n", programs)
	}
	fmt.Println("Next: openai-admin emulate   starts an organization on this machine and prints its variables")
	fmt.Println("      terraform init         in a folder with source = \"allthingsai/openai\"")
	fmt.Println("      make uninstall         removes what was installed")
	return nil
}

func suffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// version counts the commits, so that each commit is a version of its own: a
// lock file does not accept another build of a version that it has recorded.
func version(ctx context.Context, root string) (string, error) {
	command := exec.CommandContext(ctx, "git", "rev-list", "--count", "HEAD")
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git rev-list: %w", err)
	}
	return "0.0." + strings.TrimSpace(string(out)), nil
}

// configured returns the file of the command line configuration that says where
// providers come from, if one does.
func configured(home string) string {
	for _, path := range []string{os.Getenv("TF_CLI_CONFIG_FILE"), filepath.Join(home, ".terraformrc"), filepath.Join(home, ".tofurc")} {
		content, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(content), "provider_installation") {
			return path
		}
	}
	return ""
}

func remove(mirror, programs string) error {
	installed := []string{filepath.Join(programs, "openai-admin"+suffix())}
	for _, source := range terraform.Addresses {
		installed = append(installed, filepath.Join(mirror, filepath.FromSlash(source)))
	}
	removed := false
	for _, path := range installed {
		if _, err := os.Stat(path); os.IsNotExist(err) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		removed = true
		fmt.Printf("Removed %s\n", path)
	}
	if !removed {
		fmt.Println("Nothing is installed.")
	}
	return nil
}
