package adminapi

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// Advice is what plans are warned with. Its reads are few, short and shared,
// and nothing that goes wrong with them is an error: whoever asks gets no
// answer then.
type Advice struct {
	client       *Client
	off          bool
	acknowledged []string
	// patience is how long one read may take, waits included.
	patience time.Duration

	mu     sync.Mutex
	said   map[string]bool
	limits map[string]int64
	alerts map[string]int64
	looked int

	spending sync.Mutex
	asked    bool
	spend    *Spend
}

const (
	advicePatience = 3 * time.Second
	// maxLimitLooks is how many limits are read for advice in one run.
	maxLimitLooks = 3
	// activeDays is how long ago traffic still counts.
	activeDays = 7
)

func newAdvice(c *Client, off bool, acknowledged []string) *Advice {
	return &Advice{client: c, off: off, acknowledged: acknowledged, patience: advicePatience, said: map[string]bool{}, limits: map[string]int64{}, alerts: map[string]int64{}}
}

// Wanted says whether warnings of a kind are wanted.
func (a *Advice) Wanted(kind string) bool { return !a.off && !slices.Contains(a.acknowledged, kind) }

// First says whether this is the first warning of its kind in this run.
func (a *Advice) First(kind string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	first := !a.said[kind]
	a.said[kind] = true
	return first
}

func (a *Advice) hasSaid(kind string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.said[kind]
}

// PlanLimit tells of the hard limit that a scope is planned to have, and
// returns the highest alert that is planned for it, 0 for none.
func (a *Advice) PlanLimit(scope string, cents int64) (alert int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.limits[scope] = cents
	return a.alerts[scope]
}

// PlanAlert tells of an alert that a scope is planned to have, and returns the
// hard limit that it has or is planned to have, 0 when it is not known. It
// reads nothing.
func (a *Advice) PlanAlert(scope string, cents int64) (limit int64) {
	known := a.client.SpendLimits.knownLimit(scope)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.alerts[scope] = max(a.alerts[scope], cents)
	if planned, ok := a.limits[scope]; ok {
		return planned
	}
	return known
}

// knownLimit is the amount of a limit that this process has seen, 0 otherwise.
func (s *SpendLimits) knownLimit(scope string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[scope].ThresholdAmount
}

// Unlimited says whether a project certainly has no hard limit. It looks for a
// few projects in a run, and no more after the first that was warned about.
func (a *Advice) Unlimited(ctx context.Context, kind, project string) bool {
	a.mu.Lock()
	_, planned := a.limits[project]
	look := !planned && a.looked < maxLimitLooks
	if look {
		a.looked++
	}
	a.mu.Unlock()
	if !look || a.hasSaid(kind) {
		return false
	}
	ctx, cancel := briefly(ctx, a.patience)
	defer cancel()
	_, err := a.client.SpendLimits.Get(ctx, project)
	return IsNotFound(err)
}

// Spend is what was spent of late, as far as the API knows.
type Spend struct {
	// Month is what each project has spent this calendar month (UTC), in
	// dollars, and WholeOrganization what all have.
	Month map[string]decimal.Decimal
	// Active are the projects that have spent something in the last 7 days.
	Active map[string]bool
}

// Spend reads what was spent, once in a run. It is nil when that is not known.
func (a *Advice) Spend(ctx context.Context) *Spend {
	a.spending.Lock()
	defer a.spending.Unlock()
	if !a.asked {
		a.asked = true
		a.spend, _ = a.readSpend(ctx) // advice has no errors
	}
	return a.spend
}

func (a *Advice) readSpend(ctx context.Context) (*Spend, error) {
	ctx, cancel := briefly(ctx, a.patience)
	defer cancel()
	now := a.client.Now().UTC()
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	active := now.Truncate(24*time.Hour).AddDate(0, 0, -activeDays)
	start := month
	if active.Before(month) {
		start = active
	}
	buckets, err := a.client.Usage.Costs(ctx, UsageQuery{
		StartTime: start.Unix(), EndTime: now.Unix() + 1, BucketWidth: "1d", GroupBy: []string{"project_id"},
	})
	if err != nil {
		return nil, err
	}
	spend := &Spend{Month: map[string]decimal.Decimal{}, Active: map[string]bool{}}
	for _, bucket := range buckets {
		for _, result := range bucket.Results {
			amount, err := decimal.NewFromString(result.Amount.Value.String())
			if err != nil {
				return nil, fmt.Errorf("costs: %w", err)
			}
			project := WholeOrganization
			if result.ProjectID != nil {
				project = *result.ProjectID
			}
			if bucket.StartTime >= active.Unix() && amount.IsPositive() {
				spend.Active[project] = true
			}
			if bucket.StartTime < month.Unix() {
				continue
			}
			spend.Month[WholeOrganization] = spend.Month[WholeOrganization].Add(amount)
			if project != WholeOrganization {
				spend.Month[project] = spend.Month[project].Add(amount)
			}
		}
	}
	return spend, nil
}

type briefKey struct{}

// briefly makes calls fail that would take longer than this: by the client's
// clock where they would wait, and by the real time where the server does not
// answer.
func briefly(ctx context.Context, patience time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithValue(ctx, briefKey{}, patience), patience)
}

// brief is how long a call may wait that is only for advice.
func brief(ctx context.Context) (patience time.Duration, ok bool) {
	patience, ok = ctx.Value(briefKey{}).(time.Duration)
	return patience, ok
}
