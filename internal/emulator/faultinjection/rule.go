// Package faultinjection disturbs the emulated API: by script, at chosen requests, or at
// random, repeatably.
package faultinjection

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Kind is the kind of a fault.
type Kind string

// The kinds.
const (
	// Latency answers late, after Delay.
	Latency Kind = "latency"
	// Status answers with Status instead of acting.
	Status Kind = "status"
	// StatusAfter acts, and then answers with Status.
	StatusAfter Kind = "status_after"
	// ResetBefore cuts the connection instead of acting.
	ResetBefore Kind = "reset_before"
	// ResetAfter acts, and then cuts the connection.
	ResetAfter Kind = "reset_after"
	// SlowBody sends the answer in small pieces, Delay apart.
	SlowBody Kind = "slow_body"
	// TruncatedJSON acts, and sends the first half of the answer.
	TruncatedJSON Kind = "truncated_json"
	// HTML acts, and sends a page as a proxy would.
	HTML Kind = "html"
	// WrongTypes acts, and sends texts for numbers and numbers for texts.
	WrongTypes Kind = "wrong_types"
	// MissingFields acts, and sends an object without fields.
	MissingFields Kind = "missing_fields"
	// NullFields acts, and sends null for every field.
	NullFields Kind = "null_fields"
	// NullBody acts, and sends null.
	NullBody Kind = "null_body"
	// EnormousBody acts, and sends an answer that does not end.
	EnormousBody Kind = "enormous_body"
	// Redirect sends the caller to Location, at another origin.
	Redirect Kind = "redirect"
	// LateVisibility acts on a creation, and then says for the next Count
	// requests that name the new object, or for the time For, that there is none.
	// With Lists the object is missing from lists as well.
	LateVisibility Kind = "late_visibility"
	// ListLag acts on a creation, and then leaves the new object out of the next
	// Count lists, or of all lists for the time For. Reading it by id works.
	ListLag Kind = "list_lag"
	// LateDeletion acts on a deletion or an archiving, and then shows the object
	// in Count more answers, or for the time For.
	LateDeletion Kind = "late_deletion"
	// StaleRead acts on a change of an object that exists, and then shows its
	// previous value in Count more answers, or for the time For.
	StaleRead Kind = "stale_read"
	// GatewayTimeout answers with Status, 504 when it is 0, at once. The API
	// acts Delay later.
	GatewayTimeout Kind = "gateway_timeout"
	// ListItemAdded, ListItemRemoved, ListItemRepeated and ListReordered change a
	// list after its first page was read: an object is there that was not, one
	// is left out, one comes again, or the order is reversed. Pages have Count
	// items, 1 when it is 0.
	ListItemAdded    Kind = "list_item_added"
	ListItemRemoved  Kind = "list_item_removed"
	ListItemRepeated Kind = "list_item_repeated"
	ListReordered    Kind = "list_reordered"
	// ListCursorLoop answers a list with two pages that point at each other.
	ListCursorLoop Kind = "list_cursor_loop"
	// ListWithoutEnd answers every page of a list with the items of the first
	// and a new cursor.
	ListWithoutEnd Kind = "list_without_end"
)

// Kinds lists all kinds.
var Kinds = []Kind{
	Latency, Status, StatusAfter, ResetBefore, ResetAfter, SlowBody, TruncatedJSON, HTML, WrongTypes, MissingFields, NullFields, NullBody,
	EnormousBody, Redirect, LateVisibility, ListLag, LateDeletion, StaleRead, GatewayTimeout, ListItemAdded, ListItemRemoved, ListItemRepeated,
	ListReordered, ListCursorLoop, ListWithoutEnd,
}

// keepsAnswer says that only later answers are disturbed, so that another rule
// may strike the same request.
func (k Kind) keepsAnswer() bool {
	return k == LateVisibility || k == ListLag || k == LateDeletion || k == StaleRead
}

// ofLists says that lists are disturbed.
func (k Kind) ofLists() bool { return strings.HasPrefix(string(k), "list_") && k != ListLag }

// Rule says which requests are disturbed, and how.
type Rule struct {
	// Method and Path choose the requests; empty means all. In a path, a
	// segment * stands for any segment and a last segment ** for any rest.
	Method string `yaml:"method"`
	Path   string `yaml:"path"`
	// Skip lets so many matching requests pass first, and Times is how many are
	// disturbed then, all of them when zero.
	Skip  int `yaml:"skip"`
	Times int `yaml:"times"`
	// Probability is that of a fault at each matching request; zero means
	// always.
	Probability float64 `yaml:"probability"`

	Fault Kind `yaml:"fault"`
	// Status is the answer of the kinds status, status_after and gateway_timeout.
	Status int `yaml:"status"`
	// RetryAfter and RetryAfterMs are sent as the headers of these names. A space
	// makes an empty header.
	RetryAfter   string `yaml:"retry_after"`
	RetryAfterMs string `yaml:"retry_after_ms"`
	// Delay is that of latency, slow_body and gateway_timeout.
	Delay time.Duration `yaml:"delay"`
	// Location is where redirect points.
	Location string `yaml:"location"`
	// Count is how many requests late_visibility, list_lag, late_deletion and
	// stale_read affect, and how many items a page of a changing list has.
	Count int `yaml:"count"`
	// For is how long late_visibility, list_lag, late_deletion and stale_read last,
	// instead of Count.
	For time.Duration `yaml:"for"`
	// Lists says that late_visibility hides an object from lists as well.
	Lists bool `yaml:"lists"`
}

// Plan is a file of rules.
type Plan struct {
	// Seed makes the random faults repeatable.
	Seed  uint64 `yaml:"seed"`
	Rules []Rule `yaml:"faults"`
}

// Read reads a plan from a YAML file. Unknown fields are errors.
func Read(path string) (Plan, error) {
	file, err := os.Open(path)
	if err != nil {
		return Plan{}, err
	}
	plan, err := Parse(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return plan, fmt.Errorf("%s: %w", path, err)
	}
	return plan, nil
}

// Parse reads a plan.
func Parse(r io.Reader) (plan Plan, err error) {
	if err := yaml.NewDecoder(r, yaml.Strict()).Decode(&plan); err != nil && !errors.Is(err, io.EOF) {
		return plan, err
	}
	for i, rule := range plan.Rules {
		if err := rule.check(); err != nil {
			return plan, fmt.Errorf("faults[%d]: %w", i, err)
		}
	}
	return plan, nil
}

func (r Rule) check() error {
	switch {
	case !slices.Contains(Kinds, r.Fault):
		return fmt.Errorf("unknown fault %q: use one of %v", r.Fault, Kinds)
	case (r.Fault == Status || r.Fault == StatusAfter) && (r.Status < 400 || r.Status > 599):
		return fmt.Errorf("fault %s needs a status from 400 to 599, got %d", r.Fault, r.Status)
	case r.Fault == GatewayTimeout && r.Status != 0 && (r.Status < 500 || r.Status > 599):
		return fmt.Errorf("fault %s takes a status from 500 to 599, got %d", r.Fault, r.Status)
	case r.Fault.keepsAnswer() && r.Count == 0 && r.For == 0:
		return fmt.Errorf("fault %s needs a count, or a time such as for: 2s", r.Fault)
	case (r.Fault == Latency || r.Fault == SlowBody || r.Fault == GatewayTimeout) && r.Delay <= 0:
		return fmt.Errorf("fault %s needs a delay such as 200ms", r.Fault)
	case !(r.Probability >= 0 && r.Probability <= 1): // NaN is neither
		return fmt.Errorf("a probability lies between 0 and 1, got %g", r.Probability)
	case r.Skip < 0 || r.Times < 0 || r.Count < 0 || r.For < 0:
		return errors.New("skip, times, count and for must not be negative")
	}
	return nil
}

// applies says whether the fault can strike at such a request.
func (r Rule) applies(req *http.Request) bool {
	switch {
	case r.Fault == LateDeletion:
		return req.Method == http.MethodDelete || strings.HasSuffix(req.URL.Path, "/archive")
	case r.Fault == StaleRead:
		return req.Method == http.MethodPost && !strings.HasSuffix(req.URL.Path, "/archive")
	case r.Fault == LateVisibility, r.Fault == ListLag:
		return req.Method == http.MethodPost
	case r.Fault.ofLists():
		return req.Method == http.MethodGet && req.URL.Query().Get("after") == ""
	}
	return true
}

func (r Rule) matches(req *http.Request) bool {
	if r.Method != "" && r.Method != req.Method {
		return false
	}
	if r.Path == "" {
		return true
	}
	pattern, path := strings.Split(r.Path, "/"), strings.Split(req.URL.Path, "/")
	for i, segment := range pattern {
		switch {
		case segment == "**" && i == len(pattern)-1:
			return true
		case i >= len(path) || segment != "*" && segment != path[i]:
			return false
		}
	}
	return len(pattern) == len(path)
}
