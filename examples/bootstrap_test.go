package examples_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// Two environments are created, planned and destroyed, with all logs. No secret
// may be in the output, nor in the database.
func TestAccBootstrapKeepsItsSecrets(t *testing.T) {
	mirror := acctest.NewMirror(t)
	t.Parallel()
	database := filepath.Join(t.TempDir(), "organization.db")
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
	c := mirror.CLI(t, listener.URL+"/v1", server.AdminKey())
	c.Begin(t, "bootstrap")
	c.Trace()
	seen := c.Run(t, "plan")
	seen += c.Run(t, "apply", "-auto-approve")
	again := c.Run(t, "plan", "-detailed-exitcode") // fails unless there is nothing to do
	seen += again + c.Run(t, "show") + c.Run(t, "plan", "-var", "dev_hard_limit_usd=75")

	secrets := []string{server.AdminKey()}
	var keys map[string]map[string]string
	if err := json.Unmarshal([]byte(c.Run(t, "output", "-json", "keys")), &keys); err != nil {
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
	seen += c.Run(t, "destroy", "-auto-approve")

	if !strings.Contains(again, "No changes.") {
		t.Errorf("the second plan is not empty:\n%s", again)
	}
	trace, err := os.ReadFile(c.Log)
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
	for run, text := range places {
		for _, secret := range secrets {
			if secret == "" || strings.Contains(text, secret) {
				t.Errorf("a secret is in %s", run)
			}
		}
	}
}
