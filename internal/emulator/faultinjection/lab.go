package faultinjection

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Clock is the time by which effects last. AfterFunc calls f once d has passed.
type Clock interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func())
}

type systemClock struct{}

func (systemClock) Now() time.Time                      { return time.Now() }
func (systemClock) AfterFunc(d time.Duration, f func()) { time.AfterFunc(d, f) }

// Lab is a proxy before an API that injects the faults of its rules. It is an
// http.Handler.
type Lab struct {
	next  http.Handler
	clock Clock

	mu     sync.Mutex
	rules  []Rule
	seen   []int
	struck []int
	random *rand.Rand
	total  int
	late   late
	walks  map[string]*walk
}

// New puts a lab before an API.
func New(next http.Handler, plan Plan) *Lab { return NewAt(next, plan, systemClock{}) }

// NewAt is New with another clock than that of the system.
func NewAt(next http.Handler, plan Plan, clock Clock) *Lab {
	l := &Lab{next: next, clock: clock}
	l.Set(plan)
	return l
}

// Set replaces the rules. Effects that last for a number of requests end;
// effects that last for a time, and requests that a gateway has given up,
// continue.
func (l *Lab) Set(plan Plan) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rules = plan.Rules
	l.seen, l.struck = make([]int, len(plan.Rules)), make([]int, len(plan.Rules))
	l.random = rand.New(rand.NewPCG(plan.Seed, plan.Seed))
	l.late.forgetCounted()
	l.walks = map[string]*walk{}
}

// Struck is how many requests have been disturbed since the beginning.
func (l *Lab) Struck() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

// strike is a rule that applies to a request.
type strike struct {
	Rule
	at int
}

// choose returns the first rule that strikes at this request, and all that
// leave the answer as it is.
func (l *Lab) choose(r *http.Request) (first *strike, delays []strike) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, rule := range l.rules {
		if !rule.matches(r) || !rule.applies(r) || first != nil && !rule.Fault.keepsAnswer() {
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
		if rule.Fault.keepsAnswer() {
			delays = append(delays, strike{rule, i})
		} else {
			first = &strike{rule, i}
		}
	}
	return first, delays
}

// missed takes back a strike at a request that turned out to be of another
// kind, such as the read of one object for a fault of lists.
func (l *Lab) missed(s strike) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.at < len(l.struck) && l.struck[s.at] > 0 {
		l.struck[s.at]--
	}
	l.total--
}

// ServeHTTP passes the request on, or disturbs it.
func (l *Lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_emulator/") {
		l.next.ServeHTTP(w, r)
		return
	}
	if l.hides(r) {
		l.fail(w, http.StatusNotFound, "No such object yet.")
		return
	}
	if l.continues(w, r) {
		return
	}
	rule, delays := l.choose(r)
	if rule == nil {
		l.act(w, r, delays)
		return
	}
	switch rule.Fault {
	case Latency:
		if wait(r, rule.Delay) {
			l.act(w, r, delays)
		}
	case Status:
		rule.hint(w)
		l.fail(w, rule.Status, "This failure was asked for.")
	case GatewayTimeout:
		l.giveUp(w, r, rule.Rule, delays)
	case ResetBefore:
		panic(http.ErrAbortHandler)
	case Redirect:
		location := rule.Location
		if location == "" {
			location = "http://other.invalid/"
		}
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusTemporaryRedirect)
	case ListItemAdded, ListItemRemoved, ListItemRepeated, ListReordered, ListCursorLoop, ListWithoutEnd:
		l.startWalk(w, r, *rule, delays)
	default:
		l.after(w, r, rule.Rule, delays)
	}
}

// after lets the API act, and disturbs the answer.
func (l *Lab) after(w http.ResponseWriter, r *http.Request, rule Rule, delays []strike) {
	answer := newRecorder()
	answer.client = w
	l.act(answer, r, delays)
	body := answer.body.Bytes()
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	switch rule.Fault {
	case StatusAfter:
		rule.hint(w)
		l.fail(w, rule.Status, "This failure was asked for.")
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
	default:
		answer.copyTo(w, rewrite(body, rule.Fault))
	}
}

// giveUp answers as a gateway that no longer waits for the API, which carries
// the request out later.
func (l *Lab) giveUp(w http.ResponseWriter, r *http.Request, rule Rule, delays []strike) {
	kept, err := keep(w, r)
	if err != nil {
		l.fail(w, http.StatusBadRequest, "The request could not be read.")
		return
	}
	l.clock.AfterFunc(rule.Delay, func() { l.act(newRecorder(), kept, delays) })
	status := rule.Status
	if status == 0 {
		status = http.StatusGatewayTimeout
	}
	rule.hint(w)
	l.fail(w, status, "The gateway no longer waits for an answer.")
}

func (r Rule) hint(w http.ResponseWriter) {
	if r.RetryAfter != "" {
		w.Header().Set("Retry-After", strings.TrimSpace(r.RetryAfter))
	}
	if r.RetryAfterMs != "" {
		w.Header().Set("Retry-After-Ms", strings.TrimSpace(r.RetryAfterMs))
	}
}

func (l *Lab) fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", l.clock.Now().UTC().Format(http.TimeFormat))
	w.Header().Del("Content-Length")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"error":{"message":%q,"type":"injected_fault","param":null,"code":null}}`, message)
}

// wait is false when the caller has closed the connection meanwhile.
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
	// client is who sends the request, nil where the lab does.
	client http.ResponseWriter
}

// SetReadDeadline bounds how long the client may send its request.
func (r *recorder) SetReadDeadline(at time.Time) error {
	if r.client == nil {
		return http.ErrNotSupported
	}
	return http.NewResponseController(r.client).SetReadDeadline(at)
}

func newRecorder() *recorder { return &recorder{header: http.Header{}, status: http.StatusOK} }

func (r *recorder) Header() http.Header             { return r.header }
func (r *recorder) WriteHeader(status int)          { r.status = status }
func (r *recorder) Write(piece []byte) (int, error) { return r.body.Write(piece) }

func (r *recorder) copyTo(w http.ResponseWriter, body []byte) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(body) //nolint:gosec // the API's own answer, as JSON
}
