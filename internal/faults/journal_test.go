package faults_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// phase is the operation of Terraform on a state.
type phase string

const (
	planning phase = "plan"
	applying phase = "apply"
)

// origin says where a request comes from: which state, in which of its
// operations.
type origin struct {
	state string
	run   int
	phase phase
}

// entry is a request that reached the server.
type entry struct {
	origin
	at           time.Time
	method, path string
	status       int
	// id is that of the object in the answer.
	id string
	// unchanged says that the write gave a setting the value that it had.
	unchanged bool
}

// journal keeps every request. The origin of a request is fixed when it
// arrives, before a fault delays it.
type journal struct {
	next  http.Handler
	clock *acctest.Clock

	mu      sync.Mutex
	entries []entry
	phases  map[string]origin
	// lives is the number of writes of a state that still reach the server before
	// Terraform is killed, by state.
	lives map[string]int
}

const originHeader = "X-Test-Origin"

// set records the operation of a state from now on.
func (j *journal) set(o origin) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.phases == nil {
		j.phases = map[string]origin{}
	}
	j.phases[o.state] = o
}

// kill lets no request of a state through after so many writes.
func (j *journal) kill(state string, writes int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lives = map[string]int{state: writes}
}

// isKilled reports whether the requests of a state no longer reach the server.
func (j *journal) isKilled(state string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	left, doomed := j.lives[state]
	return doomed && left <= 0
}

// revive lets all requests through again.
func (j *journal) revive() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lives = nil
}

// before marks requests to /from/STATE/v1/… with their origin.
func (j *journal) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, ok := strings.CutPrefix(r.URL.Path, "/from/"); ok {
			state, path, _ := strings.Cut(rest, "/")
			if j.isKilled(state) {
				panic(http.ErrAbortHandler)
			}
			j.mu.Lock()
			o := j.phases[state]
			j.mu.Unlock()
			r.Header.Set(originHeader, state+" "+strconv.Itoa(o.run)+" "+string(o.phase))
			r.URL.Path, r.URL.RawPath = "/"+path, ""
		}
		next.ServeHTTP(w, r)
	})
}

func (j *journal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		j.next.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	before := j.setting(r)
	j.next.ServeHTTP(answer, r)
	e := entry{unchanged: before != "" && before == j.setting(r), at: j.clock.Now(), method: r.Method, path: strings.TrimPrefix(r.URL.Path, "/v1"), status: answer.Code}
	if mark := strings.Fields(r.Header.Get(originHeader)); len(mark) == 3 {
		e.state, e.phase = mark[0], phase(mark[2])
		e.run, _ = strconv.Atoi(mark[1])
	}
	var object struct{ ID string }
	_ = json.Unmarshal(answer.Body.Bytes(), &object)
	e.id = object.ID
	j.mu.Lock()
	j.entries = append(j.entries, e)
	if left, doomed := j.lives[e.state]; doomed && e.phase == applying && e.status < 300 {
		j.lives[e.state] = left - 1
	}
	j.mu.Unlock()
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// setting reads the value of a spend limit that a request writes.
func (j *journal) setting(r *http.Request) string {
	if !strings.HasSuffix(r.URL.Path, "/spend_limit") {
		return ""
	}
	read := r.Clone(r.Context())
	read.Method, read.Body, read.ContentLength = http.MethodGet, http.NoBody, 0
	answer := httptest.NewRecorder()
	j.next.ServeHTTP(answer, read)
	if answer.Code != http.StatusOK {
		return ""
	}
	return answer.Body.String()
}

// writes returns the writes so far.
func (j *journal) writes() []entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]entry(nil), j.entries...)
}
