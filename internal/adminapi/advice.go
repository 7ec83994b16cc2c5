package adminapi

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// Advice has the reads for plan warnings. They are few, short and shared, and
// a failure is not an error: the caller gets no answer then.
type Advice struct {
	client     *Client
	off        bool
	suppressed []string
	// patience is how long one read may take, waits included.
	patience time.Duration

	reads *transport.OptionalReads

	mu     sync.Mutex
	said   map[string]bool
	limits map[string]PlannedAmount
	alerts map[string][]PlannedAmount
	kept   map[string]bool
	// removed are the hard limits, in cents, that the plan removes from projects
	// that it has not kept so far.
	removed map[string]int64

	spending sync.Mutex
	asked    bool
	spend    *Spend
}

const (
	advicePatience = 3 * time.Second
	// activeDays is how long ago traffic still counts.
	activeDays = 7
)

func newAdvice(c *Client, off bool, suppressed []string) *Advice {
	return &Advice{
		client: c, off: off, suppressed: suppressed, patience: advicePatience,
		reads: transport.NewOptionalReads(c.clock),
		said:  map[string]bool{}, limits: map[string]PlannedAmount{}, alerts: map[string][]PlannedAmount{},
		kept: map[string]bool{}, removed: map[string]int64{},
	}
}

// Wanted says whether warnings of a kind are wanted.
func (a *Advice) Wanted(kind string) bool { return !a.off && !slices.Contains(a.suppressed, kind) }

// First reports whether a warning, the same for all objects, is the first of its
// kind.
func (a *Advice) First(kind string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	first := !a.said[kind]
	a.said[kind] = true
	return first
}

// Optional runs a read that only serves a warning. All of these together make
// few requests and take seconds, however slow the API is.
func (a *Advice) Optional(ctx context.Context, read func(ctx context.Context) error) error {
	if a.off {
		return transport.ErrNoOptionalReads
	}
	return a.bounded(ctx, read)
}

// bounded is Optional for reads that are made with plan_checks = false, too.
func (a *Advice) bounded(ctx context.Context, read func(ctx context.Context) error) error {
	left := a.reads.Begin()
	defer a.reads.End()
	if left <= 0 {
		return transport.ErrNoOptionalReads
	}
	ctx, cancel := transport.Briefly(cache.OnlyToWarn(ctx), min(left, a.patience), a.reads)
	defer cancel()
	return read(ctx)
}

// PlannedAmount is the amount of a limit or an alert that is planned, in cents.
type PlannedAmount struct {
	Cents int64
	// Suppressed says that the warning of an alert above the limit is suppressed.
	Suppressed bool
}

// PlanLimit records the hard limit that is planned for a scope, and returns the
// alerts planned so far.
func (a *Advice) PlanLimit(scope string, limit PlannedAmount) []PlannedAmount {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.limits[scope] = limit
	return slices.Clone(a.alerts[scope])
}

// PlanAlert records an alert that is planned for a scope, and returns the hard
// limit if it is planned already.
func (a *Advice) PlanAlert(scope string, alert PlannedAmount) (limit PlannedAmount, planned bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !slices.Contains(a.alerts[scope], alert) {
		a.alerts[scope] = append(a.alerts[scope], alert)
	}
	limit, planned = a.limits[scope]
	return limit, planned
}

// RemoveLimit records that the plan removes the hard limit of a project, and
// reports whether the plan is known to keep the project. Terraform plans the
// removal of a limit before that of its project.
func (a *Advice) RemoveLimit(project string, cents int64) (kept bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.kept[project] {
		a.removed[project] = cents
	}
	return a.kept[project]
}

// KeepProject records that the plan keeps a project, and returns the hard limit,
// in cents, if its removal is planned already and was not reported.
func (a *Advice) KeepProject(project string) (cents int64, removed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept[project] = true
	cents, removed = a.removed[project]
	delete(a.removed, project)
	return cents, removed
}

// Unlimited reports whether a project certainly has no hard limit.
func (a *Advice) Unlimited(ctx context.Context, project string) bool {
	return IsNotFound(a.Optional(ctx, func(ctx context.Context) error {
		_, err := a.client.SpendLimits.Get(ctx, project)
		return err
	}))
}

// Spend is the recent spend, as far as the API knows.
type Spend struct {
	// Month is the spend of each project in this calendar month (UTC), in dollars,
	// and under WholeOrganization that of all.
	Month map[string]decimal.Decimal
	// Active are the projects that have spent something in the last 7 days.
	Active map[string]bool
}

// Spend reads the recent spend, once per process. It returns nil when that is
// not known.
func (a *Advice) Spend(ctx context.Context) *Spend {
	a.spending.Lock()
	defer a.spending.Unlock()
	if !a.asked {
		a.asked = true
		_ = a.Optional(ctx, func(ctx context.Context) (err error) { // advice has no errors
			a.spend, err = a.readSpend(ctx)
			return err
		})
	}
	return a.spend
}

func (a *Advice) readSpend(ctx context.Context) (*Spend, error) {
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
