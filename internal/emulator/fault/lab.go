package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Lab stands before an API and disturbs what its rules say. It is an
// http.Handler.
type Lab struct {
	next http.Handler

	mu     sync.Mutex
	rules  []Rule
	seen   []int
	struck []int
	random *rand.Rand
	hidden map[string]int
	total  int
}

// New puts a lab before an API.
func New(next http.Handler, plan Plan) *Lab {
	l := &Lab{next: next}
	l.Set(plan)
	return l
}

// Set replaces the rules.
func (l *Lab) Set(plan Plan) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rules = plan.Rules
	l.seen, l.struck = make([]int, len(plan.Rules)), make([]int, len(plan.Rules))
	l.random = rand.New(rand.NewPCG(plan.Seed, plan.Seed))
	l.hidden = map[string]int{}
}

// Struck is how many requests have been disturbed since the beginning.
func (l *Lab) Struck() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

// choose returns the first rule that strikes at this request.
func (l *Lab) choose(r *http.Request) (Rule, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, rule := range l.rules {
		if !rule.matches(r) || rule.Fault == LateVisibility && r.Method != http.MethodPost {
			continue
		}
		l.seen[i]++
		switch {
		case l.seen[i] <= rule.Skip, rule.Times > 0 && l.struck[i] >= rule.Times:
			continue
		case rule.Probability > 0 && l.random.Float64() >= rule.Probability:
			continue
		}
		l.struck[i]++
		l.total++
		return rule, true
	}
	return Rule{}, false
}

// hides says whether the request names an object that is not visible yet.
func (l *Lab) hides(r *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, segment := range strings.Split(r.URL.Path, "/") {
		if l.hidden[segment] > 0 {
			l.hidden[segment]--
			l.total++
			return true
		}
	}
	return false
}

// ServeHTTP passes the request on, or disturbs it.
func (l *Lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_emulator/") {
		l.next.ServeHTTP(w, r)
		return
	}
	if l.hides(r) {
		fail(w, http.StatusNotFound, "No such object yet.")
		return
	}
	rule, strikes := l.choose(r)
	if !strikes {
		l.next.ServeHTTP(w, r)
		return
	}
	switch rule.Fault {
	case Latency:
		if wait(r, rule.Delay) {
			l.next.ServeHTTP(w, r)
		}
	case Status:
		rule.hint(w)
		fail(w, rule.Status, "This failure was asked for.")
	case ResetBefore:
		panic(http.ErrAbortHandler)
	case Redirect:
		location := rule.Location
		if location == "" {
			location = "http://elsewhere.invalid/"
		}
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusTemporaryRedirect)
	default:
		l.after(w, r, rule)
	}
}

// after lets the API act, and disturbs the answer.
func (l *Lab) after(w http.ResponseWriter, r *http.Request, rule Rule) {
	answer := &recorder{header: http.Header{}, status: http.StatusOK}
	l.next.ServeHTTP(answer, r)
	body := answer.body.Bytes()
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	switch rule.Fault {
	case StatusAfter:
		rule.hint(w)
		fail(w, rule.Status, "This failure was asked for.")
	case ResetAfter:
		panic(http.ErrAbortHandler)
	case SlowBody:
		w.WriteHeader(answer.status)
		for len(body) > 0 {
			piece := body[:min(len(body), 64)]
			body = body[len(piece):]
			_, _ = w.Write(piece)
			_ = http.NewResponseController(w).Flush()
			if !wait(r, rule.Delay) {
				return
			}
		}
	case TruncatedJSON:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(answer.status)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case HTML:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(answer.status)
		_, _ = w.Write([]byte("<!doctype html><title>Please sign in</title><p>Welcome to the hotel's network."))
	case EnormousBody:
		w.WriteHeader(answer.status)
		_, _ = w.Write([]byte(`{"padding":"`))
		piece := bytes.Repeat([]byte("x"), 1<<20)
		for range 1 << 10 {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	case LateVisibility:
		l.hide(r, body, rule.Count)
		answer.copyTo(w, body)
	default:
		answer.copyTo(w, rewrite(body, rule.Fault))
	}
}

// hide keeps the object that a request made out of sight for a while.
func (l *Lab) hide(r *http.Request, body []byte, count int) {
	var object struct{ ID string }
	if json.Unmarshal(body, &object) == nil && object.ID != "" && !strings.Contains(r.URL.Path, object.ID) {
		l.mu.Lock()
		l.hidden[object.ID] = count
		l.mu.Unlock()
	}
}

func (r Rule) hint(w http.ResponseWriter) {
	if r.RetryAfter != "" {
		w.Header().Set("Retry-After", r.RetryAfter)
	}
	if r.RetryAfterMs != "" {
		w.Header().Set("Retry-After-Ms", r.RetryAfterMs)
	}
}

func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"error":{"message":%q,"type":"injected_fault","param":null,"code":null}}`, message)
}

// wait is false when the caller has gone away meanwhile.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// recorder keeps an answer instead of sending it.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header             { return r.header }
func (r *recorder) WriteHeader(status int)          { r.status = status }
func (r *recorder) Write(piece []byte) (int, error) { return r.body.Write(piece) }

func (r *recorder) copyTo(w http.ResponseWriter, body []byte) {
	w.WriteHeader(r.status)
	_, _ = w.Write(body)
}
