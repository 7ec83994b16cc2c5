package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

// own returns the archive of a program for this machine.
func (r *release) own(program string) (archive, error) {
	all := r.archives()
	at := slices.IndexFunc(all, func(a archive) bool {
		return strings.HasPrefix(a.name, program+"_") && a.os == runtime.GOOS && a.arch == runtime.GOARCH
	})
	if at < 0 {
		return archive{}, fmt.Errorf("a release has no %s for %s/%s, so that it cannot be tried here", program, runtime.GOOS, runtime.GOARCH)
	}
	return all[at], nil
}

// checkProgram runs openai-admin of the release, which must name the version and
// the commit.
func (r *release) checkProgram(ctx context.Context) error {
	a, err := r.own(companion)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "openai-release-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	program := filepath.Join(folder, a.binary)
	err = r.eachFile(a.name, func(header *tar.Header, content io.Reader) error {
		if header.Name != a.binary {
			return nil
		}
		file, err := os.OpenFile(program, os.O_CREATE|os.O_WRONLY, 0o700) //nolint:gosec // a program is executable
		if err != nil {
			return err
		}
		_, err = io.Copy(file, content)
		return errors.Join(err, file.Close())
	})
	if err != nil {
		return err
	}
	commit, err := exec.CommandContext(ctx, "git", "-C", r.root, "rev-parse", "HEAD").Output()
	if err != nil {
		return fmt.Errorf("git rev-parse: %w", err)
	}
	out, err := exec.CommandContext(ctx, program, "version").CombinedOutput()
	for _, want := range []string{companion + " " + r.version + "\n", strings.TrimSpace(string(commit))} {
		if err == nil && !strings.Contains(string(out), want) {
			err = fmt.Errorf("%s version prints no %q:\n%s", companion, want, out)
		}
	}
	return err
}

// checkInstallation installs the archive of the provider as its documentation
// says, by copying it into a folder, and initializes a configuration.
func (r *release) checkInstallation(ctx context.Context) error {
	a, err := r.own(provider)
	if err != nil {
		return err
	}
	binary, err := terraform.Find(ctx, r.root)
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "openai-home-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(home) }()
	content, err := os.ReadFile(filepath.Join(r.dist, a.name))
	if err != nil {
		return err
	}
	for _, address := range terraform.Addresses {
		folder := filepath.Join(home, ".terraform.d", "plugins", filepath.FromSlash(address))
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, a.name), content, 0o600); err != nil {
			return err
		}
	}
	work := filepath.Join(home, "work")
	if err := os.Mkdir(work, 0o700); err != nil {
		return err
	}
	config := fmt.Sprintf("terraform {\n  required_providers {\n    openai = {\n      source  = \"allthingsai/openai\"\n      version = %q\n    }\n  }\n}\n\nresource \"openai_project\" \"dev\" {\n  name = \"dev\"\n}\n", r.version)
	if err := os.WriteFile(filepath.Join(work, "main.tf"), []byte(config), 0o600); err != nil {
		return err
	}
	for _, step := range []string{"init", "validate"} {
		command := exec.CommandContext(ctx, binary, step, "-no-color")
		command.Dir = work
		command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CHECKPOINT_DISABLE=1"}
		if out, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%s %s with the archive of the provider: %w\n%s", binary, step, err, out)
		}
	}
	return nil
}

// checkImage checks that the container image describes itself, as registries of
// images show it.
func (r *release) checkImage() error {
	content, err := os.ReadFile(filepath.Join(r.root, "Containerfile"))
	if err != nil {
		return err
	}
	for _, label := range []string{"title", "description", "source", "licenses", "version"} {
		if !strings.Contains(string(content), "org.opencontainers.image."+label+"=") {
			err = errors.Join(err, fmt.Errorf("there is no label org.opencontainers.image.%s in Containerfile", label))
		}
	}
	return err
}
