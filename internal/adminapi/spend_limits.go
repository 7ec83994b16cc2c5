package adminapi

import (
	"context"
	"sync"

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
	known map[string]SpendLimit
	// absent are the scopes that had none when this process looked.
	absent map[string]bool
	// writing is held, for each scope, while its limit or one of its alerts is
	// written: the one write was seen to change the other.
	writing wait.Locks
}

func newSpendLimits(c *Client, organization openai.AdminOrganizationSpendLimitService, project openai.AdminOrganizationProjectSpendLimitService) *SpendLimits {
	return &SpendLimits{client: c, organization: organization, project: project, known: map[string]SpendLimit{}, absent: map[string]bool{}}
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

// Get returns the limit of a scope.
func (s *SpendLimits) Get(ctx context.Context, scope string) (*SpendLimit, error) {
	limit, err := call(ctx, s.client, transport.Read("read spend limit", limitPath(scope)),
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
// limit that this process does not know, once.
func (s *SpendLimits) Existing(ctx context.Context, scope string) (*SpendLimit, error) {
	s.mu.Lock()
	limit, known := s.known[scope]
	absent := s.absent[scope]
	s.mu.Unlock()
	switch {
	case known:
		return &limit, nil
	case absent:
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

func (s *SpendLimits) remember(scope string, limit *SpendLimit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known[scope] = *limit
	delete(s.absent, scope)
}

// protect runs the write of an alert over this amount and restores the scope's
// hard limit if that changed it, as was reported of the API in September 2026.
// Only a limit that this process knows costs extra requests. It is read once
// more, because others may have changed it since.
func (s *SpendLimits) protect(ctx context.Context, scope string, amount int64, write func() error) error {
	unlock, err := s.writing.Lock(ctx, scope, cache.SameSetting)
	if err != nil {
		return err
	}
	defer unlock()
	s.mu.Lock()
	_, known := s.known[scope]
	s.mu.Unlock()
	if !known {
		return write()
	}
	before, err := s.Get(ctx, scope)
	if IsNotFound(err) {
		return write()
	}
	if err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	// Over the same amount, damage could not be seen.
	if amount != before.ThresholdAmount {
		after, err := s.Get(ctx, scope)
		if err != nil && !IsNotFound(err) {
			return err
		}
		if err == nil && after.sameAs(*before) {
			return nil
		}
	}
	_, err = s.set(ctx, scope, *before)
	return err
}
