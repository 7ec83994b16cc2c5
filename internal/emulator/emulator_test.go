package emulator_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// organization is an emulator as a client sees it, over plain HTTP.
type organization struct {
	*emulator.Server
	url string
	key string
}

func start(t *testing.T, options emulator.Options) *organization {
	t.Helper()
	server, err := emulator.New(options)
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
	return &organization{server, listener.URL, server.AdminKey()}
}

// as is the same organization for the holder of another key.
func (o *organization) as(key string) *organization {
	return &organization{o.Server, o.url, key}
}

// answer is the answer to a request.
type answer struct {
	status int
	header http.Header
	body   string
}

// object is an answer in which tests look around freely.
type object map[string]any

func (o *organization) send(t *testing.T, method, path, body string) answer {
	t.Helper()
	return o.sendAs(t, method, path, body, nil)
}

// sendAs is send with more headers.
func (o *organization) sendAs(t *testing.T, method, path, body string, header http.Header) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, o.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if o.key != "" {
		req.Header.Set("Authorization", "Bearer "+o.key)
	}
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(content)}
}

// do sends a request that must succeed.
func (o *organization) do(t *testing.T, method, path, body string) object {
	t.Helper()
	got := o.send(t, method, "/v1"+path, body)
	if got.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, got.status, got.body)
	}
	return got.object(t)
}

func (o *organization) control(t *testing.T, method, path, body string) object {
	t.Helper()
	got := o.send(t, method, "/_emulator"+path, body)
	if got.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, got.status, got.body)
	}
	return got.object(t)
}

// refused sends a request that must fail with this status, and returns the
// error.
func (o *organization) refused(t *testing.T, status int, method, path, body string) object {
	t.Helper()
	return o.refusedAt(t, status, method, "/v1"+path, body)
}

// refusedAt is refused for a path from the root.
func (o *organization) refusedAt(t *testing.T, status int, method, path, body string) object {
	t.Helper()
	got := o.send(t, method, path, body)
	if got.status != status {
		t.Fatalf("%s %s: %d %s, expected %d", method, path, got.status, got.body, status)
	}
	failure, ok := got.object(t)["error"].(map[string]any)
	if !ok {
		t.Fatalf("%s %s: no error envelope: %s", method, path, got.body)
	}
	return failure
}

func (a answer) object(t *testing.T) object {
	t.Helper()
	if kind := a.header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("the answer is %s", kind)
	}
	var o object
	decoder := json.NewDecoder(bytes.NewBufferString(a.body))
	decoder.UseNumber()
	if err := decoder.Decode(&o); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return o
}

// text reads a field as text, numbers included.
func (o object) text(name string) string {
	switch value := o[name].(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case nil:
		return ""
	case bool:
		return map[bool]string{true: "true", false: "false"}[value]
	default:
		return "?"
	}
}

func (o object) object(name string) object {
	inner, _ := o[name].(map[string]any)
	return inner
}

func (o object) list(name string) []object {
	items, _ := o[name].([]any)
	list := make([]object, len(items))
	for i, item := range items {
		list[i], _ = item.(map[string]any)
	}
	return list
}

// inside does something as a handler of the emulator.
func (o *organization) inside(t *testing.T, do func(*api.Request)) {
	t.Helper()
	route := "/test/" + rand.Text()
	o.Control("POST "+route, func(r *api.Request) (any, error) {
		do(r)
		return struct{}{}, nil
	})
	o.control(t, "POST", route, "")
}

// project makes a project.
func (o *organization) project(t *testing.T, name string) string {
	t.Helper()
	return o.do(t, "POST", "/organization/projects", `{"name":"`+name+`"}`).text("id")
}

// newAccount makes a service account without a key.
func (o *organization) newAccount(t *testing.T, project, name string) string {
	t.Helper()
	return o.do(t, "POST", "/organization/projects/"+project+"/service_accounts", `{"name":"`+name+`","create_service_account_only":true}`).text("id")
}

// newMember adds a person to the organization.
func (o *organization) newMember(t *testing.T, email, role string) string {
	t.Helper()
	invite := o.do(t, "POST", "/organization/invites", `{"email":"`+email+`","role":"`+role+`"}`).text("id")
	return o.control(t, "POST", "/invites/"+invite+"/accept", "").text("id")
}

// clock can be moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = to
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %q, expected %q", what, got, want)
	}
}

func contains(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%q is not in %q", part, text)
	}
}

func body(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// events lists the kinds of the newest entries of the audit log, oldest first.
func (o *organization) events(t *testing.T, prefix string) (kinds []string) {
	t.Helper()
	log := o.do(t, "GET", "/organization/audit_logs?limit=100", "").list("data")
	for i := len(log) - 1; i >= 0; i-- {
		if kind := log[i].text("type"); len(kind) >= len(prefix) && kind[:len(prefix)] == prefix {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
