// Package terraform finds a Terraform or OpenTofu to work with, and runs it
// with the provider of this checkout.
package terraform

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// Find returns the path of the program that the environment variable TERRAFORM
// names, else of terraform or tofu from PATH, or else of a Terraform that is
// fetched once into the folder .tools of the repository.
func Find(ctx context.Context, root string) (string, error) {
	if named := os.Getenv("TERRAFORM"); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("TERRAFORM: %w", err)
		}
		return filepath.Abs(path)
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return filepath.Abs(path)
		}
	}
	folder := filepath.Join(root, ".tools")
	fetched := filepath.Join(folder, product.Terraform.BinaryName())
	if _, err := os.Stat(fetched); err == nil {
		return fetched, nil
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", err
	}
	fmt.Fprintln(os.Stderr, "Neither terraform nor tofu is on PATH: fetching Terraform into .tools.")
	path, err := (&releases.LatestVersion{Product: product.Terraform, InstallDir: folder}).Install(ctx)
	if err != nil {
		return "", fmt.Errorf("there is neither terraform nor tofu on PATH, and Terraform could not be fetched from releases.hashicorp.com: %w.\n"+
			"Put a terraform (1.5 or newer) or a tofu on PATH and try again", err)
	}
	return path, nil
}

// Root is the folder of the repository, the parent of the tools module.
func Root(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Dir(filepath.Dir(strings.TrimSpace(string(out)))), nil
}

// Build builds a main package of the repository, with these flags of go build.
func Build(ctx context.Context, root, pkg, output string, flags ...string) error {
	build := exec.CommandContext(ctx, "go", slices.Concat([]string{"build", "-o", output}, flags, []string{pkg})...)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

// SchemaAddress is the address under which tfplugindocs looks for schemas.
const SchemaAddress = "registry.terraform.io/hashicorp/openai"

// Addresses are those under which configurations name the provider. OpenTofu
// resolves the short one to a registry of its own.
var Addresses = []string{"registry.terraform.io/allthingsai/openai", "registry.opentofu.org/allthingsai/openai"}

// Environment builds the provider into a folder and returns environment
// variables that make Terraform take it from there, and nothing else from the
// caller that could change the outcome.
func Environment(ctx context.Context, root, folder string) (map[string]string, error) {
	if err := Build(ctx, root, ".", filepath.Join(folder, "terraform-provider-openai")); err != nil {
		return nil, err
	}
	config := filepath.Join(folder, "terraformrc")
	var overrides strings.Builder
	for _, address := range append(slices.Clone(Addresses), SchemaAddress) {
		fmt.Fprintf(&overrides, "    %q = %q\n", address, folder)
	}
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n%s  }\n  direct {}\n}\n", &overrides)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return map[string]string{
		"PATH":               os.Getenv("PATH"),
		"HOME":               folder,
		"TMPDIR":             os.TempDir(),
		"TF_CLI_CONFIG_FILE": config,
		"CHECKPOINT_DISABLE": "1",
	}, nil
}
