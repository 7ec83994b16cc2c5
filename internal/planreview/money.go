package planreview

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// sum adds up the hard limits of projects, before and after.
type sum struct {
	before, after decimal.Decimal
	// changed says that the plan changes one.
	changed bool
	// added limits have no amount before, removed ones none after, and the amounts
	// of unknown ones are not in the plan.
	added, removed, unknown int
}

// add takes a limit.
func (s *sum) add(c *change) {
	s.changed = s.changed || !c.nothing()
	was, hadAmount := cents(c.before).number()
	is, hasAmount := cents(c.after).number()
	s.before, s.after = s.before.Add(was), s.after.Add(is)
	switch {
	case c.after.raw != nil && !hasAmount:
		s.unknown++
	case hadAmount && c.after.raw == nil:
		s.removed++
	case !hadAmount && c.before.raw == nil:
		s.added++
	}
}

// text is the sum in a few words, empty when nothing changes.
func (s *sum) text() string {
	if !s.changed {
		return ""
	}
	text := transition(dollars(s.before), dollars(s.after)) + " USD a month"
	if s.removed > 0 && s.after.IsZero() {
		text = dollars(s.before) + " USD a month → none"
	}
	var notes []string
	for _, note := range []struct {
		n    int
		what string
	}{{s.added, "created"}, {s.removed, "removed"}, {s.unknown, "not known"}} {
		if note.n > 0 {
			notes = append(notes, fmt.Sprintf("%d %s", note.n, note.what))
		}
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}

// dollars writes cents, without a fraction where there is none.
func dollars(amount decimal.Decimal) string {
	places := int32(2)
	if amount.Shift(-2).IsInteger() {
		places = 0
	}
	return grouped(amount.Shift(-2).StringFixed(places))
}

// total is the line of money in a report.
func (r *reviewer) total() string {
	var texts []string
	if text := r.plan.projects.text(); text != "" {
		texts = append(texts, "Hard limits: "+text)
	}
	if text := r.plan.organization.text(); text != "" {
		texts = append(texts, "Hard limit of the organization: "+text)
	}
	return strings.Join(texts, ". ")
}

// LimitReader reads the hard limit of a project, or of the organization when
// project is empty. It returns nil when there is none.
type LimitReader func(ctx context.Context, project string) (cents *int64, err error)

// ReadLimits reads the limits that creates of the plan may overwrite, so that the
// review has their amounts.
func (p *Plan) ReadLimits(ctx context.Context, read LimitReader) error {
	r := newReviewer(p)
	for _, raw := range p.changes {
		if !strings.HasSuffix(raw.Type, "_spend_limit") || !raw.Change.Actions.Create() {
			continue
		}
		c := newChange(raw)
		scope := r.scope(c, c.after)
		if !r.mayExist(scope) {
			continue
		}
		project := scope
		if scope == wholeOrganization {
			project = ""
		}
		amount, err := read(ctx, project)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Address, err)
		}
		p.existing[scope] = value{}
		if amount != nil {
			p.existing[scope] = value{raw: json.Number(decimal.NewFromInt(*amount).String())}
		}
	}
	return nil
}
