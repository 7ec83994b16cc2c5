package examples_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// cli is a real Terraform with the provider's own program, logging everything.
type cli struct {
	program string
	folder  string
	log     string
	env     []string
}

func newCLI(t *testing.T, example, base, key string) *cli {
	t.Helper()
	program := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if program == "" {
		var err error
		if program, err = exec.LookPath("terraform"); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(folder, "bin", "terraform-provider-openai"), "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	overrides := ""
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		overrides += "    \"" + registry + "/allthingsai/openai\" = \"" + filepath.Join(folder, "bin") + "\"\n"
	}
	config := filepath.Join(folder, "terraformrc")
	if err := os.WriteFile(config, []byte("provider_installation {\n  dev_overrides {\n"+overrides+"  }\n  direct {}\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	work := filepath.Join(folder, "work")
	if err := os.CopyFS(work, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(folder, "trace.log")
	return &cli{program, work, log, []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "TF_CLI_CONFIG_FILE=" + config, "CHECKPOINT_DISABLE=1",
		"TF_LOG=TRACE", "TF_LOG_PATH=" + log, "OPENAI_BASE_URL=" + base, "OPENAI_ADMIN_KEY=" + key,
	}}
}

func (c *cli) run(t *testing.T, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), c.program, append(args, "-no-color")...)
	command.Dir, command.Env = c.folder, c.env
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// Two environments are made, looked at and taken down, with every log that
// there is; no secret may be in any of what comes out, nor in the database.
func TestAccBootstrapKeepsItsSecrets(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	t.Parallel()
	database := filepath.Join(t.TempDir(), "organisation.db")
	server, err := emulator.New(emulator.Options{Data: database})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	c := newCLI(t, "bootstrap", listener.URL+"/v1", server.AdminKey())
	c.run(t, "get")
	seen := c.run(t, "plan")
	seen += c.run(t, "apply", "-auto-approve")
	again := c.run(t, "plan", "-detailed-exitcode") // fails unless there is nothing to do
	seen += again + c.run(t, "show") + c.run(t, "plan", "-var", "dev_hard_limit_usd=75")

	secrets := []string{server.AdminKey()}
	var keys map[string]map[string]string
	if err := json.Unmarshal([]byte(c.run(t, "output", "-json", "keys")), &keys); err != nil {
		t.Fatal(err)
	}
	for _, services := range keys {
		for _, secret := range services {
			secrets = append(secrets, secret)
		}
	}
	if len(secrets) != 5 {
		t.Fatalf("%d secrets", len(secrets))
	}
	seen += c.run(t, "destroy", "-auto-approve")

	if !strings.Contains(again, "No changes.") {
		t.Errorf("the second plan is not empty:\n%s", again)
	}
	trace, err := os.ReadFile(c.log)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(trace), "provider.terraform-provider-openai") {
		t.Error("the provider has logged nothing")
	}
	journal, err := server.Journal(0)
	if err != nil {
		t.Fatal(err)
	}
	requests, err := json.Marshal(journal)
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]string{"the output": seen, "the log": string(trace), "the journal": string(requests)}
	files, err := filepath.Glob(database + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		places[filepath.Base(name)] = string(content)
	}
	for place, text := range places {
		for _, secret := range secrets {
			if secret == "" || strings.Contains(text, secret) {
				t.Errorf("a secret is in %s", place)
			}
		}
	}
}
