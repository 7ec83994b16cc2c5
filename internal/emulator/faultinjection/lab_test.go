package faultinjection_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// backend counts its requests and answers with an object.
type backend struct{ acted atomic.Int64 }

func (b *backend) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	b.acted.Add(1)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"id":"obj_1","created_at":5,"tags":["a"],"note":"a longer text, so that it can be cut in half"}`)
}

type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

func start(t *testing.T, rules ...faultinjection.Rule) (*backend, *faultinjection.Lab, func(method, path string) answer) {
	t.Helper()
	b := &backend{}
	lab := faultinjection.New(b, faultinjection.Plan{Rules: rules})
	server := httptest.NewServer(lab)
	t.Cleanup(server.Close)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return b, lab, func(method, path string) answer {
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(req)
		if err != nil {
			return answer{err: err}
		}
		defer func() { _ = response.Body.Close() }()
		content, err := io.ReadAll(io.LimitReader(response.Body, 100<<20))
		return answer{response.StatusCode, response.Header, string(content), err}
	}
}

func TestEveryKind(t *testing.T) {
	isObject := func(a answer) bool {
		var object map[string]any
		return a.err == nil && json.Unmarshal([]byte(a.body), &object) == nil
	}
	for kind, test := range map[faultinjection.Kind]struct {
		rule  faultinjection.Rule
		acts  bool
		check func(answer) bool
	}{
		faultinjection.Latency: {faultinjection.Rule{Delay: time.Millisecond}, true, func(a answer) bool { return a.status == 200 && isObject(a) }},
		faultinjection.Status: {faultinjection.Rule{Status: 429, RetryAfter: "7", RetryAfterMs: "70"}, false, func(a answer) bool {
			return a.status == 429 && a.header.Get("Retry-After") == "7" && a.header.Get("Retry-After-Ms") == "70"
		}},
		faultinjection.StatusAfter: {faultinjection.Rule{Status: 502}, true, func(a answer) bool { return a.status == 502 && strings.Contains(a.body, `"error"`) }},
		faultinjection.ResetBefore: {faultinjection.Rule{}, false, func(a answer) bool { return a.err != nil }},
		faultinjection.ResetAfter:  {faultinjection.Rule{}, true, func(a answer) bool { return a.err != nil }},
		faultinjection.SlowBody:    {faultinjection.Rule{Delay: time.Millisecond}, true, func(a answer) bool { return a.status == 200 && isObject(a) }},
		faultinjection.TruncatedJSON: {faultinjection.Rule{}, true, func(a answer) bool {
			return a.err != nil && strings.HasPrefix(a.body, `{"id"`) && !strings.HasSuffix(a.body, "}")
		}},
		faultinjection.HTML: {faultinjection.Rule{}, true, func(a answer) bool { return a.status == 200 && a.header.Get("Content-Type") == "text/html" }},
		faultinjection.WrongTypes: {faultinjection.Rule{}, true, func(a answer) bool {
			return strings.Contains(a.body, `"id":17`) && strings.Contains(a.body, `"created_at":"a text"`)
		}},
		faultinjection.MissingFields: {faultinjection.Rule{}, true, func(a answer) bool { return a.body == "{}" }},
		faultinjection.NullFields:    {faultinjection.Rule{}, true, func(a answer) bool { return strings.Contains(a.body, `"id":null`) && isObject(a) }},
		faultinjection.EnormousBody:  {faultinjection.Rule{}, true, func(a answer) bool { return len(a.body) >= 100<<20 }},
		faultinjection.NullBody:      {faultinjection.Rule{}, true, func(a answer) bool { return a.body == "null" }},
		faultinjection.Redirect: {faultinjection.Rule{Location: "http://other.invalid/"}, false, func(a answer) bool {
			return a.status == 307 && a.header.Get("Location") == "http://other.invalid/"
		}},
		faultinjection.LateVisibility: {faultinjection.Rule{Count: 1}, true, isObject},
		faultinjection.ListLag:        {faultinjection.Rule{Count: 1}, true, isObject},
		faultinjection.GatewayTimeout: {faultinjection.Rule{Delay: time.Hour}, false, func(a answer) bool { return a.status == 504 }},
	} {
		t.Run(string(kind), func(t *testing.T) {
			test.rule.Fault = kind
			b, lab, send := start(t, test.rule)
			got := send("POST", "/v1/things")
			if !test.check(got) {
				t.Errorf("%d %v %v %.80s", got.status, got.header, got.err, got.body)
			}
			if (b.acted.Load() == 1) != test.acts || lab.Struck() != 1 {
				t.Errorf("the server acted %d times at %d faults", b.acted.Load(), lab.Struck())
			}
		})
	}
}

func TestRulesChooseRequests(t *testing.T) {
	_, _, send := start(t,
		faultinjection.Rule{Method: "POST", Path: "/v1/things/*", Skip: 1, Times: 2, Fault: faultinjection.Status, Status: 500},
		faultinjection.Rule{Path: "/v1/other/**", Fault: faultinjection.Status, Status: 503},
	)
	for i, want := range []int{200, 500, 500, 200} {
		if got := send("POST", "/v1/things/1").status; got != want {
			t.Errorf("request %d: %d", i, got)
		}
	}
	for path, want := range map[string]int{"/v1/things": 200, "/v1/things/1/2": 200, "/v1/other/1/2/3": 503, "/v1": 200, "/_emulator/other": 200} {
		if got := send("GET", path).status; got != want {
			t.Errorf("%s: %d", path, got)
		}
	}
}

func TestRandomFaultsRepeat(t *testing.T) {
	strikes := func(seed uint64) (pattern string) {
		lab := faultinjection.New(&backend{}, faultinjection.Plan{Seed: seed, Rules: []faultinjection.Rule{{Probability: 0.3, Fault: faultinjection.Status, Status: 500}}})
		for range 200 {
			w := httptest.NewRecorder()
			lab.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), "GET", "/v1/x", nil))
			pattern += fmt.Sprint(w.Code / 100)
		}
		return pattern
	}
	first, again, other := strikes(1), strikes(1), strikes(2)
	if first != again || first == other {
		t.Error("the seed does not decide")
	}
	if n := strings.Count(first, "5"); n < 30 || n > 90 {
		t.Errorf("%d faults in 200 requests at 0.3", n)
	}
}

func TestNewObjectsBecomeVisible(t *testing.T) {
	_, _, send := start(t, faultinjection.Rule{Method: "POST", Fault: faultinjection.LateVisibility, Count: 2})
	send("POST", "/v1/things")
	for i, want := range []int{404, 404, 200} {
		if got := send("GET", "/v1/things/obj_1").status; got != want {
			t.Errorf("read %d: %d", i, got)
		}
	}
}

func TestParse(t *testing.T) {
	plan, err := faultinjection.Parse(strings.NewReader("seed: 7\nfaults:\n  - path: /v1/**\n    fault: latency\n    delay: 200ms\n    probability: 0.5\n"))
	if err != nil || plan.Seed != 7 || plan.Rules[0].Delay != 200*time.Millisecond {
		t.Errorf("%+v, %v", plan, err)
	}
	for _, text := range []string{
		"faults:\n  - fault: fire\n", "faults:\n  - fault: status\n", "faults:\n  - fault: status\n    status: 200\n", "faults:\n  - fault: latency\n",
		"faults:\n  - fault: list_lag\n", "faults:\n  - fault: gateway_timeout\n", "faults:\n  - fault: gateway_timeout\n    status: 400\n    delay: 1s\n",
		"faults:\n  - fault: list_lag\n    for: -1s\n", "faults:\n  - fault: html\n    probability: 2\n", "faults:\n  - fault: html\n    probability: .nan\n",
		"faults:\n  - fault: html\n    times: -1\n", "fault: html\n",
	} {
		if _, err := faultinjection.Parse(strings.NewReader(text)); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
}
