package adminapi

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// An answer that does not come from the API fails a read at once, with a message
// of its own, and never counts as the absence of the object.
func TestAnswersOfOtherServers(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><head><title>Sign in\n to Example</title></head></html>"
	for name, test := range map[string]struct {
		answer  http.HandlerFunc
		message string
	}{
		"a login page": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			answer(w, 200, page)
		}, `returned a web page ("Sign in to Example") instead of JSON`},
		"a page of a missing path": {func(w http.ResponseWriter, _ *http.Request) { answer(w, 404, page) }, `404 Not Found: 127.0.0.1`},
		"a refusal of a proxy":     {func(w http.ResponseWriter, _ *http.Request) { answer(w, 403, "\n <p>no</p>") }, "returned a web page instead of JSON"},
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.com/login?token=secret", http.StatusFound)
		}, "the server returned a redirect (302) to https://example.com/login, which is never followed: check the base URL (base_url, OPENAI_ADMIN_BASE_URL or OPENAI_BASE_URL)"},
	} {
		t.Run(name, func(t *testing.T) {
			client, _, requests := serve(t, test.answer)
			_, err := client.Projects.Get(t.Context(), "proj_1")
			if err == nil || !strings.Contains(err.Error(), test.message) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
			if IsNotFound(err) || IsMissingPermission(err) {
				t.Errorf("%v counts as an answer of the API", err)
			}
			if *requests != 1 {
				t.Errorf("%d requests", *requests)
			}
		})
	}
}

// A base URL without /v1 is no reason to count every object as deleted.
func TestBaseURLWithoutVersion(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer(w, 404, `{"error":{"message":"Invalid URL (GET `+r.URL.Path+`)","type":"invalid_request_error","param":null,"code":null}}`)
	}))
	t.Cleanup(server.Close)
	client, err := New(Config{AdminAPIKey: transport.NewSecret(testKey), BaseURL: server.URL + "/api", Clock: newJumpClock()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = client.Projects.Get(t.Context(), "proj_1"); err == nil || IsNotFound(err) || !strings.Contains(err.Error(), "has no path /api/organization/projects/proj_1: check the base URL") {
		t.Errorf("got %v", err)
	}
}

// Without a connection to the server of the base URL, the first request fails
// without a wait, and says why.
func TestUnreachableServers(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	encrypted := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(encrypted.Close)
	for name, test := range map[string]struct {
		base    string
		network http.RoundTripper
		message string
	}{
		"nothing listens":     {"http://" + free + "/v1", nil, "no response: nothing listens on " + free + " of this machine (connection refused): start openai-admin emulate, or check the base URL"},
		"no such host":        {"https://api.example.invalid/v1", failing{&net.DNSError{Err: "no such host", Name: "api.example.invalid", IsNotFound: true}}, "no response: there is no host named api.example.invalid"},
		"no TLS":              {strings.Replace(plain.URL, "http:", "https:", 1) + "/v1", nil, "does not answer with TLS"},
		"unknown certificate": {encrypted.URL + "/v1", nil, "is not trusted (x509: certificate signed by unknown authority)"},
	} {
		t.Run(name, func(t *testing.T) {
			clock := newJumpClock()
			client, err := New(Config{AdminAPIKey: transport.NewSecret(testKey), BaseURL: test.base, Clock: clock, Transport: test.network})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = client.Projects.Get(t.Context(), "proj_1"); err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("got %v", err)
			}
			if clock.waited != 0 {
				t.Errorf("it waited %s", clock.waited)
			}
		})
	}
}

// failing is a network on which every request fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }
