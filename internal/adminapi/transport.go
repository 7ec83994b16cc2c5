package adminapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	attemptTimeout  = time.Minute
	maxResponseSize = 32 << 20
	failureRetries  = 5 // attempts after the first for answers other than 429
	// visibilityRetries is how often a 404 for a new object is not believed,
	// some four seconds in all.
	visibilityRetries = 3
	firstBackoff      = 500 * time.Millisecond
	longestBackoff    = 20 * time.Second
)

// errNotSent marks failures before which no byte of the request reached the
// server.
var errNotSent = errors.New("the request was not sent")

// transport is the http.RoundTripper below the SDK. One RoundTrip is one call
// of the API, however many attempts that takes.
type transport struct {
	base              http.RoundTripper
	clock             Clock
	maxWait           time.Duration
	requestsPerMinute int64
	recent            *recentlyCreated
	throttle          *throttleStats
	server            *serverTime
	ownership         *Ownership

	mu     sync.Mutex
	pacers map[string]*pacer
}

func (t *transport) pacer(family string) *pacer {
	t.mu.Lock()
	defer t.mu.Unlock()
	p, ok := t.pacers[family]
	if !ok {
		p = newPacer(t.clock, t.requestsPerMinute)
		t.pacers[family] = p
	}
	return p
}

// RoundTrip sends the request, waiting and repeating as its operation allows.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := checkWrites(req); err != nil {
		return nil, err
	}
	if err := checkSegments(req.URL); err != nil {
		return nil, err
	}
	end, err := t.ownership.guard(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotSent, err)
	}
	defer end()
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNotSent, err)
		}
	}
	ctx := req.Context()
	op := operationFrom(ctx)
	pace := t.pacer(op.family)
	started := t.clock.Now()
	maxWait := t.maxWait
	patience, isBrief := brief(ctx)
	if isBrief {
		maxWait = min(maxWait, patience)
	}
	failures, hidden := 0, 0
	for attempt := 1; ; attempt++ {
		if !mayAsk(ctx) {
			return nil, fmt.Errorf("%w: %w", errNotSent, ErrNoOptionalReads)
		}
		entered, err := t.takeTurn(ctx, op, pace)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errNotSent, err)
		}
		response, sent, err := t.send(req, body)
		t.log(ctx, op, req, response, attempt, err)

		var pause time.Duration
		switch verdict := judge(op, response, sent, err); {
		case verdict == accept && response.StatusCode == http.StatusNotFound && t.recent.within(req.URL):
			// A new object can be invisible for a moment.
			hidden++
			if hidden > visibilityRetries {
				return response, nil
			}
			pause = backoff(hidden)
		case verdict == accept:
			pace.succeeded(entered)
			return response, nil
		case verdict == fail && !sent:
			return nil, fmt.Errorf("%w: %w", errNotSent, err)
		case verdict == fail:
			return response, err
		case verdict == slowDown:
			pace.throttled(entered, retryHint(response, t.clock.Now()))
			if isBrief || t.clock.Now().Sub(started) >= maxWait {
				return response, nil
			}
			continue
		default:
			failures++
			pause = max(backoff(failures), retryHint(response, t.clock.Now()))
		}
		if failures > failureRetries || t.clock.Now().Add(pause).Sub(started) > maxWait {
			return response, err
		}
		if sleepErr := t.clock.Sleep(ctx, pause); sleepErr != nil {
			return nil, sleepErr
		}
	}
}

// takeTurn waits for the pacer, and tells a waiting user what for.
func (t *transport) takeTurn(ctx context.Context, op operation, pace *pacer) (entered time.Time, err error) {
	expected := pace.expected()
	if expected > longWait {
		tflog.Info(ctx, "waiting for the OpenAI API's rate limit", map[string]any{
			"operation": op.name, "endpoint": op.family, "wait": "about " + expected.Round(time.Second).String(),
		})
	}
	if patience, isBrief := brief(ctx); isBrief && expected > patience {
		return entered, errors.New("there is no time to wait for the rate limit")
	}
	came := t.clock.Now()
	entered, err = pace.enter(ctx)
	t.throttle.waited(op.family, t.clock.Now().Sub(came))
	return entered, err
}

type verdict int

const (
	accept   verdict = iota // an answer for the caller, good or bad
	slowDown                // 429: the server did not act
	again                   // worth another attempt
	fail                    // no answer, or one that a repetition could make worse
)

func judge(op operation, response *http.Response, sent bool, err error) verdict {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, errNotConfigured):
		return fail
	case err != nil && (op.repeatable || !sent):
		return again
	case err != nil:
		return fail
	case response.StatusCode == http.StatusTooManyRequests:
		return slowDown
	case uncertainStatus(response.StatusCode) && op.repeatable:
		return again
	default:
		return accept
	}
}

// send makes one attempt. sent is false when certainly no byte was written.
func (t *transport) send(req *http.Request, body []byte) (response *http.Response, sent bool, err error) {
	ctx, cancel := context.WithTimeout(req.Context(), attemptTimeout)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent = true },
	})
	attempt := req.Clone(ctx)
	if body != nil {
		attempt.Body = io.NopCloser(bytes.NewReader(body))
		// Without GetBody net/http does not repeat the request by itself.
		attempt.GetBody = nil
	}
	response, err = t.base.RoundTrip(attempt)
	if err != nil {
		return nil, sent, err
	}
	t.server.learn(response, t.clock.Now())
	stream := response.Body
	defer func() { _ = stream.Close() }()
	if response.StatusCode >= 300 && response.StatusCode < 400 {
		return nil, sent, fmt.Errorf("the server answered with a redirect (%d), which is never followed: check base_url", response.StatusCode)
	}
	content, err := io.ReadAll(io.LimitReader(stream, maxResponseSize+1))
	if err != nil {
		return nil, sent, fmt.Errorf("reading the answer: %w", err)
	}
	if len(content) > maxResponseSize {
		return nil, sent, fmt.Errorf("the answer is larger than %d MiB", maxResponseSize>>20)
	}
	if response.StatusCode >= 400 {
		content = normaliseError(content)
		response.Header.Set("Content-Type", "application/json")
	}
	response.Body = io.NopCloser(bytes.NewReader(content))
	response.ContentLength = int64(len(content))
	return response, sent, nil
}

func (t *transport) log(ctx context.Context, op operation, req *http.Request, response *http.Response, attempt int, err error) {
	fields := map[string]any{"operation": op.name, "method": req.Method, "path": req.URL.Path, "attempt": attempt}
	if response != nil {
		fields["status"] = response.StatusCode
		fields["request_id"] = response.Header.Get("X-Request-Id")
	}
	if err != nil {
		fields["error"] = redact(err.Error(), "")
	}
	tflog.Debug(ctx, "OpenAI API call", fields)
}

// errorBody is the API's error envelope.
type errorBody struct {
	Error errorFields `json:"error"`
}

type errorFields struct {
	Message string  `json:"message"`
	Type    string  `json:"type,omitempty"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

// normaliseError brings the three shapes of error bodies that the real API has
// been seen to send into the one that the SDK can read. Anything else, such as
// a proxy's HTML page, becomes a message of bounded length.
func normaliseError(content []byte) []byte {
	var envelope struct {
		Error json.RawMessage `json:"error"`
		// Some 404 come as {"code":404,"message":"…"} without the envelope.
		Message string `json:"message"`
	}
	message := ""
	if json.Unmarshal(content, &envelope) == nil {
		if trimmed := bytes.TrimSpace(envelope.Error); len(trimmed) > 0 && trimmed[0] == '{' {
			return content
		}
		if json.Unmarshal(envelope.Error, &message) != nil {
			message = envelope.Message
		}
	} else {
		message = strings.Join(strings.Fields(string(content)), " ")
		if runes := []rune(message); len(runes) > 200 {
			message = string(runes[:200]) + "…"
		}
	}
	normal, err := json.Marshal(errorBody{Error: errorFields{Message: message}})
	if err != nil {
		return []byte(`{"error":{"message":"","param":null,"code":null}}`)
	}
	return normal
}

// retryHint reads how long the server wants to be left alone, 0 when it does
// not say.
func retryHint(response *http.Response, now time.Time) time.Duration {
	if response == nil {
		return 0
	}
	if ms, err := strconv.ParseFloat(response.Header.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		return time.Duration(ms * float64(time.Millisecond))
	}
	value := response.Header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}

func backoff(failures int) time.Duration {
	d := min(firstBackoff<<(failures-1), longestBackoff)
	return d - rand.N(d/4)
}

// checkSegments refuses ids that would reach another path than the one meant.
func checkSegments(u *url.URL) error {
	for segment := range strings.SplitSeq(strings.TrimPrefix(u.EscapedPath(), "/"), "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil || plain == "" || plain == "." || plain == ".." || strings.ContainsAny(plain, `/\`) ||
			strings.ContainsFunc(plain, unicode.IsControl) {
			return fmt.Errorf("%w: %q is not a valid part of an API path", errNotSent, plain)
		}
	}
	return nil
}

// recentlyCreated remembers the objects that this process made in the last
// minute, because the API may not show them at once.
type recentlyCreated struct {
	clock Clock
	mu    sync.Mutex
	ids   map[string]time.Time
}

const visibilityWindow = 5 * time.Minute

func (r *recentlyCreated) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[id] = r.clock.Now()
}

func (r *recentlyCreated) forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.ids, id)
}

// within reports whether the path names an object that is that new.
func (r *recentlyCreated) within(u *url.URL) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(strings.Split(u.Path, "/"), func(segment string) bool {
		at, ok := r.ids[segment]
		return ok && r.clock.Now().Sub(at) < visibilityWindow
	})
}

// throttleStats adds up what waiting for rate limits has cost.
type throttleStats struct {
	mu     sync.Mutex
	total  time.Duration
	family map[string]time.Duration
}

func (s *throttleStats) waited(family string, d time.Duration) {
	if d <= 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total += d
	s.family[family] += d
}

func (s *throttleStats) sum() (total, most time.Duration, endpoint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for family, waited := range s.family {
		if waited > most {
			most, endpoint = waited, family
		}
	}
	return s.total, most, endpoint
}

// serverTime is what the server's clock says, so that new objects are told
// from old ones also where ours is wrong.
type serverTime struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (s *serverTime) learn(response *http.Response, now time.Time) {
	at, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead = at.Sub(now)
}

func (s *serverTime) at(now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Add(s.ahead)
}
