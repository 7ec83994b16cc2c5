// Package planreview turns a plan into a report for a reviewer: which limits,
// keys, members and projects change, and which of the changes are risks. It
// reads the file that `terraform show -json` or `tofu show -json` writes, and
// nothing else.
package planreview

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"golang.org/x/text/encoding/unicode"
)

// maxPlanSize is more than a plan of a hundred thousand resources takes.
const maxPlanSize = 1 << 30

// GCPercent makes the garbage collector keep the memory of a review small: a plan
// of 192 MB takes less than 300 MB.
const GCPercent = 40

// Plan is the part of a plan that a review needs: changes of the provider's
// objects as JSON, which is decoded one object at a time, and names.
type Plan struct {
	changes, drift []*resourceChange
	actions        []*actionInvocation
	names          *names
	secrets        map[string]bool
	timestamp      string
	// errored says that planning ended with an error.
	errored bool
	// complete is false when the plan has a part of the changes.
	complete *bool
	// others are objects of other providers. othersChanged of them change.
	others, othersChanged   int
	deferred, failingChecks int
	// existing are limits of the API, by project, as far as they were read.
	existing map[string]value
}

// resourceChange is a planned change of an object.
type resourceChange struct {
	Address         string              `json:"address"`
	PreviousAddress string              `json:"previous_address"`
	ModuleAddress   string              `json:"module_address"`
	Mode            tfjson.ResourceMode `json:"mode"`
	Type            string              `json:"type"`
	Name            string              `json:"name"`
	Index           any                 `json:"index"`
	Change          *planChange         `json:"change"`
}

// planChange has both sides of a change as JSON.
type planChange struct {
	Actions         tfjson.Actions  `json:"actions"`
	Before          json.RawMessage `json:"before"`
	After           json.RawMessage `json:"after"`
	AfterUnknown    json.RawMessage `json:"after_unknown"`
	BeforeSensitive json.RawMessage `json:"before_sensitive"`
	AfterSensitive  json.RawMessage `json:"after_sensitive"`
	Importing       *struct{}       `json:"importing"`
}

func (c *planChange) before() value {
	return value{raw: decoded(c.Before), sensitive: decoded(c.BeforeSensitive)}
}

func (c *planChange) after() value {
	return value{decoded(c.After), decoded(c.AfterUnknown), decoded(c.AfterSensitive)}
}

// compact keeps one copy of equal sides and of marks, which most objects share.
func (d *decoder) compact(c *planChange) {
	if bytes.Equal(c.Before, c.After) {
		c.After = c.Before
	}
	for _, marks := range []*json.RawMessage{&c.AfterUnknown, &c.BeforeSensitive, &c.AfterSensitive} {
		known, ok := d.marks[string(*marks)]
		if !ok {
			known = *marks
			d.marks[string(known)] = known
		}
		*marks = known
	}
}

// decoded decodes a value that was read from valid JSON.
func decoded(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	var v any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	_ = decoder.Decode(&v)
	return v
}

const howToMakeAPlan = "make one with\n  terraform plan -out plan.tfplan && terraform show -json plan.tfplan > plan.json"

var (
	errLog   = errors.New("this is the log of terraform plan -json, not the plan: " + howToMakeAPlan)
	errState = errors.New("this is a state, not a plan: " + howToMakeAPlan)
	errOther = errors.New("this is JSON, but not a plan: " + howToMakeAPlan)
	errSize  = errors.New("this is too large for a plan")
)

// Read reads a plan. Content that is no plan is refused with a guess of its
// format. UTF-16, which PowerShell writes, is decoded.
func Read(r io.Reader) (*Plan, error) {
	limited := &io.LimitedReader{R: r, N: maxPlanSize + 1}
	text := bufio.NewReaderSize(asUTF8(limited), 1<<16)
	start, err := skipSpace(text)
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("this is empty, not a plan: " + howToMakeAPlan)
	case err != nil:
		return nil, err
	case strings.HasPrefix(start, "PK\x03\x04"):
		return nil, errors.New("this is a plan in Terraform's own format, which only Terraform reads: convert it with\n  terraform show -json plan.tfplan > plan.json")
	case start[0] != '{':
		return nil, errors.New("this is not JSON: " + howToMakeAPlan)
	case strings.HasPrefix(start, `{"@`):
		return nil, errLog
	}
	plan, err := decode(newStream(text))
	if limited.N <= 0 {
		return nil, errSize
	}
	return plan, err
}

// asUTF8 decodes UTF-16, with a byte order mark or by its zeros.
func asUTF8(r io.Reader) io.Reader {
	raw := bufio.NewReader(r)
	start, _ := raw.Peek(2)
	switch string(start) {
	case "\xff\xfe", "{\x00":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(raw)
	case "\xfe\xff", "\x00{":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(raw)
	default:
		return unicode.UTF8BOM.NewDecoder().Reader(raw)
	}
}

// skipSpace takes white space, and returns the text after it without taking it.
func skipSpace(r *bufio.Reader) (string, error) {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return "", err
		}
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			break
		}
	}
	if err := r.UnreadByte(); err != nil {
		return "", err
	}
	start, _ := r.Peek(4) // a shorter text is no plan, and has an error of its own
	return string(start), nil
}

// decoder reads a plan.
type decoder struct {
	stream
	*Plan
	// version is that of the format, changed and planned say which of two members
	// the plan has. One of them is in every plan.
	version          string
	changed, planned bool
	// interned are texts that the plan repeats.
	interned map[string]string
	marks    map[string]json.RawMessage
	// variables are the values of variables of the root module.
	variables map[string]struct{ Value any }
}

func decode(s stream) (*Plan, error) {
	d := &decoder{stream: s, interned: map[string]string{}, marks: map[string]json.RawMessage{}, Plan: &Plan{names: newNames(), secrets: map[string]bool{}, existing: map[string]value{}}}
	err := d.members(d.member)
	if err == nil {
		err = d.end()
	}
	_, isSyntax := errors.AsType[*json.SyntaxError](err)
	switch {
	case errors.Is(err, errState), errors.Is(err, errLog):
		return nil, err
	case isSyntax, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("this is not valid JSON: %w", err)
	case err != nil:
		return nil, fmt.Errorf("the plan cannot be read: %w", err)
	case d.version == "" || !d.planned && !d.changed:
		return nil, errOther
	}
	if err := (&tfjson.Plan{FormatVersion: d.version}).Validate(); err != nil {
		return nil, fmt.Errorf("the plan cannot be read: %w", err)
	}
	d.finish()
	return d.Plan, nil
}

// member reads one member of the plan.
func (d *decoder) member(name string) error {
	switch name {
	case "@level":
		return errLog
	case "lineage", "values":
		return errState
	case "format_version":
		return d.Decode(&d.version)
	case "timestamp":
		return d.Decode(&d.timestamp)
	case "errored":
		return d.Decode(&d.errored)
	case "complete":
		return d.Decode(&d.complete)
	case "resource_changes":
		d.changed = true
		return d.elements(d.resourceChange)
	case "resource_drift":
		return d.elements(d.resourceDrift)
	case "action_invocations":
		return d.elements(d.actionInvocation)
	case "output_changes":
		return d.members(d.outputChange)
	case "variables":
		return d.Decode(&d.variables)
	case "configuration":
		return d.Decode(&d.names.config)
	case "prior_state":
		return d.members(d.nested("values", d.nested("root_module", d.module)))
	case "deferred_changes", "deferred_action_invocations":
		return d.elements(func() error { d.deferred++; return d.skip() })
	case "checks":
		return d.elements(d.check)
	case "planned_values":
		d.planned = true
	}
	return d.skip()
}

// nested reads one member of an object, and skips the others.
func (d *decoder) nested(member string, read func(name string) error) func(name string) error {
	return func(name string) error {
		if name == member {
			return d.members(read)
		}
		return d.skip()
	}
}

func (d *decoder) resourceChange() error {
	c, err := d.change()
	switch {
	case err != nil || c == nil:
	case !strings.HasPrefix(c.Type, ours):
		d.others++
		if !c.Change.Actions.NoOp() {
			d.othersChanged++
		}
	default:
		d.changes = append(d.changes, c)
		was, is := c.Change.before(), c.Change.after()
		// Planned values come before present ones, so that new names win.
		d.names.planned.learn(is)
		d.names.planned.learn(was)
		d.names.add(c)
	}
	return err
}

func (d *decoder) resourceDrift() error {
	c, err := d.change()
	if err == nil && c != nil && strings.HasPrefix(c.Type, ours) {
		d.drift = append(d.drift, c)
		d.names.drifted.learn(c.Change.after())
		d.names.drifted.learn(c.Change.before())
	}
	return err
}

// change reads a change of a managed resource. It returns nil for those of data
// sources.
func (d *decoder) change() (*resourceChange, error) {
	c := &resourceChange{}
	if err := d.Decode(c); err != nil {
		return nil, err
	}
	if c.Change == nil || c.Mode == tfjson.DataResourceMode {
		return nil, nil
	}
	was, is := c.Change.before(), c.Change.after()
	collect(was.raw, was.sensitive, d.secrets)
	collect(is.raw, is.sensitive, d.secrets)
	d.compact(c.Change)
	c.Type, c.Name, c.ModuleAddress = d.intern(c.Type), d.intern(c.Name), d.intern(c.ModuleAddress)
	return c, nil
}

func (d *decoder) intern(s string) string {
	if known, ok := d.interned[s]; ok {
		return known
	}
	d.interned[s] = s
	return s
}

func (d *decoder) outputChange(string) error {
	var c planChange
	if err := d.Decode(&c); err != nil {
		return err
	}
	was, is := c.before(), c.after()
	collect(was.raw, was.sensitive, d.secrets)
	collect(is.raw, is.sensitive, d.secrets)
	return nil
}

// module learns the names of a module of the state. Plans without changes have
// no other source of names.
func (d *decoder) module(name string) error {
	switch name {
	case "resources":
		return d.elements(func() error {
			var r struct {
				Type      string          `json:"type"`
				Values    json.RawMessage `json:"values"`
				Sensitive json.RawMessage `json:"sensitive_values"`
			}
			err := d.Decode(&r)
			if err == nil && strings.HasPrefix(r.Type, ours) {
				d.names.state.learn(value{raw: decoded(r.Values), sensitive: decoded(r.Sensitive)})
			}
			return err
		})
	case "child_modules":
		return d.elements(func() error { return d.members(d.module) })
	default:
		return d.skip()
	}
}

func (d *decoder) check() error {
	var check struct {
		Status tfjson.CheckStatus `json:"status"`
	}
	err := d.Decode(&check)
	if check.Status == tfjson.CheckStatusFail {
		d.failingChecks++
	}
	return err
}

// finish takes the secrets among the variables, which the plan does not mark.
func (d *decoder) finish() {
	if d.names.config == nil || d.names.config.RootModule == nil {
		return
	}
	d.names.config.RootModule.index()
	for name, declared := range d.names.config.RootModule.Variables {
		if declared.Sensitive {
			collect(d.variables[name].Value, true, d.secrets)
		}
	}
}
