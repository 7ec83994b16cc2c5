package examples_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// Sealed and ephemeral keys are made, used, rotated and revoked by a real
// Terraform that logs everything; their secrets are in nothing that it writes,
// nor in the database of the emulator, and open nothing afterwards.
func TestAccSecretsAreNowhere(t *testing.T) {
	mirror := acctest.NewMirror(t)
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(t.TempDir(), "organization.db")
	server, err := emulator.New(emulator.Options{Data: database})
	if err != nil {
		t.Fatal(err)
	}
	var given []string
	listener := httptest.NewServer(acctest.Tap(server, func(_ *http.Request, body []byte) {
		var made struct{ Value string }
		if json.Unmarshal(body, &made) == nil && made.Value != "" {
			given = append(given, made.Value)
		}
	}))
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	c := mirror.CLI(t, listener.URL+"/v1", server.AdminKey())
	c.Begin(t, filepath.Join("testdata", "secrets"))
	used := filepath.Join(t.TempDir(), "used")
	c.Setenv("TF_VAR_identity="+identity.String(), "TF_VAR_recipient="+identity.Recipient().String(), "TF_VAR_used="+used)
	c.Trace()

	seen := c.Run(t, "plan", "-out", "first.tfplan") + c.Run(t, "show", "-json", "first.tfplan") + c.Run(t, "apply", "first.tfplan")
	seen += c.Run(t, "show") + c.Run(t, "show", "-json") + c.Run(t, "plan", "-detailed-exitcode")
	seen += c.Run(t, "plan", "-out", "second.tfplan", "-var", "trigger=2") + c.Run(t, "show", "second.tfplan") + c.Run(t, "apply", "second.tfplan")
	// Every file: states, plans, logs, locks.
	files := written(t, c)
	destroyed := c.Run(t, "destroy", "-auto-approve", "-var", "trigger=2")
	seen += destroyed
	if strings.Contains(destroyed, "Warning: API keys will be revoked") {
		t.Errorf("the keys of the configuration are mistaken for unmanaged keys:\n%s", destroyed)
	}

	lengths, err := os.ReadFile(used)
	if err != nil || strings.Count(string(lengths), "63 63\n") != 2 {
		t.Errorf("the program that uses the keys was given secrets of these lengths: %s %v", lengths, err)
	}
	// Two keys of the resource, one admin key, and an ephemeral key for each run.
	if len(given) < 6 {
		t.Fatalf("%d secrets were given out", len(given))
	}
	content := map[string][]byte{"output": []byte(seen)}
	for _, more := range []map[string][]byte{files, written(t, c), filesBelow(t, filepath.Dir(database))} {
		for name, data := range more {
			content[name] = append(content[name], data...)
		}
	}
	if !strings.Contains(string(content["trace.log"]), "[TRACE]") {
		t.Error("there is no log that says everything")
	}
	for name, data := range content {
		for _, secret := range append(given, identity.String(), server.AdminKey()) {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds the secret %s…", name, secret[:12])
			}
		}
	}
	for _, secret := range given {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_emulator/api_keys/use", strings.NewReader(`{"secret":"`+secret+`"}`))
		request.Header.Set("Authorization", "Bearer "+server.AdminKey())
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, request)
		if answer.Code != http.StatusUnauthorized {
			t.Errorf("after destroy a key is answered %d", answer.Code)
		}
	}
}

// written reads all that Terraform has written, by name.
func written(t *testing.T, c *acctest.CLI) map[string][]byte {
	t.Helper()
	all := filesBelow(t, c.Dir)
	log, err := os.ReadFile(c.Log)
	if err != nil {
		t.Fatal(err)
	}
	all["trace.log"] = log
	return all
}

func filesBelow(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Name() == ".terraform" {
			return fs.SkipDir // the provider's own program
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name := filepath.Base(path)
		if strings.HasSuffix(name, ".tfplan") {
			all[name], err = unpacked(path)
		} else {
			all[name], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// unpacked is what a plan file holds.
func unpacked(path string) (content []byte, err error) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	for _, file := range archive.File {
		part, err := fs.ReadFile(archive, file.Name)
		if err != nil {
			return nil, err
		}
		content = append(content, part...)
	}
	return content, nil
}
