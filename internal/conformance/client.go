package conformance

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/text"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/shapes"
)

const (
	// attemptTime is the time of one attempt.
	attemptTime = time.Minute
	// attempts is how often a request is sent that the API throttles, or that
	// fails with 500 to 599.
	attempts = 12
	// pause is between these attempts, unless the API says how long to wait.
	pause = 15 * time.Second
	// longestPause bounds what the API says.
	longestPause = 2 * time.Minute
	// maxAnswer is the size of an answer that is read.
	maxAnswer = 32 << 20
)

// client sends requests, and records what the answers show about operations and
// limits. It is not the provider's client, which hides just that: it repeats,
// shares and completes requests.
type client struct {
	options    Options
	http       *http.Client
	operations map[string]Operation
	called     map[string]*Call
	sent       map[string][]time.Time
	throttles  map[string]*Throttle
	// late says that an object was found only after a 404.
	late bool
}

// latePauses are between the attempts after a 404: new objects may be invisible
// for a while.
var latePauses = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second}

func newClient(options Options) (*client, error) {
	if err := transport.CheckBaseURL(options.BaseURL); err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	c := &client{
		options: options, operations: map[string]Operation{}, called: map[string]*Call{}, sent: map[string][]time.Time{}, throttles: map[string]*Throttle{},
		http: &http.Client{Transport: options.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	for _, o := range options.Operations {
		c.operations[o.Name] = o
	}
	return c, nil
}

// request is what is optional in a request.
type request struct {
	query   url.Values
	header  http.Header
	body    any
	mayMiss bool
}

type option func(*request)

// query adds parameters, given as name and value in turn.
func query(pairs ...string) option {
	return func(r *request) {
		for i := 0; i < len(pairs); i += 2 {
			r.query.Add(pairs[i], pairs[i+1])
		}
	}
}

// header adds a header.
func header(name, value string) option {
	return func(r *request) { r.header.Set(name, value) }
}

// body sends JSON.
func body(value any) option { return func(r *request) { r.body = value } }

// mayMiss says that 404 means that the object does not exist.
func mayMiss(r *request) { r.mayMiss = true }

// answer is the answer to a request.
type answer struct {
	operation Operation
	status    int
	header    http.Header
	body      []byte
	// lacking says that the API has no such operation.
	lacking bool
	err     error
}

func (a *answer) ok() bool { return a.err == nil && a.status >= 200 && a.status < 300 }

// refused says that the API understood the request and does not accept it.
func (a *answer) refused() bool {
	return a.err == nil && !a.lacking && (a.status == http.StatusBadRequest || a.status == http.StatusForbidden ||
		a.status == http.StatusConflict || a.status == http.StatusUnprocessableEntity)
}

// failure is nil for a success.
func (a *answer) failure() error {
	if a.ok() {
		return nil
	}
	return errors.New(a.String())
}

// String is the request with its status, or why there is none.
func (a *answer) String() string {
	request := a.operation.Method + " " + a.operation.Path
	if a.err != nil {
		return request + ": " + transport.Redact(a.err.Error())
	}
	var refusal struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	_ = json.Unmarshal(a.body, &refusal) // an answer without message has its status
	message := text.Clean(transport.Redact(refusal.Error.Message))
	return strings.TrimSuffix(fmt.Sprintf("%s: %d %s", request, a.status, message), " ")
}

// object is an answer whose id matters.
type object struct {
	ID string `json:"id"`
}

// list is a page.
type list[T any] struct {
	Data []T `json:"data"`
}

// decode reads the fields of an answer that matter. A field of another type is
// empty; the shape of the answer has the difference.
func decode[T any](a *answer) (value T) {
	_ = json.Unmarshal(a.body, &value)
	return value
}

// path fills a template with values.
func path(template string, values []string) string {
	var filled []string
	for segment := range strings.SplitSeq(template, "/") {
		if strings.HasPrefix(segment, "{") && len(values) > 0 {
			segment, values = url.PathEscape(values[0]), values[1:]
		}
		filled = append(filled, segment)
	}
	return strings.Join(filled, "/")
}

// call sends a request, again while the API throttles it, and records the
// answer.
func (c *client) call(ctx context.Context, name string, values []string, options ...option) *answer {
	operation := c.operations[name]
	a := &answer{operation: operation, header: http.Header{}}
	if operation.Name == "" {
		a.err = fmt.Errorf("there is no operation %s", name)
		return a
	}
	if slices.Contains(values, "") {
		a.err = errors.New("an object that it needs does not exist")
		return a
	}
	r := request{query: url.Values{}, header: http.Header{}}
	for _, o := range options {
		o(&r)
	}
	misses := 0
	for attempt := 1; ; attempt++ {
		if a = c.send(ctx, operation, path(operation.Path, values), r); a.err != nil {
			return a
		}
		isThrottled := a.status == http.StatusTooManyRequests
		if isThrottled {
			c.throttled(a)
		}
		isFailure := a.status >= 500 && a.status != http.StatusNotImplemented && operation.Method == http.MethodGet
		isMissing := a.status == http.StatusNotFound && !r.mayMiss && misses < len(latePauses)
		if !isThrottled && !isFailure && !isMissing || attempt == attempts {
			break
		}
		wait := pauseOf(a)
		if isMissing {
			wait = latePauses[misses]
			misses++
		}
		if err := c.options.Clock.Sleep(ctx, wait); err != nil {
			a.err = err
			return a
		}
	}
	c.late = c.late || misses > 0 && a.ok()
	c.record(a, r)
	return a
}

// pauseOf is how long to wait before the next attempt.
func pauseOf(a *answer) time.Duration {
	seconds, err := time.ParseDuration(a.header.Get("Retry-After") + "s")
	if err != nil || seconds <= 0 {
		return pause
	}
	return min(seconds, longestPause)
}

// send sends a request once.
func (c *client) send(ctx context.Context, operation Operation, path string, r request) *answer {
	a := &answer{operation: operation, header: http.Header{}}
	var content []byte
	if r.body != nil {
		if content, a.err = json.Marshal(r.body); a.err != nil {
			return a
		}
	}
	// A write that was sent is answered before an interrupt ends the run: its
	// object must be removed.
	attempt, cancel := context.WithTimeout(ctx, attemptTime)
	if operation.Method != http.MethodGet {
		attempt, cancel = context.WithTimeout(context.WithoutCancel(ctx), attemptTime)
	}
	defer cancel()
	if a.err = ctx.Err(); a.err != nil {
		return a
	}
	address := c.options.BaseURL + path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	req, err := http.NewRequestWithContext(attempt, operation.Method, address, bytes.NewReader(content))
	if err != nil {
		a.err = err
		return a
	}
	maps.Copy(req.Header, r.header)
	req.Header.Set("Authorization", "Bearer "+c.options.Key.Reveal())
	req.Header.Set("User-Agent", c.options.UserAgent)
	if content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	endpoint := operation.Method + " " + operation.Path
	c.sent[endpoint] = append(c.sent[endpoint], c.options.Clock.Now())
	response, err := c.http.Do(req)
	if err != nil {
		a.err = err
		return a
	}
	defer func() { _ = response.Body.Close() }()
	a.status, a.header = response.StatusCode, response.Header
	if a.body, a.err = io.ReadAll(io.LimitReader(response.Body, maxAnswer)); a.err != nil {
		return a
	}
	if c.options.Record != nil {
		c.options.Record(Exchange{Method: operation.Method, Path: path, Query: r.query.Encode(), Request: content, Status: a.status, Header: a.header, Answer: a.body})
	}
	return a
}

// record adds an answer to what is known about its operation.
func (c *client) record(a *answer, r request) {
	o := a.operation
	known := c.called[o.Name]
	if known == nil {
		known = &Call{}
		c.called[o.Name] = known
	}
	if !slices.Contains(known.Statuses, a.status) {
		known.Statuses = append(known.Statuses, a.status)
	}
	isMissing := a.status == http.StatusNotFound && !r.mayMiss
	a.lacking = a.status == http.StatusNotImplemented || a.status == http.StatusMethodNotAllowed || isMissing
	known.Lacking = known.Lacking || a.lacking
	if !a.ok() {
		return
	}
	found := shapes.All().Check(o.Name, a.body)
	for _, part := range []struct {
		into  *[]string
		found []string
	}{{&known.Wrong, found.Wrong}, {&known.Unknown, found.Unknown}} {
		for _, difference := range part.found {
			// Without the value, which may be a person's.
			difference, _, _ = strings.Cut(text.Clean(transport.Redact(difference)), ": ")
			if !slices.Contains(*part.into, difference) {
				*part.into = append(*part.into, difference)
			}
		}
	}
}

// limitHeaders begin the names of headers about limits.
var limitHeaders = []string{"Retry-After", "X-Ratelimit", "Ratelimit"}

// throttled records a refusal because of too many requests.
func (c *client) throttled(a *answer) {
	endpoint := a.operation.Method + " " + a.operation.Path
	known := c.throttles[endpoint]
	if known == nil {
		known = &Throttle{Endpoint: endpoint}
		now := c.options.Clock.Now()
		for _, at := range c.sent[endpoint] {
			if now.Sub(at) < time.Minute {
				known.After++
			}
		}
		known.After-- // the refused one
		for name, values := range a.header {
			if slices.ContainsFunc(limitHeaders, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
				known.Headers = append(known.Headers, name+": "+text.Clean(strings.Join(values, ", ")))
			}
		}
		slices.Sort(known.Headers)
		c.throttles[endpoint] = known
	}
	known.Refused++
}

func (c *client) throttling() (all []Throttle) {
	for _, endpoint := range slices.Sorted(maps.Keys(c.throttles)) {
		all = append(all, *c.throttles[endpoint])
	}
	return all
}

// untouched are the operations that no run calls, by the reason. A name that ends
// with a period stands for all that begin with it.
var untouched = map[string][]string{
	"It concerns the whole organization.": {
		"organization.certificates.activate", "organization.certificates.deactivate", "organization.data_retention.update",
		"organization.spend_alerts.create", "organization.spend_alerts.retrieve", "organization.spend_alerts.update", "organization.spend_alerts.delete",
		"organization.spend_limit.update", "organization.spend_limit.delete",
	},
	"It concerns a person.": {
		"organization.users.update", "organization.users.delete",
		"organization.users.roles.create", "organization.users.roles.retrieve", "organization.users.roles.delete",
	},
	"It needs a project's key.":          {"webhooks."},
	"It needs a ChatGPT workspace.":      {"organization.workload_identity."},
	"It needs a fine-tuned model.":       {"fine_tuning."},
	"The official SDK does not have it.": {"tunnels."},
	"An admin key has all rights.":       {"organization.admin_api_keys.create", "organization.admin_api_keys.delete"},
	"It needs a bucket.": {
		"organization.external_storage.create", "organization.external_storage.retrieve", "organization.external_storage.delete", "organization.external_storage.validate",
	},
}

// reason is why an operation was not called.
func (c *client) reason(name string) string {
	for reason, names := range untouched {
		if slices.ContainsFunc(names, func(known string) bool {
			return known == name || strings.HasSuffix(known, ".") && strings.HasPrefix(name, known)
		}) {
			return reason
		}
	}
	if !c.options.Write {
		return "Only --write may call it."
	}
	return "No object for it was there."
}

// calls are the outcomes of all operations, in the order of their paths.
func (c *client) calls() []Call {
	var all []Call
	for name, o := range c.operations {
		call := Call{}
		if known := c.called[name]; known != nil {
			call = *known
		}
		call.Operation, call.Method, call.Path = name, o.Method, o.Path
		if len(call.Statuses) == 0 {
			call.Reason = c.reason(name)
		}
		slices.Sort(call.Statuses)
		slices.Sort(call.Wrong)
		slices.Sort(call.Unknown)
		all = append(all, call)
	}
	slices.SortFunc(all, func(a, b Call) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method)) })
	return all
}
