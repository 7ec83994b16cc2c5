package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// proxy is between a provider and the organization of a world. It knows which
// objects exist, and lets a test change answers.
type proxy struct {
	w        *world
	listener *httptest.Server

	mu    sync.Mutex
	alive map[string]bool
	// answer changes the answer to a request, and reports whether it did.
	answer func(r *http.Request, answer *httptest.ResponseRecorder, w http.ResponseWriter) bool
	// before is called ahead of each request.
	before  func(r *http.Request)
	changed int
}

func newProxy(t testing.TB, w *world) *proxy {
	p := &proxy{w: w, alive: map[string]bool{}}
	p.listener = httptest.NewServer(http.HandlerFunc(p.serve))
	p.listener.Config.ErrorLog = nil
	t.Cleanup(p.listener.Close)
	return p
}

func (p *proxy) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	before, change := p.before, p.answer
	p.mu.Unlock()
	if before != nil {
		before(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	// The server handles a request that has arrived, also when the client does not
	// wait for the answer.
	p.w.server.ServeHTTP(answer, r.WithContext(context.WithoutCancel(r.Context())))
	var object struct{ ID string }
	_ = json.Unmarshal(answer.Body.Bytes(), &object)
	p.mu.Lock()
	parts := strings.Split(r.URL.Path, "/")
	switch {
	case answer.Code >= 300:
	case r.Method == http.MethodDelete, r.Method == http.MethodPost && parts[len(parts)-1] == "archive":
		for _, part := range parts {
			delete(p.alive, part)
		}
	case r.Method == http.MethodPost && object.ID != "" && !slices.Contains(parts, object.ID):
		p.alive[object.ID] = true
	}
	p.mu.Unlock()
	if change != nil && change(r, answer, w) {
		p.mu.Lock()
		p.changed++
		p.mu.Unlock()
		return
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (p *proxy) set(before func(*http.Request), answer func(*http.Request, *httptest.ResponseRecorder, http.ResponseWriter) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.before, p.answer = before, answer
}

func (p *proxy) driver(t testing.TB) *acctest.Driver {
	return p.w.driverAt(t, p.listener.URL+"/v1", p.w.clock)
}

// unexplained lists the objects that exist, are not in state, and were in no
// diagnostic.
func (p *proxy) unexplained(object *acctest.Object, diags []*tfprotov6.Diagnostic) (ids []string) {
	said := object.String()
	for _, d := range diags {
		said += "\n" + d.Summary + "\n" + d.Detail
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for id := range p.alive {
		if !strings.Contains(said, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// spoilings are ways to break the answer to a create that was carried out.
func spoilings() map[string]func(body map[string]any, original []byte) (status int, contentType string, spoiled []byte) {
	all := map[string]func(map[string]any, []byte) (int, string, []byte){}
	const jsonType = "application/json"
	raw := func(name string, status int, contentType, body string) {
		all[name] = func(map[string]any, []byte) (int, string, []byte) { return status, contentType, []byte(body) }
	}
	raw("empty body", 200, jsonType, "")
	raw("no content", 204, jsonType, "")
	raw("white space", 200, jsonType, " \n")
	raw("null", 200, jsonType, "null")
	raw("a list", 200, jsonType, "[]")
	raw("a text", 200, jsonType, `"created"`)
	raw("a number", 200, jsonType, "1")
	raw("true", 200, jsonType, "true")
	raw("an empty object", 200, jsonType, "{}")
	raw("an error with 200", 200, jsonType, `{"error":{"message":"no","type":"server_error","param":null,"code":null}}`)
	raw("HTML", 200, "text/html", "<html><body>Bad gateway</body></html>")
	raw("500 without a body", 500, jsonType, "")
	raw("502 with HTML", 502, "text/html", "<html>Bad gateway</html>")
	raw("503 with JSON", 503, jsonType, `{"error":{"message":"overloaded"}}`)
	raw("504 without a body", 504, "text/plain", "")
	raw("nested without end", 200, jsonType, strings.Repeat(`{"a":`, 20_000))
	cut := func(name string, keep func(length int) int) {
		all[name] = func(_ map[string]any, original []byte) (int, string, []byte) {
			return 200, jsonType, original[:keep(len(original))]
		}
	}
	cut("first byte only", func(int) int { return 1 })
	cut("first half", func(length int) int { return length / 2 })
	cut("without the last byte", func(length int) int { return length - 1 })
	for name, id := range map[string]any{
		"null": nil, "empty": "", "a number": 17, "a list": []string{"x"}, "an object": map[string]string{"id": "x"}, "true": true,
		"a path": "../../x", "a slash": "a/b", "a line break": "a\nb", "an escape": "a\x1b[31mb", "a space": "a b", "enormous": strings.Repeat("x", 100_000),
	} {
		all["id is "+name] = func(body map[string]any, _ []byte) (int, string, []byte) {
			body["id"] = id
			spoiled, _ := json.Marshal(body)
			return 200, jsonType, spoiled
		}
	}
	all["without id"] = func(body map[string]any, _ []byte) (int, string, []byte) {
		delete(body, "id")
		spoiled, _ := json.Marshal(body)
		return 200, jsonType, spoiled
	}
	all["all fields null"] = func(body map[string]any, _ []byte) (int, string, []byte) {
		for name := range body {
			body[name] = nil
		}
		spoiled, _ := json.Marshal(body)
		return 200, jsonType, spoiled
	}
	all["all fields numbers"] = func(body map[string]any, _ []byte) (int, string, []byte) {
		for name := range body {
			body[name] = 7
		}
		spoiled, _ := json.Marshal(body)
		return 200, jsonType, spoiled
	}
	all["as an item of a list"] = func(_ map[string]any, original []byte) (int, string, []byte) {
		return 200, jsonType, []byte(`{"object":"list","data":[` + string(original) + `],"has_more":false}`)
	}
	all["invalid UTF-8 in front"] = func(_ map[string]any, original []byte) (int, string, []byte) {
		return 200, jsonType, append([]byte{0xff, 0xfe}, original...)
	}
	return all
}

// settle applies a configuration once more, without faults, and checks that
// every object is in state or was named.
func (p *proxy) settle(t testing.TB, s subject, object *acctest.Object, said []*tfprotov6.Diagnostic) error {
	p.set(nil, nil)
	target := s.first(p.w)
	for range 2 {
		d := p.driver(t)
		if object != nil {
			read, diags := d.Refresh(t, object)
			if object, said = read, append(said, diags...); hasError(diags) {
				return fmt.Errorf("the refresh after it: %s: %s", diags[0].Summary, diags[0].Detail)
			}
		}
		applied, diags := d.Apply(t, s.typeName, object, target)
		object, said = applied, append(said, diags...)
	}
	if err := p.w.complaints(said); err != nil {
		return err
	}
	if ids := p.unexplained(object, said); len(ids) > 0 {
		return fmt.Errorf("%q exist, are not in state, and no message names them", ids)
	}
	if object == nil {
		// A name that is in use: the error gives the import block.
		var err error
		if object, err = p.w.followAdvice(t, s, nil); err != nil {
			return err
		}
	}
	if object == nil {
		return errors.New("nothing is in state after two more applies and the import they advise")
	}
	return nil
}

// everyNth is the share of cases that is run by default.
func everyNth() int {
	if long() {
		return 1
	}
	return 11 // no divisor of the numbers of cases, so that each kind of case is among them
}

// A create is carried out and its answer is spoiled. Each object that exists
// afterwards is in state or was named.
func TestSpoiledCreates(t *testing.T) {
	at, ways := 0, spoilings()
	if len(ways) != 36 {
		t.Errorf("%d spoilings", len(ways))
	}
	var cases, struck atomic.Int64
	t.Run("case", func(t *testing.T) {
		for _, s := range subjectsOf(serverNamed, secret) {
			for _, name := range slices.Sorted(maps.Keys(ways)) {
				if at++; at%everyNth() != 0 {
					continue
				}
				t.Run(s.typeName+", "+name, func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					p := newProxy(t, w)
					var once atomic.Bool
					p.set(nil, func(r *http.Request, answer *httptest.ResponseRecorder, out http.ResponseWriter) bool {
						var body map[string]any
						if r.Method != http.MethodPost || answer.Code >= 300 || json.Unmarshal(answer.Body.Bytes(), &body) != nil || once.Swap(true) {
							return false
						}
						status, contentType, spoiled := ways[name](body, answer.Body.Bytes())
						out.Header().Set("Content-Type", contentType)
						out.WriteHeader(status)
						_, _ = out.Write(spoiled)
						return true
					})
					object, diags := p.driver(t).Apply(t, s.typeName, nil, s.first(w))
					cases.Add(1)
					struck.Add(int64(p.changed))
					if err := p.settle(t, s, object, diags); err != nil {
						t.Error(err)
					}
				})
			}
		}
	})
	if struck.Load() != cases.Load() {
		t.Errorf("only %d of %d answers were spoiled", struck.Load(), cases.Load())
	}
	fmt.Printf("spoiled creates: %d\n", cases.Load())
}

// Terraform is interrupted at one request of a create after the other, ahead of
// it and once it was carried out.
func TestInterruptedCreates(t *testing.T) {
	at := 0
	var cases, struck atomic.Int64
	t.Run("case", func(t *testing.T) {
		for _, s := range subjectsOf() {
			for request := range 3 {
				for _, after := range []bool{false, true} {
					if at++; at%everyNth() != 0 {
						continue
					}
					t.Run(fmt.Sprintf("%s, request %d, carried out %t", s.typeName, request+1, after), func(t *testing.T) {
						t.Parallel()
						w := newWorld(t)
						p := newProxy(t, w)
						ctx, cancel := context.WithCancel(t.Context())
						defer cancel()
						var seen atomic.Int64
						hit := func(here bool) bool {
							if !here || seen.Add(1) != int64(request+1) {
								return false
							}
							struck.Add(1)
							cancel()
							return true
						}
						p.set(func(*http.Request) { hit(!after) }, func(*http.Request, *httptest.ResponseRecorder, http.ResponseWriter) bool {
							hit(after)
							return false
						})
						d := p.driver(t)
						d.Context = ctx
						object, diags := d.Apply(t, s.typeName, nil, s.first(w))
						cases.Add(1)
						if err := p.settle(t, s, object, diags); err != nil {
							t.Error(err)
						}
					})
				}
			}
		}
	})
	if struck.Load() == 0 {
		t.Error("nothing was interrupted")
	}
	fmt.Printf("interrupted creates: %d, %d struck\n", cases.Load(), struck.Load())
}

// Terraform is interrupted while a write is under way. An answer within 30
// seconds reaches state; a write without an answer by then has an unknown outcome.
func TestInterruptedWrites(t *testing.T) {
	at := 0
	var cases, struck atomic.Int64
	t.Run("case", func(t *testing.T) {
		for _, s := range subjects {
			for _, op := range operations {
				for _, age := range []time.Duration{29 * time.Second, 31 * time.Second} {
					if at++; op.name == "read" || at%writeShare() != 0 {
						continue
					}
					t.Run(fmt.Sprintf("%s, %s, %s", s.typeName, op.name, age), func(t *testing.T) {
						t.Parallel()
						cases.Add(1)
						hits, err := interruptWrite(t, s, op, age)
						struck.Add(int64(hits))
						if err != nil {
							t.Error(err)
						}
					})
				}
			}
		}
	})
	if struck.Load() != cases.Load() {
		t.Errorf("%d of %d writes were interrupted", struck.Load(), cases.Load())
	}
	fmt.Printf("interrupted writes: %d\n", cases.Load())
}

// writeShare is everyNth for cases that differ by two and by four in a row.
func writeShare() int {
	if long() {
		return 1
	}
	return 3
}

// interruptWrite interrupts Terraform at its first write, whose answer comes
// after a time.
func interruptWrite(t *testing.T, s subject, op operation, age time.Duration) (struck int, err error) {
	w := newWorld(t)
	p := newProxy(t, w)
	var object *acctest.Object
	if op.begins {
		if object, err = w.apply(t, s, nil, s.first(w)); err != nil {
			return 0, err
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var once atomic.Bool
	answered := 0
	p.set(nil, func(r *http.Request, answer *httptest.ResponseRecorder, _ http.ResponseWriter) bool {
		if r.Method == http.MethodGet || once.Swap(true) {
			return false
		}
		struck, answered = 1, answer.Code
		set := w.clock.NextAlarm()
		cancel()
		<-set // the client has seen the cancellation
		w.clock.Advance(age)
		if age > 30*time.Second {
			<-r.Context().Done() // it waits no longer
			return true
		}
		return false
	})
	prior := object.String()
	target := op.target(s, w)
	d := p.driver(t)
	d.Context = ctx
	object, diags := d.Apply(t, s.typeName, object, target)
	p.set(nil, nil)
	switch inTime := age < 30*time.Second; {
	case struck == 0 || answered >= 300:
		return struck, fmt.Errorf("%d writes answered %d", struck, answered)
	case !inTime && !hasError(diags):
		return struck, errors.New("a write without an answer is no error")
	case inTime && op.name == "create" && object == nil, inTime && op.name == "update" && !hasError(diags) && object.String() == prior:
		// An update of several requests is an error, and the next refresh reads the
		// change of the first of them.
		return struck, fmt.Errorf("the answer did not reach state: %s", texts(diags))
	case inTime && target == nil && object != nil && !hasError(diags):
		return struck, errors.New("it is still in state")
	case inTime && op.name == "create" && len(p.unexplained(object, nil)) > 0:
		return struck, fmt.Errorf("%q are not in state: %s", p.unexplained(object, nil), texts(diags))
	case !inTime && op.begins && object == nil:
		return struck, errors.New("it is not in state although the outcome is unknown")
	}
	if op.name == "create" {
		return struck, p.settle(t, s, object, diags)
	}
	w.clock.Advance(10 * time.Minute)
	for range 2 {
		if object, err = w.apply(t, s, object, target); err != nil {
			return struck, err
		}
	}
	if found := s.found(t, w); len(found) < len(op.want(s)) {
		return struck, fmt.Errorf("found %q, expected %q", found, op.want(s))
	}
	return struck, nil
}

// brokenLists are ways to break a list so that nothing can be concluded from an
// object that is not in it.
var brokenLists = map[string]func(page map[string]any, original []byte) []byte{
	"cut short":    func(_ map[string]any, original []byte) []byte { return original[:len(original)/2] },
	"HTML":         func(map[string]any, []byte) []byte { return []byte("<html>") },
	"null":         func(map[string]any, []byte) []byte { return []byte("null") },
	"empty body":   func(map[string]any, []byte) []byte { return nil },
	"empty object": func(map[string]any, []byte) []byte { return []byte("{}") },
	"data null":    func(page map[string]any, _ []byte) []byte { return with(page, itemsOf(page), nil) },
	"data a text":  func(page map[string]any, _ []byte) []byte { return with(page, itemsOf(page), "x") },
	"data an object": func(page map[string]any, _ []byte) []byte {
		return with(page, itemsOf(page), map[string]any{})
	},
	"items null":    func(page map[string]any, _ []byte) []byte { return with(page, itemsOf(page), []any{nil, nil}) },
	"items numbers": func(page map[string]any, _ []byte) []byte { return with(page, itemsOf(page), []any{1, 2}) },
	"items empty":   func(page map[string]any, _ []byte) []byte { return with(page, itemsOf(page), []any{map[string]any{}}) },
	"items without ids": func(page map[string]any, _ []byte) []byte {
		return withItems(page, func(name string) bool { return !isID(name) })
	},
	"items of ids only": func(page map[string]any, _ []byte) []byte { return withItems(page, isID) },
	"an error":          func(map[string]any, []byte) []byte { return []byte(`{"error":{"message":"no"}}`) },
	"more without an item": func(page map[string]any, _ []byte) []byte {
		page["has_more"] = true
		return with(page, itemsOf(page), []any{})
	},
	"more without a cursor": func(page map[string]any, _ []byte) []byte {
		for _, field := range []string{"last_id", "next", "first_id"} {
			if _, has := page[field]; has {
				page[field] = nil
			}
		}
		page["has_more"] = true
		return with(page, itemsOf(page), []any{})
	},
}

// itemsOf is the field with the items of a list.
func itemsOf(page map[string]any) string {
	if _, whole := page["tunnels"]; whole {
		return "tunnels"
	}
	return "data"
}

func isID(name string) bool { return name == "id" || strings.HasSuffix(name, "_id") }

// withItems is a page whose items have lost the fields that are not kept.
func withItems(page map[string]any, keep func(name string) bool) []byte {
	for _, item := range page[itemsOf(page)].([]any) {
		if fields, isObject := item.(map[string]any); isObject {
			maps.DeleteFunc(fields, func(name string, _ any) bool { return !keep(name) })
			for _, inner := range fields {
				if object, isObject := inner.(map[string]any); isObject {
					maps.DeleteFunc(object, func(name string, _ any) bool { return !keep(name) })
				}
			}
		}
	}
	encoded, _ := json.Marshal(page)
	return encoded
}

func with(page map[string]any, field string, value any) []byte {
	page[field] = value
	encoded, _ := json.Marshal(page)
	return encoded
}

// An object is never taken for deleted because a list is broken.
func TestBrokenLists(t *testing.T) {
	at := 0
	var cases, struck atomic.Int64
	t.Run("case", func(t *testing.T) {
		for _, s := range subjects {
			for _, name := range slices.Sorted(maps.Keys(brokenLists)) {
				if at++; at%everyNth() != 0 {
					continue
				}
				t.Run(s.typeName+", "+name, func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					p := newProxy(t, w)
					object, diags := p.driver(t).Apply(t, s.typeName, nil, s.first(w))
					if hasError(diags) {
						t.Fatal(diags[0].Summary, diags[0].Detail)
					}
					p.set(nil, func(r *http.Request, answer *httptest.ResponseRecorder, out http.ResponseWriter) bool {
						var page map[string]any
						if r.Method != http.MethodGet || answer.Code != http.StatusOK || json.Unmarshal(answer.Body.Bytes(), &page) != nil {
							return false
						}
						if _, isList := page[itemsOf(page)].([]any); !isList {
							return false
						}
						out.Header().Set("Content-Type", "application/json")
						_, _ = out.Write(brokenLists[name](page, answer.Body.Bytes()))
						return true
					})
					d := p.driver(t)
					for range 3 { // the second read of a collection fetches its list
						read, diags := d.Refresh(t, object)
						if read == nil {
							t.Fatal("it was taken for deleted")
						}
						if err := w.complaints(diags); err != nil {
							t.Error(err)
						}
					}
					cases.Add(1)
					struck.Add(int64(p.changed))
				})
			}
		}
	})
	if struck.Load() == 0 {
		t.Error("no list was broken")
	}
	fmt.Printf("broken lists: %d cases, %d lists\n", cases.Load(), struck.Load())
}
