package transport

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
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	attemptTimeout  = time.Minute
	maxResponseSize = 32 << 20
	maxErrorSize    = 64 << 10
	failureRetries  = 5 // attempts after the first for answers other than 429
	// visibilityRetries is how often a 404 for a new object is not believed,
	// some four seconds in all.
	visibilityRetries = 3
	// WriteGrace is how long a write continues after a cancellation.
	WriteGrace     = 30 * time.Second
	firstBackoff   = 500 * time.Millisecond
	longestBackoff = 20 * time.Second
)

// ErrNotSent marks failures before which no byte of the request reached the
// server.
var ErrNotSent = errors.New("the request was not sent")

// ErrMustWait is the error of a call that has no time to wait for a rate limit.
var ErrMustWait = errors.New("there is no time to wait for the rate limit")

var errRedirect = errors.New("the server returned a redirect")

// Transport is the http.RoundTripper below the SDK. One RoundTrip is one call
// of the API, however many attempts that takes.
type Transport struct {
	Config
	// Recent are the objects that may be invisible because they are new.
	Recent *RecentlyCreated
	// Server is the time by the server's clock.
	Server   *ServerTime
	throttle *throttleStats

	mu     sync.Mutex
	pacers map[string]*pacer
}

// Config is the configuration of a transport.
type Config struct {
	Base  http.RoundTripper
	Clock Clock
	// MaxWait is the patience with rate limits.
	MaxWait time.Duration
	// RequestsPerMinute is a ceiling per endpoint, none when zero.
	RequestsPerMinute int64
	// ReadOnly refuses everything but reads.
	ReadOnly bool
	// Guard refuses requests. The end must be called when the request is over.
	Guard func(req *http.Request) (end func(), err error)
	// OnAnswer is called with the header of each answer.
	OnAnswer func(op Operation, header http.Header)
	// OnWait is called when a call begins to wait for a rate limit, and end when
	// it does not wait any more.
	OnWait func() (end func())
	// FindYoung reports whether a path is below an object that may be invisible
	// because it is new.
	FindYoung func(ctx context.Context, path string) bool
}

// New returns a transport. It sends nothing yet.
func New(config Config) *Transport {
	return &Transport{
		Config:   config,
		Recent:   &RecentlyCreated{clock: config.Clock, ids: map[string]time.Time{}, ends: map[string]bool{}},
		Server:   &ServerTime{},
		throttle: &throttleStats{family: map[string]time.Duration{}},
		pacers:   map[string]*pacer{},
	}
}

// Waited says how long requests have waited for rate limits in all, and for
// which endpoint most.
func (t *Transport) Waited() (total, most time.Duration, endpoint string) { return t.throttle.sum() }

func (t *Transport) pacer(family string) *pacer {
	t.mu.Lock()
	defer t.mu.Unlock()
	p, ok := t.pacers[family]
	if !ok {
		p = newPacer(t.Clock, t.RequestsPerMinute)
		t.pacers[family] = p
	}
	return p
}

// RoundTrip sends the request, waiting and repeating as its operation allows.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := checkWrites(req); err != nil {
		return nil, err
	}
	if t.ReadOnly && req.Method != http.MethodGet {
		return nil, fmt.Errorf("%w: %w", ErrNotSent, errReadOnly)
	}
	if err := checkSegments(req.URL); err != nil {
		return nil, err
	}
	end, err := t.Guard(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	defer end()
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotSent, err)
		}
	}
	ctx, info := callFrom(req.Context())
	op, waits := info.Op, info.Waits
	pace := t.pacer(op.Family)
	left := patience{max: t.MaxWait}
	limit, isBrief := Brief(ctx)
	if isBrief {
		left.max = min(left.max, limit)
	}
	waits.Max = left.max
	failures, hidden := 0, 0
	for attempt := 1; ; attempt++ {
		if !mayAsk(ctx) {
			return nil, fmt.Errorf("%w: %w", ErrNotSent, ErrNoOptionalReads)
		}
		entered, err := t.takeTurn(ctx, op, pace, waits)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotSent, err)
		}
		waits.On = "the response"
		_, answered := t.Server.At(t.Clock.Now())
		response, sent, err := t.send(ctx, req, body, info)
		t.log(ctx, op, req, response, attempt, err)

		now, _ := t.Server.At(t.Clock.Now())
		hint := retryHint(response, now)
		var pause time.Duration
		switch verdict := classify(op, req.URL, response, sent, answered, err); {
		case verdict == accept && info.NotAPI != "":
			pace.succeeded(entered)
			return response, nil
		case verdict == accept && response.StatusCode == http.StatusNotFound && hidden < t.hiddenRetries(ctx, req):
			// A new object can be invisible for a moment.
			hidden++
			pause = backoff(hidden)
		case verdict == accept:
			isMissing := response.StatusCode == http.StatusNotFound
			if isMissing {
				t.believe(ctx, req)
			}
			if isMissing || response.StatusCode < 300 {
				t.Recent.end(req)
			}
			pace.succeeded(entered)
			return response, nil
		case verdict == fail && !sent:
			return nil, fmt.Errorf("%w: %w", ErrNotSent, explainConnection(err, req.URL))
		case verdict == fail:
			return response, err
		case verdict == slowDown:
			pause = pace.throttled(entered, hint)
			if isBrief || !left.spend(&left.refused, pause) {
				waits.refused(hint, left)
				return response, nil
			}
			continue // the pacer waits
		default:
			failures++
			left.refused = 0
			waits.Uncertain = waits.Uncertain || sent && req.Method != http.MethodGet
			pause = max(backoff(failures), hint)
			if hasHint(response) {
				pace.failedWithHint()
			}
		}
		if err != nil {
			err = explainConnection(err, req.URL)
		}
		if failures > failureRetries {
			return response, err
		}
		if !left.spend(&left.failed, pause) {
			waits.refused(hint, left)
			return response, err
		}
		waits.On = "the next attempt after " + describeAttempt(response, err)
		if sleepErr := t.Clock.Sleep(ctx, pause); sleepErr != nil {
			if !waits.Uncertain {
				sleepErr = fmt.Errorf("%w: %w", ErrNotSent, sleepErr)
			}
			return nil, sleepErr
		}
	}
}

// WaitIdle waits until an endpoint would let a request through at once and
// no call waits for it.
func (t *Transport) WaitIdle(ctx context.Context, family string) error {
	return t.pacer(family).waitIdle(ctx)
}

// takeTurn waits for the pacer, and logs long waits.
func (t *Transport) takeTurn(ctx context.Context, op Operation, pace *pacer, waits *Waits) (entered time.Time, err error) {
	if err := ctx.Err(); err != nil {
		return entered, err // it does not wait
	}
	expected := pace.expected()
	if expected > longWait {
		tflog.Info(ctx, "waiting for the OpenAI API's rate limit", map[string]any{
			"operation": op.Name, "endpoint": op.Family, "wait": "about " + expected.Round(time.Second).String(),
		})
	}
	if limit, isBrief := Brief(ctx); isBrief && expected > limit {
		return entered, ErrMustWait
	}
	waits.On = "the rate limit of " + op.Family
	if expected > 0 {
		defer t.OnWait()()
	}
	came := t.Clock.Now()
	entered, err = pace.enter(ctx, waits.Max)
	t.throttle.waited(op.Family, t.Clock.Now().Sub(came))
	return entered, err
}

type verdict int

const (
	accept   verdict = iota // an answer for the caller, good or bad
	slowDown                // 429: the server did not act
	again                   // worth another attempt
	fail                    // no answer, or one that a repetition could make worse
)

func classify(op Operation, target *url.URL, response *http.Response, sent, answered bool, err error) verdict {
	switch {
	case errors.Is(err, context.Canceled), IsNotConfigured(err), errors.Is(err, errRedirect):
		return fail
	case err != nil && isFinal(err, target, answered):
		return fail
	case err != nil && (op.Repeatable || !sent):
		return again
	case err != nil:
		return fail
	case response.StatusCode == http.StatusTooManyRequests:
		return slowDown
	case UncertainStatus(response.StatusCode) && op.Repeatable:
		return again
	default:
		return accept
	}
}

// send makes one attempt. sent is false when certainly no byte was written.
// Canceling ctx ends a read at once. A write that has reached its connection
// goes on for WriteGrace, so that its answer reaches the state.
func (t *Transport) send(ctx context.Context, req *http.Request, body []byte, info *CallInfo) (response *http.Response, sent bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	attemptCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), attemptTimeout)
	defer cancel()
	var connected, written atomic.Bool
	defer context.AfterFunc(ctx, func() {
		if req.Method != http.MethodGet && connected.Load() {
			t.Clock.AfterFunc(WriteGrace, cancel)
			return
		}
		cancel()
	})()
	attemptCtx = httptrace.WithClientTrace(attemptCtx, &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { connected.Store(true) },
		WroteHeaders: func() { written.Store(true) },
	})
	attempt := req.Clone(attemptCtx)
	if body != nil {
		attempt.Body = io.NopCloser(bytes.NewReader(body))
		// Without GetBody net/http does not repeat the request by itself.
		attempt.GetBody = nil
	}
	response, err = t.Base.RoundTrip(attempt)
	sent = written.Load()
	if err != nil {
		return nil, sent, err
	}
	t.Server.learn(response, t.Clock.Now())
	t.OnAnswer(info.Op, response.Header)
	stream := response.Body
	defer func() { _ = stream.Close() }()
	if response.StatusCode >= 300 && response.StatusCode < 400 {
		return nil, sent, redirectError(response)
	}
	most := maxResponseSize
	if response.StatusCode >= 400 {
		most = maxErrorSize
	}
	content, err := io.ReadAll(io.LimitReader(stream, int64(most)+1))
	if err != nil {
		return nil, sent, fmt.Errorf("reading the response: %w", err)
	}
	if response.StatusCode >= 400 && len(content) > most {
		content = content[:most] // no JSON any more, so that its text is cut
	}
	if len(content) > maxResponseSize {
		return nil, sent, fmt.Errorf("the response is larger than %d MiB", maxResponseSize>>20)
	}
	info.NotAPI = notAPI(response, req.URL, content)
	if response.StatusCode >= 400 {
		content = normalizeError(content)
		response.Header.Set("Content-Type", "application/json")
	}
	response.Body = io.NopCloser(bytes.NewReader(content))
	response.ContentLength = int64(len(content))
	return response, sent, nil
}

// describeAttempt describes the outcome of an attempt that is repeated.
func describeAttempt(response *http.Response, err error) string {
	if err != nil {
		return "a failed connection"
	}
	return fmt.Sprintf("the response %d %s", response.StatusCode, http.StatusText(response.StatusCode))
}

func (t *Transport) log(ctx context.Context, op Operation, req *http.Request, response *http.Response, attempt int, err error) {
	fields := map[string]any{"operation": op.Name, "method": req.Method, "path": req.URL.Path, "attempt": attempt}
	if response != nil {
		fields["status"] = response.StatusCode
		fields["request_id"] = response.Header.Get("X-Request-Id")
	}
	if err != nil {
		fields["error"] = Redact(err.Error())
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

// normalizeError brings the three shapes of error bodies that the real API has
// been seen to send into the one that the SDK can read. Anything else, such as
// a proxy's HTML page, becomes a message of bounded length.
func normalizeError(content []byte) []byte {
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
	}
	normal, err := json.Marshal(errorBody{Error: errorFields{Message: message}})
	if err != nil {
		return []byte(`{"error":{"message":"","param":null,"code":null}}`)
	}
	return normal
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
			return fmt.Errorf("%w: %q is not a valid part of an API path", ErrNotSent, plain)
		}
	}
	return nil
}

// UncertainStatus lists the answers after which it is not known whether the
// server acted.
func UncertainStatus(status int) bool {
	return status == http.StatusRequestTimeout || status >= 500 && status != http.StatusNotImplemented
}
