// Package faults_test tests the provider with an API that fails or answers
// incorrectly.
package faults_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// world is an organization behind a laboratory of faults, with the objects that
// the cases need.
type world struct {
	lab    *faultinjection.Lab
	server *emulator.Server
	direct *httptest.Server
	faulty *httptest.Server
	clock  *acctest.Clock
	// journal has every request that reached the server through the laboratory.
	journal *journal

	project, account string
	// checkpoint is the name of a fine-tuned model, and other a second project,
	// which may use it as well.
	checkpoint, other string
	// third is one more project, of tests that need it.
	third string
	// Groups of cases. Each has few of them, because the soak has all of them in
	// one world.
	people, crew, team, guild string
	// owner and member are the people of the organization.
	owner, member string
	// authority is a certificate, certificates are ids of two uploaded ones.
	authority        string
	certificates     []string
	identityProvider string
	// apiKey is a key of a project, for what an admin key cannot manage.
	apiKey string
	// secrets are all that the organization has given out.
	secrets []string
	// said is the text of all diagnostics that were not acted on yet.
	said string
	// lostSecret says that a diagnostic has reported a key whose secret is lost.
	lostSecret bool
}

func newWorld(t testing.TB) *world { return newWorldOf(t) }

// newWorldOf is newWorld with more people, who have the ids user-X when their
// addresses begin with X-.
func newWorldOf(t testing.TB, people ...string) *world {
	t.Helper()
	w := &world{clock: acctest.NewClock()}
	organization := seed.Default()
	organization.Usage = nil
	organization.Organization.DataRetention = "enhanced_zero_data_retention"
	organization.Owner.ID, organization.Members[0].ID = "user-owner", "user-member"
	for _, email := range people {
		id, _, _ := strings.Cut(email, "-")
		organization.Members = append(organization.Members, seed.Member{ID: "user-" + id, Email: email, Name: email, Role: "reader"})
	}
	w.people, w.crew, w.team, w.guild = "group_people", "group_crew", "group_team", "group_guild"
	for _, id := range []string{w.people, w.crew, w.team, w.guild} {
		organization.Groups = append(organization.Groups, seed.Group{ID: id, Name: "world"})
	}
	organization.Projects = []seed.Project{
		{ID: "proj_world", Name: "world", ServiceAccounts: []seed.ServiceAccount{{ID: "svc_acct_world", Name: "world", Role: "member"}}},
		// Of its own, so that archiving the other one does not revoke the API key.
		{ID: "proj_hooks", Name: "hooks", ServiceAccounts: []seed.ServiceAccount{{ID: "svc_acct_hooks", Name: "hooks", Role: "owner"}}},
	}
	var err error
	if w.server, err = emulator.New(emulator.Options{Seed: organization, Now: w.clock.Now}); err != nil {
		t.Fatal(err)
	}
	// Secrets in the answers are remembered, also of those that never arrive.
	w.journal = &journal{next: w.server, clock: w.clock}
	w.lab = faultinjection.NewAt(acctest.Tap(w.journal, func(_ *http.Request, body []byte) {
		var made struct {
			Value         string
			SigningSecret string `json:"signing_secret"`
		}
		if json.Unmarshal(body, &made) == nil {
			for _, secret := range []string{made.Value, made.SigningSecret} {
				if secret != "" {
					w.secrets = append(w.secrets, secret)
				}
			}
		}
	}), faultinjection.Plan{}, w.clock)
	w.direct, w.faulty = httptest.NewServer(w.server), httptest.NewServer(w.journal.before(w.lab))
	w.faulty.Config.ErrorLog = nil
	t.Cleanup(func() {
		w.faulty.Close()
		w.direct.Close()
		if err := w.server.Close(); err != nil {
			t.Error(err)
		}
	})
	w.project, w.account = "proj_world", "svc_acct_world"
	w.checkpoint = "ft:gpt-4o-mini:world::abc:ckpt-step-88"
	w.other = words(w.list(t, "/projects?limit=100"), is("name", "Default project"), "id")[0]
	w.owner, w.member = "user-owner", "user-member"
	w.apiKey = newAPIKey(t, w.direct.URL, w.server.AdminKey(), "proj_hooks", "svc_acct_hooks")
	w.secrets = []string{w.server.AdminKey(), w.apiKey}
	w.authority = acctest.Certificate(t, "authority", acctest.NextYear())
	for range 2 {
		w.certificates = append(w.certificates, w.make(t, "/certificates", map[string]any{"certificate": w.authority, "name": "world"}))
	}
	provider := identityProvider("world", true)
	provider["type"] = "oidc"
	w.identityProvider = w.make(t, "/workload_identity_providers", provider)
	return w
}

// make creates an object past all faults, and returns its id.
func (w *world) make(t testing.TB, path string, body map[string]any) string {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.direct.URL+"/v1/organization"+path, bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ ID string }
	if status := w.do(t, req, &made); status != http.StatusOK {
		t.Fatalf("%s answers %d", path, status)
	}
	return made.ID
}

// driver is a new Terraform command.
func (w *world) driver(t testing.TB) *acctest.Driver {
	return w.driverAt(t, w.faulty.URL+"/v1", w.clock)
}

// driverAt is a new Terraform command for the API at this URL, with more
// settings of the provider.
func (w *world) driverAt(t testing.TB, url string, clock transport.Clock, more ...map[string]any) *acctest.Driver {
	t.Helper()
	return acctest.NewDriver(t, url, w.server.AdminKey(), clock, append([]map[string]any{{"api_key": w.apiKey}}, more...)...)
}

// keyFor is the key of the organization that opens a path below /v1.
func (w *world) keyFor(path string) string {
	if strings.HasPrefix(path, "/webhook_") {
		return w.apiKey
	}
	return w.server.AdminKey()
}

// newAPIKey creates a key of a service account past all faults.
func newAPIKey(t testing.TB, url, adminKey, project, account string) string {
	t.Helper()
	path := url + "/v1/organization/projects/" + project + "/service_accounts/" + account + "/api_keys"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(`{"name":"world"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+adminKey)
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var made struct{ Value string }
	if err := json.NewDecoder(response.Body).Decode(&made); err != nil || made.Value == "" {
		t.Fatalf("the key was not created: %d %v", response.StatusCode, err)
	}
	return made.Value
}

// list reads a list of the organization past all faults.
func (w *world) list(t testing.TB, path string) []map[string]any {
	t.Helper()
	return w.listBelow(t, "/organization", path)
}

// listBelow is list for lists that are not below /organization.
func (w *world) listBelow(t testing.TB, root, path string) []map[string]any {
	t.Helper()
	var page struct{ Data, Tunnels []map[string]any }
	w.getBelow(t, root, path, &page)
	return append(page.Data, page.Tunnels...)
}

func (w *world) get(t testing.TB, path string, into any) (status int) {
	t.Helper()
	return w.getBelow(t, "/organization", path, into)
}

func (w *world) getBelow(t testing.TB, root, path string, into any) (status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.direct.URL+"/v1"+root+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.do(t, req, into)
}

func (w *world) do(t testing.TB, req *http.Request, into any) (status int) {
	t.Helper()
	req.Header.Set("Authorization", "Bearer "+w.keyFor(strings.TrimPrefix(req.URL.Path, "/v1")))
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode == http.StatusOK {
		if err := json.Unmarshal(content, into); err != nil {
			t.Fatal(err)
		}
	}
	return response.StatusCode
}

// leaks says whether a text holds a secret of the organization.
func (w *world) leaks(text string) bool {
	for _, secret := range w.secrets {
		if strings.Contains(text, secret) {
			return true
		}
	}
	return false
}

// complaints checks the errors of an operation: each names the object and
// holds no secret.
func (w *world) complaints(diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		text := d.Summary + "\n" + d.Detail
		w.said += text + "\n"
		w.lostSecret = w.lostSecret || strings.Contains(text, "response") && strings.Contains(text, "was lost")
		if w.leaks(text) {
			return fmt.Errorf("a diagnostic holds a secret: %s", d.Summary)
		}
		if d.Severity == tfprotov6.DiagnosticSeverityError && (d.Summary == "" || len(d.Detail) < 20) {
			return fmt.Errorf("a diagnostic says little: %s", text)
		}
	}
	return nil
}

func hasError(diags []*tfprotov6.Diagnostic) bool {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}
