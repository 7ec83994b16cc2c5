// Package conformance finds out how an organization answers: which of the
// assumptions hold, which operations it lacks, and which answers have another
// shape than documented.
package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/assumptions"
)

// Operation is an operation of the Administration API.
type Operation struct {
	// Name is how the operation is called, such as organization.projects.list.
	Name string
	// Method and Path are the request, with a template below /v1.
	Method, Path string
}

// Options say which organization is asked, and how.
type Options struct {
	BaseURL   string
	Key       transport.Secret
	UserAgent string
	// Transport is http.DefaultTransport when nil.
	Transport http.RoundTripper
	// Clock waits for rate limits.
	Clock transport.Clock
	// Operations are all operations of the API.
	Operations []Operation
	// Write permits to create objects, and removes them again.
	Write bool
	// Prefix begins the names of these objects.
	Prefix string
	// Record is called with each request and its answer.
	Record func(Exchange)
	// Progress is called before each group of questions.
	Progress func(text string)
}

// Verdict is what became of an assumption.
type Verdict string

// The verdicts.
const (
	Confirmed    Verdict = "confirmed"
	Contradicted Verdict = "contradicted"
	NotReached   Verdict = "not reached"
)

// Finding is the outcome for one assumption.
type Finding struct {
	ID       string  `json:"id"`
	Question string  `json:"question"`
	Verdict  Verdict `json:"verdict"`
	Expected string  `json:"expected,omitempty"`
	Got      string  `json:"got,omitempty"`
	// Source says where the expectation comes from.
	Source string `json:"source,omitempty"`
	// Reason says why the assumption was not reached.
	Reason string `json:"reason,omitempty"`
}

// Call is the outcome for one operation.
type Call struct {
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	// Statuses are those of the answers, each once. None: not called.
	Statuses []int `json:"statuses"`
	// Reason says why the operation was not called.
	Reason string `json:"reason,omitempty"`
	// Lacking says that the API answered as if it had no such operation.
	Lacking bool `json:"lacking"`
	// Wrong and Unknown are the differences from the documented shape.
	Wrong   []string `json:"wrong,omitempty"`
	Unknown []string `json:"unknown,omitempty"`
}

// Throttle is how an endpoint refused because of too many requests.
type Throttle struct {
	Endpoint string `json:"endpoint"`
	Refused  int    `json:"refused"`
	// After is the number of requests in the minute before the first refusal.
	After int `json:"requests_before"`
	// Headers are those about limits, of the first refusal.
	Headers []string `json:"headers"`
}

// Report is what was found.
type Report struct {
	Organization string     `json:"organization"`
	Wrote        bool       `json:"wrote"`
	Assumptions  []Finding  `json:"assumptions"`
	Operations   []Call     `json:"operations"`
	Throttling   []Throttle `json:"throttling"`
	// Left are created objects that could not be removed.
	Left []string `json:"left"`
	// Interrupted says why not all questions were asked.
	Interrupted string `json:"interrupted,omitempty"`
}

// Conforms says whether everything that was asked is as expected.
func (r *Report) Conforms() bool {
	return !slices.ContainsFunc(r.Assumptions, func(f Finding) bool { return f.Verdict == Contradicted }) &&
		!slices.ContainsFunc(r.Operations, func(c Call) bool { return c.Lacking || len(c.Wrong)+len(c.Unknown) > 0 })
}

// session is one run.
type session struct {
	*client
	options Options
	// answers are the observed answers, and reasons why there is none.
	answers, reasons map[string]string
	// created are the removals of created objects, the newest last.
	created []removal
	left    []string
}

// Organization asks for the name of the organization, as its answers have it.
func Organization(ctx context.Context, options Options) (string, error) {
	c, err := newClient(options)
	if err != nil {
		return "", err
	}
	projects := c.call(ctx, "organization.projects.list", nil, query("limit", "1"))
	if err := projects.failure(); err != nil {
		return "", err
	}
	return organizationOf(projects), nil
}

// organizationOf is the name of the organization that answered, or the id of a
// project where the API does not name it.
func organizationOf(a *answer) string {
	if name := a.header.Get("Openai-Organization"); name != "" {
		return name
	}
	if projects := decode[list[object]](a).Data; len(projects) > 0 {
		return projects[0].ID
	}
	return ""
}

// Run asks all questions that the options permit. The report is complete as far
// as it goes when the context ends, and created objects are removed all the same.
func Run(ctx context.Context, options Options) (*Report, error) {
	c, err := newClient(options)
	if err != nil {
		return nil, err
	}
	s := &session{client: c, options: options, answers: map[string]string{}, reasons: map[string]string{}}
	first := s.call(ctx, "organization.projects.list", nil, query("limit", "100"))
	if err := first.failure(); err != nil && !first.lacking {
		return nil, err
	}
	organization := organizationOf(first)
	s.read(ctx, first)
	if options.Write {
		s.write(ctx)
		s.removeAll(ctx)
	}
	s.provokeThrottle(ctx)
	report := &Report{Organization: organization, Wrote: options.Write, Assumptions: s.findings(), Operations: s.calls(), Throttling: s.throttling(), Left: s.left}
	if err := context.Cause(ctx); err != nil {
		report.Interrupted = err.Error()
	}
	return report, nil
}

// step reports progress, and whether to go on.
func (s *session) step(ctx context.Context, text string) bool {
	if ctx.Err() != nil {
		return false
	}
	if s.options.Progress != nil {
		s.options.Progress(text)
	}
	return true
}

// observe records an answer to an open question. The first answer other than
// the assumed one counts.
func (s *session) observe(id, got string) {
	if previous, known := s.answers[id]; !known || previous == assumed(id) {
		s.answers[id] = got
	}
}

// observeStatus records an answer of a request that the API accepts or refuses.
// Other failures answer nothing.
func (s *session) observeStatus(id string, a *answer, accepted, refused string) {
	switch {
	case a.ok():
		s.observe(id, accepted)
	case a.refused():
		s.observe(id, refused)
	default:
		s.missed(id, "%s", a)
	}
}

// missed records why a question has no answer.
func (s *session) missed(id, format string, args ...any) {
	if s.reasons[id] == "" {
		s.reasons[id] = fmt.Sprintf(format, args...)
	}
}

func assumed(id string) string {
	all := assumptions.Switched()
	return all[slices.IndexFunc(all, func(a assumptions.Assumption) bool { return a.ID == id })].Assumed()
}

// findings are the outcomes of all assumptions that have several answers.
func (s *session) findings() []Finding {
	if s.late {
		s.observe("A-39", "late")
	}
	s.missed("A-21", "only a change of an existing group can answer it")
	var all []Finding
	for _, a := range assumptions.All() {
		f := Finding{ID: a.ID, Question: a.Question, Verdict: NotReached, Source: a.Source, Reason: a.Fixed}
		if len(a.Answers) > 0 {
			f.Expected = a.Assumed()
			f.Reason = s.reasons[a.ID]
			if f.Reason == "" && !s.options.Write {
				f.Reason = "only --write can answer it"
			}
		}
		if got, reached := s.answers[a.ID]; reached {
			f.Got, f.Reason, f.Verdict = got, "", Contradicted
			if got == f.Expected {
				f.Verdict = Confirmed
			}
		}
		all = append(all, f)
	}
	return all
}

// removalTime is how long the removal of created objects may take after an
// interrupt.
const removalTime = 15 * time.Minute
