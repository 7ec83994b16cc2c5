// Package acctest runs acceptance tests: Terraform, which it plays in this
// process unless OPENAI_TEST_TERRAFORM is set, the provider, and an emulator of
// the API, one for each test, in memory.
package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// Factories serve the provider to Terraform from within the test.
var Factories = map[string]func() (tfprotov6.ProviderServer, error){
	"openai": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test", noWait{}), nil },
}

// Backend is an emulator with a base URL and an admin key.
type Backend struct {
	Emulator *emulator.Server
	// URL is the base URL, up to and including /v1.
	URL      string
	AdminKey string
	// APIKey is a key of a project, empty until UseAPIKey or Populate creates it.
	APIKey string

	secrets *secrets
	// skipped is how far the emulator's clock is ahead.
	skipped *atomic.Int64

	// mark is the last journal entry before those that Count counts.
	mark int64
}

// Start starts an emulator that is closed when the test ends.
func Start(t *testing.T, options ...func(*emulator.Options)) *Backend {
	t.Helper()
	var chosen emulator.Options
	for _, option := range options {
		option(&chosen)
	}
	// Objects that tests delete outside Terraform are not young then.
	var skipped atomic.Int64
	if chosen.Now == nil {
		chosen.Now = func() time.Time { return time.Now().Add(time.Duration(skipped.Load())) }
	}
	server, err := emulator.New(chosen)
	if err != nil {
		t.Fatal(err)
	}
	logFolder()
	given := &secrets{}
	given.add(server.AdminKey())
	listener := httptest.NewServer(Tap(server, func(_ *http.Request, body []byte) {
		for _, found := range secretsGiven.FindAllSubmatch(body, -1) {
			given.add(string(found[1]))
		}
	}))
	t.Cleanup(func() {
		listener.Close()
		given.check(t)
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Backend{Emulator: server, URL: listener.URL + "/v1", AdminKey: server.AdminKey(), secrets: given, skipped: &skipped}
}

// Shows declares that the test itself shows secrets, such as with a provider that
// puts all its arguments into its state.
func (b *Backend) Shows() { b.secrets.shown = true }

// Config puts the provider block for this backend before a configuration.
func (b *Backend) Config(hcl string) string {
	apiKey := ""
	if b.APIKey != "" {
		apiKey = fmt.Sprintf("  api_key       = %q\n", b.APIKey)
	}
	return fmt.Sprintf("provider \"openai\" {\n  base_url      = %q\n  admin_api_key = %q\n%s}\n%s", b.URL, b.AdminKey, apiKey, hcl)
}

// UseAPIKey makes a key of a project that configurations have from now on, for
// what an admin key cannot manage.
func (b *Backend) UseAPIKey(t *testing.T, projectID string) {
	t.Helper()
	var account struct {
		APIKey struct{ Value string } `json:"api_key"`
	}
	b.Do(t, "POST", "/organization/projects/"+projectID+"/service_accounts", map[string]string{"name": "webhooks"}, &account)
	b.APIKey = account.APIKey.Value
}

// Test runs the steps in parallel with other tests, on the provider's protocol
// in this process.
func Test(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	Run(t, resource.TestCase{ProtoV6ProviderFactories: Factories, Steps: steps})
}

// TestAt is Test for a provider with this clock.
func TestAt(t *testing.T, clock *Clock, steps ...resource.TestStep) {
	t.Helper()
	t.Parallel()
	Run(t, resource.TestCase{ProtoV6ProviderFactories: factoriesAt(clock), Steps: steps})
}

// Run runs a test case in this process, or through the real Terraform when
// OPENAI_TEST_TERRAFORM is set.
func Run(t *testing.T, c resource.TestCase) {
	t.Helper()
	run(t, c, func(*workspace) {})
}

// RunToTheEnd is Run for a configuration whose plan to destroy everything warns
// of nothing: objects that go together need no warning of each other.
func RunToTheEnd(t *testing.T, c resource.TestCase) {
	t.Helper()
	run(t, c, func(w *workspace) {
		t.Helper()
		_, diags := w.operate(planRequest{destroy: true}, false)
		for _, d := range diags {
			t.Errorf("the plan to destroy everything warns at %s: %s\n%s", d.address, d.summary, d.detail)
		}
	})
}

// run is Run with a check before everything is destroyed, which is made in this
// process.
func run(t *testing.T, c resource.TestCase, atEnd func(w *workspace)) {
	t.Helper()
	if realTerraform() {
		resource.Test(t, c)
		return
	}
	runCase(t, c, atEnd)
}

// Terraform is Test for behavior that only the real Terraform has.
func Terraform(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: Factories, Steps: steps})
}

// TerraformAt is Terraform for a provider with this clock.
func TerraformAt(t *testing.T, clock *Clock, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: factoriesAt(clock), Steps: steps})
}

func factoriesAt(clock *Clock) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"openai": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test", clock), nil },
	}
}

// StartAt is Start for an emulator with this clock.
func StartAt(t *testing.T, clock *Clock) *Backend {
	t.Helper()
	return Start(t, func(o *emulator.Options) { o.Now = clock.Now })
}

// Works says whether a key opens the API now.
func (b *Backend) Works(t *testing.T, secret string) bool {
	t.Helper()
	status, _ := b.Try(t, "POST", "/_emulator/api_keys/use", map[string]string{"secret": secret})
	return status == http.StatusOK
}

// Do sends a request as a client outside Terraform would, with a body unless
// it is nil, and decodes the answer into result unless that is nil. The path
// begins after /v1.
func (b *Backend) Do(t *testing.T, method, path string, body, result any) {
	t.Helper()
	status, content := b.Try(t, method, path, body)
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, status, content)
	}
	if result != nil {
		if err := json.Unmarshal(content, result); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
}

// Try is Do for requests that may be refused.
func (b *Backend) Try(t *testing.T, method, path string, body any) (status int, content []byte) {
	t.Helper()
	url := b.URL + path
	if strings.HasPrefix(path, "/_emulator/") {
		url = strings.TrimSuffix(b.URL, "/v1") + path
	}
	var payload io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		payload = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, payload)
	if err != nil {
		t.Fatal(err)
	}
	key := b.AdminKey
	if strings.HasPrefix(path, "/webhook_") {
		key = b.APIKey
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	if method == http.MethodDelete {
		b.skipped.Add(int64(transport.YoungAge + time.Minute))
	}
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err = io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, content
}

// Mark begins a new count of requests.
func (b *Backend) Mark(t *testing.T) {
	t.Helper()
	for _, entry := range b.journal(t, b.mark) {
		b.mark = entry.Seq
	}
}

// Count returns how many requests were made to a route such as
// "/v1/organization/projects/{project_id}" since the mark.
func (b *Backend) Count(t *testing.T, method, route string) int {
	t.Helper()
	count := 0
	for _, entry := range b.journal(t, b.mark) {
		if entry.Method == method && entry.Route == route {
			count++
		}
	}
	return count
}

// CountAll returns how many requests were made since the mark.
func (b *Backend) CountAll(t *testing.T) int {
	t.Helper()
	return len(b.journal(t, b.mark))
}

// Requests lists the requests since the mark, for messages of tests.
func (b *Backend) Requests(t *testing.T) (requests []string) {
	t.Helper()
	for _, entry := range b.journal(t, b.mark) {
		requests = append(requests, entry.Method+" "+entry.Path+"?"+entry.Query)
	}
	return requests
}

func (b *Backend) journal(t *testing.T, since int64) []store.JournalEntry {
	t.Helper()
	entries, err := b.Emulator.Journal(since)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// Project makes a project outside Terraform and returns its id.
func (b *Backend) Project(t *testing.T, name string) string {
	t.Helper()
	var project struct{ ID string }
	b.Do(t, "POST", "/organization/projects", map[string]string{"name": name}, &project)
	return project.ID
}

// Expect asserts the number of requests to a route since the mark.
func (b *Backend) Expect(t *testing.T, count int, method, route string) {
	t.Helper()
	if got := b.Count(t, method, route); got != count {
		t.Errorf("%d requests to %s %s, expected %d", got, method, route, count)
	}
}

// ExpectWrites asserts the number of requests since the mark that were no
// reads.
func (b *Backend) ExpectWrites(t *testing.T, count int) {
	t.Helper()
	var writes []string
	for _, entry := range b.journal(t, b.mark) {
		if entry.Method != http.MethodGet {
			writes = append(writes, entry.Method+" "+entry.Path)
		}
	}
	if len(writes) != count {
		t.Errorf("%d writes, expected %d: %s", len(writes), count, strings.Join(writes, ", "))
	}
}

// Spend records that a project has just spent this many dollars.
func (b *Backend) Spend(t *testing.T, projectID, usd string) {
	t.Helper()
	event := struct {
		Kind      string `json:"kind"`
		At        string `json:"at"`
		ProjectID string `json:"project_id"`
		CostUSD   string `json:"cost_usd"`
	}{"costs", time.Now().UTC().Format(time.RFC3339), projectID, usd}
	b.Do(t, "POST", "/_emulator/usage", struct {
		Events []any `json:"events"`
	}{[]any{event}}, nil)
}
