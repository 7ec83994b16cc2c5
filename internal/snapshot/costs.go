package snapshot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// Costs are the costs of each day (UTC), by project, and under
// adminapi.WholeOrganization those of all.
type Costs struct {
	days map[string]map[int64]decimal.Decimal
}

// readCosts reads the costs from the previous month on, or from an earlier day.
// Both are one page of the API, up to 180 days.
func (r reader) readCosts(ctx context.Context) (Costs, error) {
	start := r.snapshot.PreviousMonth()
	if since := r.parts.Since; !since.IsZero() && since.Before(start) {
		start = since.UTC().Truncate(day)
	}
	buckets, err := r.client.Usage.Costs(ctx, adminapi.UsageQuery{
		StartTime: start.Unix(), EndTime: r.snapshot.At.Unix() + 1, BucketWidth: "1d", GroupBy: []string{"project_id"},
	})
	if err != nil {
		return Costs{}, err
	}
	costs := Costs{days: map[string]map[int64]decimal.Decimal{}}
	for _, bucket := range buckets {
		for _, result := range bucket.Results {
			if !strings.EqualFold(result.Amount.Currency, "usd") {
				return Costs{}, fmt.Errorf("the API returned costs in %q, which cannot be compared with limits in US dollars", result.Amount.Currency)
			}
			amount, err := decimal.NewFromString(result.Amount.Value.String())
			if err != nil {
				return Costs{}, fmt.Errorf("the API returned %q as an amount", result.Amount.Value)
			}
			costs.add(adminapi.WholeOrganization, bucket.StartTime, amount)
			if result.ProjectID != nil && *result.ProjectID != "" {
				costs.add(*result.ProjectID, bucket.StartTime, amount)
			}
		}
	}
	return costs, nil
}

func (c Costs) add(scope string, at int64, amount decimal.Decimal) {
	if c.days[scope] == nil {
		c.days[scope] = map[int64]decimal.Decimal{}
	}
	c.days[scope][at] = c.days[scope][at].Add(amount)
}

// Between is the sum of a scope from one time to before another one.
func (c Costs) Between(scope string, from, to time.Time) decimal.Decimal {
	var sum decimal.Decimal
	for at, amount := range c.days[scope] {
		if at >= from.Unix() && at < to.Unix() {
			sum = sum.Add(amount)
		}
	}
	return sum
}

// first is the first day on which a scope has costs, the zero time when there is
// none.
func (c Costs) first(scope string) time.Time {
	var first time.Time
	for at, amount := range c.days[scope] {
		if day := time.Unix(at, 0).UTC(); amount.IsPositive() && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	return first
}

// ThisMonth is the spend of a scope in the month of the snapshot.
func (s *Snapshot) ThisMonth(scope string) decimal.Decimal {
	return s.Costs.Between(scope, s.Month(), s.At)
}

// LastMonth is the spend of a scope in the month before that of the snapshot.
func (s *Snapshot) LastMonth(scope string) decimal.Decimal {
	return s.Costs.Between(scope, s.PreviousMonth(), s.Month())
}

// averagedDays are the complete days that a projection averages: a week, so that
// working days and weekends count alike.
const averagedDays = 7

// Projection is an expectation of the spend of a month.
type Projection struct {
	// Total is the spend at the end of the month.
	Total decimal.Decimal
	// perDay is the average, and today the first day that it is used for.
	perDay decimal.Decimal
	today  time.Time
	// spentToday is what today has cost so far.
	spentToday decimal.Decimal
}

// Projection is the expected spend of a scope at the end of the month, and whether
// there is one: the spend of the month so far, with each day after today at the
// average of the last averagedDays complete days, and today at that average or its
// spend so far, whichever is more. The average begins on the first day with costs
// or of the scope's creation, whichever is earlier. Without a complete day there is
// no projection.
func (s *Snapshot) Projection(scope string) (Projection, bool) {
	today := s.today()
	from := today.AddDate(0, 0, -averagedDays)
	if since := s.since(scope); since.After(from) {
		from = since
	}
	complete := int64(today.Sub(from) / day)
	if complete < 1 {
		return Projection{}, false
	}
	p := Projection{
		perDay: s.Costs.Between(scope, from, today).Div(decimal.NewFromInt(complete)),
		today:  today, spentToday: s.Costs.Between(scope, today, s.At),
	}
	after := int64(s.Month().AddDate(0, 1, 0).Sub(today)/day) - 1
	p.Total = s.Costs.Between(scope, s.Month(), today).
		Add(decimal.Max(p.spentToday, p.perDay)).
		Add(p.perDay.Mul(decimal.NewFromInt(after)))
	return p, true
}

// Reaches is the day on which the spend reaches what is left of a limit. It is
// after the month when the total stays below the limit.
func (p Projection) Reaches(left decimal.Decimal) time.Time {
	left = left.Sub(decimal.Max(decimal.Zero, p.perDay.Sub(p.spentToday)))
	if !left.IsPositive() || !p.perDay.IsPositive() {
		return p.today
	}
	return p.today.AddDate(0, 0, int(left.Div(p.perDay).Ceil().IntPart()))
}

// since is the first day of a scope: of its creation, or of costs before that.
func (s *Snapshot) since(scope string) time.Time {
	first := s.Costs.first(scope)
	for _, p := range s.Projects {
		if scope != adminapi.WholeOrganization && p.ID != scope {
			continue
		}
		if created := time.Unix(p.CreatedAt, 0).UTC().Truncate(day); first.IsZero() || created.Before(first) {
			first = created
		}
	}
	return first
}
