package faultinjection_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// things is a small API: a list of things, with ids or tokens as cursors.
type things struct {
	ids  []string
	made int
	next bool
	// changed are the ids of things that were changed.
	changed string
}

func (a *things) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	thing := func(id string) map[string]string {
		name := "thing"
		if id != "" && strings.Contains(a.changed, id) {
			name = "changed"
		}
		return map[string]string{"id": id, "name": name}
	}
	id := strings.TrimPrefix(strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/things"), "/archive"), "/")
	at := slices.Index(a.ids, id)
	var result any
	switch {
	case r.Method == http.MethodPost && id == "":
		_, _ = io.ReadAll(r.Body)
		a.made++
		id = fmt.Sprintf("new%d", a.made)
		a.ids = append(a.ids, id)
		result = thing(id)
	case r.Method == http.MethodDelete && at >= 0, strings.HasSuffix(r.URL.Path, "/archive") && at >= 0:
		a.ids = slices.Delete(a.ids, at, at+1)
		result = thing(id)
	case r.Method == http.MethodPost && at >= 0:
		a.changed += id
		result = thing(id)
	case id == "":
		start := 1 + slices.Index(a.ids, strings.TrimPrefix(r.URL.Query().Get("after"), "token-"))
		end := min(len(a.ids), start+2)
		items := []map[string]string{}
		for _, id := range a.ids[start:end] {
			items = append(items, thing(id))
		}
		page := map[string]any{"object": "list", "data": items, "has_more": end < len(a.ids)}
		switch {
		case a.next && end < len(a.ids):
			page["next"] = "token-" + a.ids[end-1]
		case a.next:
			page["next"] = nil
		case len(items) > 0:
			page["last_id"] = items[len(items)-1]["id"]
		}
		result = page
	case at >= 0:
		result = thing(id)
	default:
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(result)
}

// stopped is a clock that is moved by hand.
type stopped struct {
	now    time.Time
	alarms map[time.Time]func()
}

func (c *stopped) Now() time.Time { return c.now }

func (c *stopped) AfterFunc(d time.Duration, f func()) { c.alarms[c.now.Add(d)] = f }

func (c *stopped) advance(d time.Duration) {
	c.now = c.now.Add(d)
	for at, f := range c.alarms {
		if !at.After(c.now) {
			delete(c.alarms, at)
			f()
		}
	}
}

// room is a lab before things.
type room struct {
	t     *testing.T
	api   *things
	lab   *faultinjection.Lab
	clock *stopped
}

func enter(t *testing.T, next bool, rules ...faultinjection.Rule) room {
	api := &things{ids: []string{"a", "b", "c", "d", "e"}, next: next}
	clock := &stopped{now: time.Now(), alarms: map[time.Time]func(){}}
	return room{t, api, faultinjection.NewAt(api, faultinjection.Plan{Rules: rules}, clock), clock}
}

func (r room) send(method, path string) (int, string) {
	r.t.Helper()
	w := httptest.NewRecorder()
	r.lab.ServeHTTP(w, httptest.NewRequestWithContext(r.t.Context(), method, path, strings.NewReader(`{"name":"thing"}`)))
	return w.Code, w.Body.String()
}

func (r room) status(want int, method, path string) {
	r.t.Helper()
	if got, body := r.send(method, path); got != want {
		r.t.Errorf("%s %s: %d %s, expected %d", method, path, got, body, want)
	}
}

// pages reads the list as a client does, six pages at most.
func (r room) pages() string {
	r.t.Helper()
	var pages []string
	query := ""
	for range 6 {
		status, body := r.send("GET", "/v1/things"+query)
		var page struct {
			Data    []struct{ ID string }
			HasMore bool `json:"has_more"`
			Next    string
			LastID  string `json:"last_id"`
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil || status != http.StatusOK {
			r.t.Fatalf("%d %s: %v", status, body, err)
		}
		text := ""
		for _, item := range page.Data {
			text += item.ID + ","
		}
		pages = append(pages, strings.TrimSuffix(text, ","))
		if !page.HasMore {
			return strings.TrimSpace(strings.Join(pages, " ")) // a last page may be empty
		}
		query = "?after=" + page.Next + page.LastID
	}
	return strings.Join(pages, " ") + " …"
}

func (r room) shows(want string) {
	r.t.Helper()
	if got := r.pages(); got != want {
		r.t.Errorf("pages %q, expected %q", got, want)
	}
}

func TestListsLagBehind(t *testing.T) {
	for _, next := range []bool{false, true} {
		r := enter(t, next, faultinjection.Rule{Fault: faultinjection.ListLag, For: 2 * time.Second})
		r.status(200, "POST", "/v1/things")
		r.shows("a,b c,d e")
		r.status(200, "GET", "/v1/things/new1")
		r.clock.advance(time.Second)
		r.status(200, "POST", "/v1/things")
		r.shows("a,b c,d e") // the page of both is empty, and passed over
		r.clock.advance(time.Second)
		r.shows("a,b c,d e,new1")
		r.lab.Set(faultinjection.Plan{})
		r.shows("a,b c,d e,new1") // a time goes on without the rule
		r.clock.advance(time.Second)
		r.shows("a,b c,d e,new1 new2")
	}
	r := enter(t, false, faultinjection.Rule{Fault: faultinjection.ListLag, Count: 1})
	r.status(200, "POST", "/v1/things")
	r.shows("a,b c,d e")
	r.shows("a,b c,d e,new1")
}

func TestNewObjectsAreNotFoundForATime(t *testing.T) {
	r := enter(t, false, faultinjection.Rule{Fault: faultinjection.LateVisibility, For: time.Minute, Times: 1}, faultinjection.Rule{Fault: faultinjection.LateVisibility, Lists: true, For: time.Minute})
	r.status(200, "POST", "/v1/things")
	r.status(404, "GET", "/v1/things/new1")
	r.status(404, "POST", "/v1/things/new1/parts")
	r.status(404, "GET", "/v1/others/new1")
	r.status(200, "GET", "/v1/things/a")
	r.shows("a,b c,d e")
	r.clock.advance(time.Minute)
	r.status(200, "GET", "/v1/things/new1")
	r.shows("a,b c,d e,new1")
}

func TestDeletionsShowLate(t *testing.T) {
	for _, path := range []string{"", "/archive"} {
		method := map[string]string{"": "DELETE", "/archive": "POST"}[path]
		r := enter(t, false, faultinjection.Rule{Fault: faultinjection.LateDeletion, For: time.Second})
		r.status(200, method, "/v1/things/c"+path)
		r.status(200, "GET", "/v1/things/c")
		r.shows("c,a,b d,e")
		r.clock.advance(time.Second)
		r.status(404, "GET", "/v1/things/c")
		r.shows("a,b d,e")
		r.status(404, method, "/v1/things/c"+path)
	}
}

func TestChangesShowLate(t *testing.T) {
	r := enter(t, false, faultinjection.Rule{Fault: faultinjection.StaleRead, For: time.Second, Times: 1}, faultinjection.Rule{Fault: faultinjection.StaleRead, Count: 1})
	shown := func(path, want string) {
		t.Helper()
		if status, body := r.send("GET", path); status != 200 || strings.Contains(body, "changed") != (want == "changed") {
			t.Errorf("%s answers %d %s, expected %s", path, status, body, want)
		}
	}
	if _, body := r.send("POST", "/v1/things/b"); !strings.Contains(body, "changed") {
		t.Errorf("the change answers %s", body)
	}
	shown("/v1/things/b", "thing")
	shown("/v1/things", "thing")
	r.shows("a,b c,d e")
	r.clock.advance(time.Second)
	shown("/v1/things/b", "changed")
	shown("/v1/things", "changed")
	r.status(200, "POST", "/v1/things/d")
	shown("/v1/things/d", "thing")
	shown("/v1/things/d", "changed")
	r.status(200, "POST", "/v1/things/e")
	r.status(200, "DELETE", "/v1/things/e")
	r.status(404, "GET", "/v1/things/e") // a deleted thing has no previous value
	r.status(200, "POST", "/v1/things")  // a new one neither
	r.shows("a,b c,d new1")
}

func TestGatewaysGiveUp(t *testing.T) {
	r := enter(t, false, faultinjection.Rule{Method: "POST", Fault: faultinjection.GatewayTimeout, Delay: 10 * time.Second}, faultinjection.Rule{Fault: faultinjection.ListLag, For: time.Second})
	r.status(504, "POST", "/v1/things")
	r.clock.advance(9 * time.Second)
	r.status(404, "GET", "/v1/things/new1")
	r.clock.advance(time.Second)
	r.status(200, "GET", "/v1/things/new1")
	r.shows("a,b c,d e")
	r.clock.advance(time.Second)
	r.shows("a,b c,d e,new1")
}

func TestOtherFaultsJoinALag(t *testing.T) {
	r := enter(t, false, faultinjection.Rule{Fault: faultinjection.ListLag, For: time.Second}, faultinjection.Rule{Method: "POST", Fault: faultinjection.StatusAfter, Status: 502})
	r.status(502, "POST", "/v1/things")
	r.shows("a,b c,d e")
	r.clock.advance(time.Second)
	r.shows("a,b c,d e,new1")
	if r.lab.Struck() != 3 {
		t.Errorf("%d faults", r.lab.Struck())
	}
}

func TestListsChangeWhilePaged(t *testing.T) {
	for _, test := range []struct {
		kind  faultinjection.Kind
		count int
		want  string
	}{
		{faultinjection.ListItemAdded, 2, "a,b added-b,c,d e"},
		{faultinjection.ListItemRemoved, 2, "a,b d e"},
		{faultinjection.ListItemRemoved, 0, "a c d e"},
		{faultinjection.ListItemRepeated, 2, "a,b b,c,d e"},
		{faultinjection.ListReordered, 2, "a,b c,b a"},
		{faultinjection.ListCursorLoop, 2, "a,b c,d a,b c,d a,b c,d …"},
		{faultinjection.ListWithoutEnd, 2, "a,b a,b a,b a,b a,b a,b …"},
	} {
		for _, next := range []bool{false, true} {
			r := enter(t, next, faultinjection.Rule{Fault: test.kind, Count: test.count, Times: 1})
			r.status(200, "GET", "/v1/things/a") // is no list
			r.shows(test.want)
			r.shows("a,b c,d e")
			if r.lab.Struck() != 1 {
				t.Errorf("%s: %d faults", test.kind, r.lab.Struck())
			}
		}
	}
}
