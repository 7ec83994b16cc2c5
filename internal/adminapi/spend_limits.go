package adminapi

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// WholeOrganization stands for the organization where a project's id would
// stand for a project.
const WholeOrganization = ""

const (
	organizationLimitPath = "/organization/spend_limit"
	projectLimitPath      = projectPath + "/spend_limit"
)

// SpendLimit is the hard limit of the organization or of a project.
type SpendLimit struct {
	// ThresholdAmount is in cents.
	ThresholdAmount    int64
	Currency, Interval string
	// EnforcementStatus is computed by the API and changes by itself.
	EnforcementStatus string
}

// sameAs compares the fields that a user sets.
func (l SpendLimit) sameAs(other SpendLimit) bool {
	return l.ThresholdAmount == other.ThresholdAmount && l.Currency == other.Currency && l.Interval == other.Interval
}

// SpendLimits are the hard limits, one for each scope at most.
type SpendLimits struct {
	client       *Client
	organization openai.AdminOrganizationSpendLimitService
	project      openai.AdminOrganizationProjectSpendLimitService

	mu sync.Mutex
	// known are the limits that this process has read or written.
	known map[string]knownLimit
	// alerts are the writes of alerts that are under way, by scope.
	alerts map[string]*alertWrites
	// ahead are limits that were read ahead, for the next caller each.
	ahead map[string]SpendLimit
	kind  *cache.Kind
	// reading is held, for each scope, while its limit is read.
	reading wait.Locks
	// absent are the scopes that had none when this process looked.
	absent map[string]bool
	// writing is held, for each scope, while its limit or one of its alerts is
	// written: the one write was seen to change the other.
	writing wait.Locks
}

// recentlyKnown is how long a limit that was read or written counts as that of
// now.
const recentlyKnown = 10 * time.Minute

// knownLimit is a limit as it was at a time.
type knownLimit struct {
	SpendLimit
	at time.Time
}

func newSpendLimits(c *Client, organization openai.AdminOrganizationSpendLimitService, project openai.AdminOrganizationProjectSpendLimitService) *SpendLimits {
	s := &SpendLimits{client: c, organization: organization, project: project, known: map[string]knownLimit{}, alerts: map[string]*alertWrites{}, ahead: map[string]SpendLimit{}, absent: map[string]bool{}}
	s.kind = c.readsAhead(s.get(projectParameter), s.readAhead)
	return s
}

func limitPath(scope string) string {
	if scope == WholeOrganization {
		return organizationLimitPath
	}
	return projectLimitPath
}

func organizationLimit(l *openai.OrganizationSpendLimit, err error) (*SpendLimit, error) {
	if err != nil {
		return nil, err
	}
	if l == nil || !l.JSON.ThresholdAmount.Valid() {
		return nil, errIncomplete
	}
	return &SpendLimit{
		ThresholdAmount: l.ThresholdAmount, Currency: string(l.Currency), Interval: string(l.Interval),
		EnforcementStatus: l.Enforcement.Status,
	}, nil
}

func projectLimit(l *openai.ProjectSpendLimit, err error) (*SpendLimit, error) {
	if err != nil {
		return nil, err
	}
	if l == nil || !l.JSON.ThresholdAmount.Valid() {
		return nil, errIncomplete
	}
	return &SpendLimit{
		ThresholdAmount: l.ThresholdAmount, Currency: string(l.Currency), Interval: string(l.Interval),
		EnforcementStatus: l.Enforcement.Status,
	}, nil
}

func (s *SpendLimits) get(scope string) transport.Operation {
	return transport.Read("read spend limit", limitPath(scope))
}

// Get returns the limit of a scope.
func (s *SpendLimits) Get(ctx context.Context, scope string) (*SpendLimit, error) {
	if s.kind == nil || scope == WholeOrganization || cache.IsPastSnapshot(ctx) {
		return s.read(ctx, scope)
	}
	s.kind.Want(scope)
	unlock, err := s.reading.Lock(ctx, scope, cache.SameSetting)
	if err != nil {
		return nil, err
	}
	defer unlock()
	s.mu.Lock()
	limit, ok := s.ahead[scope]
	delete(s.ahead, scope)
	s.mu.Unlock()
	if ok {
		return &limit, nil
	}
	return s.read(ctx, scope)
}

// readAhead reads a limit for the next caller of Get.
func (s *SpendLimits) readAhead(ctx context.Context, scope string) (found bool, err error) {
	unlock, err := s.reading.Lock(ctx, scope, cache.SameSetting)
	if err != nil {
		return false, err
	}
	defer unlock()
	limit, err := s.read(ctx, scope)
	if err != nil {
		return false, err // a 404 is not kept: a caller reads it again
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead[scope] = *limit
	return true, nil
}

// read reads the limit of a scope.
func (s *SpendLimits) read(ctx context.Context, scope string) (*SpendLimit, error) {
	limit, err := call(ctx, s.client, s.get(scope),
		func(ctx context.Context, opts ...option.RequestOption) (*SpendLimit, error) {
			if scope == WholeOrganization {
				return organizationLimit(s.organization.Get(ctx, opts...))
			}
			return projectLimit(s.project.Get(ctx, scope, opts...))
		})
	if err == nil {
		s.remember(scope, limit)
	}
	return limit, err
}

// Existing returns the limit of a scope, nil when there is none. It reads a
// limit that this process does not know, once. A project that this
// configuration has created has no limit that it does not know.
func (s *SpendLimits) Existing(ctx context.Context, scope string) (*SpendLimit, error) {
	s.mu.Lock()
	limit, known := s.known[scope]
	absent := s.absent[scope]
	s.mu.Unlock()
	switch {
	case known:
		return &limit.SpendLimit, nil
	case absent || s.client.HasCreated(scope):
		return nil, nil
	}
	read, err := s.Get(ctx, scope)
	if IsDeleted(err) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.absent[scope] = true
		return nil, nil
	}
	return read, err
}

// Set creates or replaces the limit of a scope.
func (s *SpendLimits) Set(ctx context.Context, scope string, limit SpendLimit) (*SpendLimit, error) {
	unlock, err := s.writing.Lock(ctx, scope, cache.SameSetting)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return s.set(ctx, scope, limit)
}

func (s *SpendLimits) set(ctx context.Context, scope string, limit SpendLimit) (*SpendLimit, error) {
	s.forgetAhead(scope)
	defer s.forgetAhead(scope)
	set, err := call(ctx, s.client, transport.Update("set spend limit", limitPath(scope)),
		func(ctx context.Context, opts ...option.RequestOption) (*SpendLimit, error) {
			if scope == WholeOrganization {
				return organizationLimit(s.organization.Update(ctx, openai.AdminOrganizationSpendLimitUpdateParams{
					ThresholdAmount: limit.ThresholdAmount,
					Currency:        openai.AdminOrganizationSpendLimitUpdateParamsCurrency(limit.Currency),
					Interval:        openai.AdminOrganizationSpendLimitUpdateParamsInterval(limit.Interval),
				}, opts...))
			}
			return projectLimit(s.project.Update(ctx, scope, openai.AdminOrganizationProjectSpendLimitUpdateParams{
				ThresholdAmount: limit.ThresholdAmount,
				Currency:        openai.AdminOrganizationProjectSpendLimitUpdateParamsCurrency(limit.Currency),
				Interval:        openai.AdminOrganizationProjectSpendLimitUpdateParamsInterval(limit.Interval),
			}, opts...))
		})
	if err == nil {
		s.remember(scope, set)
	}
	return set, err
}

// Delete removes the limit of a scope. One that is not there, or whose project
// is archived, is a success.
func (s *SpendLimits) Delete(ctx context.Context, scope string) error {
	unlock, err := s.writing.Lock(ctx, scope, cache.SameSetting)
	if err != nil {
		return err
	}
	defer unlock()
	s.forgetAhead(scope)
	defer s.forgetAhead(scope)
	_, err = call(ctx, s.client, transport.Remove("remove spend limit", limitPath(scope)),
		func(ctx context.Context, opts ...option.RequestOption) (*removal, error) {
			if scope == WholeOrganization {
				return removed(s.organization.Delete(ctx, opts...))
			}
			return removed(s.project.Delete(ctx, scope, opts...))
		})
	if err = ignoreNotFound(err); err == nil {
		s.mu.Lock()
		delete(s.known, scope)
		s.mu.Unlock()
	}
	return err
}

// forgetAhead drops what was read ahead before a write.
func (s *SpendLimits) forgetAhead(scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ahead, scope)
}

func (s *SpendLimits) remember(scope string, limit *SpendLimit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[scope] = knownLimit{*limit, s.client.clock.Now()}
	delete(s.absent, scope)
}

// alertWrites are writes of alerts of one scope that are under way together.
// They hold the scope's lock together, too.
type alertWrites struct {
	// ready is closed once the lock is held, or err says why it is not.
	ready   chan struct{}
	err     error
	unlock  func()
	members int
	// before is the hard limit of the scope, nil when this process knows none.
	before *SpendLimit
	// isNow says that the limit was read for these writes.
	isNow bool
	// amounts are those of the alerts.
	amounts []int64
	checks  cache.Latest[*SpendLimit]
}

// protect runs the write of an alert over this amount and restores the scope's
// hard limit if that changed it, as was reported of the API in September 2026.
// Only a limit that this process knows costs extra requests: one after all
// alerts that are written at the same time, and one before them if others may
// have changed the limit since.
func (s *SpendLimits) protect(ctx context.Context, scope string, amount int64, write func() error) error {
	writes, err := s.beginAlert(ctx, scope)
	if err != nil {
		return err
	}
	defer s.endAlert(scope, writes)
	if writes.before == nil {
		return write()
	}
	s.mu.Lock()
	writes.amounts = append(writes.amounts, amount)
	s.mu.Unlock()
	if err := write(); err != nil {
		return err
	}
	_, err = writes.checks.After(ctx, writes.checks.Begun(), cache.SameSetting, func() (*SpendLimit, error) { return s.repair(ctx, scope, writes) })
	return err
}

// repair restores the limit of a scope if alerts have changed it.
func (s *SpendLimits) repair(ctx context.Context, scope string, writes *alertWrites) (*SpendLimit, error) {
	s.mu.Lock()
	amounts := slices.Clone(writes.amounts)
	s.mu.Unlock()
	// Over the same amount, damage could not be seen.
	if !slices.Contains(amounts, writes.before.ThresholdAmount) {
		after, err := s.read(ctx, scope)
		if err != nil && !IsNotFound(err) {
			return nil, err
		}
		if err == nil && (after.sameAs(*writes.before) || !writes.isNow && !slices.Contains(amounts, after.ThresholdAmount)) {
			return after, nil // another amount than that of an alert was set by others
		}
	}
	return s.set(ctx, scope, *writes.before)
}

// beginAlert joins the writes of alerts of a scope, or waits for its lock.
func (s *SpendLimits) beginAlert(ctx context.Context, scope string) (*alertWrites, error) {
	for {
		s.mu.Lock()
		writes, ok := s.alerts[scope]
		if !ok {
			writes = &alertWrites{ready: make(chan struct{})}
			s.alerts[scope] = writes
		}
		writes.members++
		s.mu.Unlock()
		if !ok {
			if writes.unlock, writes.err = s.writing.Lock(ctx, scope, cache.SameSetting); writes.err == nil {
				writes.before, writes.isNow, writes.err = s.beforeAlerts(ctx, scope)
			}
			close(writes.ready)
		}
		select {
		case <-writes.ready:
		case <-ctx.Done():
			s.endAlert(scope, writes)
			return nil, wait.End(ctx, cache.SameSetting)
		}
		if writes.err == nil {
			return writes, nil
		}
		s.endAlert(scope, writes)
		if !ok {
			return nil, writes.err
		}
		// The first of them failed, perhaps because it was canceled.
	}
}

// endAlert leaves the writes of alerts of a scope. The last one gives the lock
// back. After a failure no other alert joins them.
func (s *SpendLimits) endAlert(scope string, writes *alertWrites) {
	s.mu.Lock()
	writes.members--
	if s.alerts[scope] == writes && (writes.members == 0 || isFailed(writes)) {
		delete(s.alerts, scope)
	}
	last := writes.members == 0
	s.mu.Unlock()
	if last && writes.unlock != nil {
		writes.unlock()
	}
}

func isFailed(writes *alertWrites) bool {
	select {
	case <-writes.ready:
		return writes.err != nil
	default:
		return false
	}
}

// beforeAlerts returns the limit of a scope that alerts must not change, nil
// when this process knows none. One that it knows from longer ago is read,
// because others may have changed it since.
func (s *SpendLimits) beforeAlerts(ctx context.Context, scope string) (limit *SpendLimit, isNow bool, err error) {
	s.mu.Lock()
	known, ok := s.known[scope]
	s.mu.Unlock()
	if !ok {
		return nil, false, nil
	}
	if s.client.clock.Now().Sub(known.at) < recentlyKnown {
		return &known.SpendLimit, false, nil
	}
	limit, err = s.read(ctx, scope)
	if IsNotFound(err) {
		return nil, false, nil
	}
	return limit, true, err
}
