// Command demo runs Terraform for real on examples/bootstrap, against an
// emulator of its own, and checks every step.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/allthingsai/terraform-provider-openai/tools/emulator"
	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}

// demo has the data that the steps share.
type demo struct {
	root, folder string
	environment  map[string]string
	emulator     *emulator.Emulator
	terraform    *tfexec.Terraform
	step         int
}

func run(ctx context.Context) (err error) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 15*time.Minute)
	defer cancel()
	d := &demo{}
	if d.root, err = terraform.Root(ctx); err != nil {
		return err
	}
	if d.folder, err = os.MkdirTemp("", "openai-demo-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(d.folder)) }()
	defer func() {
		if d.emulator != nil {
			err = errors.Join(err, d.emulator.Stop())
		}
	}()
	fmt.Println("Two environments, dev and prod, of one OpenAI organization on this machine.")
	for _, step := range []struct {
		title string
		run   func(context.Context) error
	}{
		{"Build the provider and openai-admin", d.build},
		{"Start an organization, in a fresh SQLite file", d.startEmulator},
		{"Plan examples/bootstrap", d.planBootstrap},
		{"Apply", d.apply},
		{"Plan again: nothing to do", d.planNothing},
		{"Raise dev's hard limit from 50 to 75 dollars", d.raiseLimit},
		{"Plan again: nothing to do", d.planNothing},
		{"Read the outputs", d.outputs},
		{"Read usage and costs with examples/usage", d.usage},
		{"Destroy everything", d.destroy},
	} {
		d.step++
		fmt.Printf("\n%d. %s\n", d.step, step.title)
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("step %d, %s: %w", d.step, step.title, err)
		}
	}
	fmt.Println("\nEvery step did what it should.")
	return nil
}

// say prints one line of what happened.
func say(format string, args ...any) { fmt.Printf("   "+format+"\n", args...) }

func (d *demo) build(ctx context.Context) error {
	binary, err := terraform.Find(ctx, d.root)
	if err != nil {
		return err
	}
	if d.environment, err = terraform.Environment(ctx, d.root, d.folder); err != nil {
		return err
	}
	if err := terraform.Build(ctx, d.root, "./cmd/openai-admin", filepath.Join(d.folder, "openai-admin")); err != nil {
		return err
	}
	work := filepath.Join(d.folder, "work")
	if err := os.CopyFS(work, os.DirFS(filepath.Join(d.root, "examples", "bootstrap"))); err != nil {
		return err
	}
	if d.terraform, err = tfexec.NewTerraform(work, binary); err != nil {
		return err
	}
	version, _, err := d.terraform.Version(ctx, true)
	if err != nil {
		return err
	}
	say("with %s %s", filepath.Base(binary), version)
	return nil
}

func (d *demo) startEmulator(ctx context.Context) (err error) {
	if d.emulator, err = emulator.Start(ctx, filepath.Join(d.folder, "openai-admin"), "--data", filepath.Join(d.folder, "organization.db")); err != nil {
		return err
	}
	d.environment["OPENAI_BASE_URL"] = d.emulator.URL + "/v1"
	d.environment["OPENAI_ADMIN_KEY"] = d.emulator.AdminKey
	if err := d.terraform.SetEnv(d.environment); err != nil {
		return err
	}
	say("at %s", d.emulator.URL)
	// The provider needs no installation, the module does.
	return d.terraform.Get(ctx)
}
