package adminapi

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/packages/respjson"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	organizationAlertsPath = "/organization/spend_alerts"
	projectAlertsPath      = projectPath + "/spend_alerts"
)

// SpendAlert is a soft limit of the organization or of a project.
type SpendAlert struct {
	ID string
	// ThresholdAmount is in cents.
	ThresholdAmount    int64
	Currency, Interval string
	ChannelType        string
	Recipients         []string
	// SubjectPrefix is nil when none is set.
	SubjectPrefix *string
}

// sameAs compares everything but the id.
func (a SpendAlert) sameAs(other SpendAlert) bool {
	prefix := func(a SpendAlert) string {
		if a.SubjectPrefix == nil {
			return ""
		}
		return *a.SubjectPrefix
	}
	return a.ThresholdAmount == other.ThresholdAmount && strings.EqualFold(a.Currency, other.Currency) && a.Interval == other.Interval &&
		sameName(prefix(a), prefix(other)) && slices.Equal(addresses(a.Recipients), addresses(other.Recipients))
}

// spendAlert completes an alert of an answer.
func spendAlert(id respjson.Field, alert SpendAlert, prefix string, hasPrefix bool) (*SpendAlert, error) {
	if !isText(id) || !validID(alert.ID) {
		return nil, errIncomplete
	}
	if hasPrefix {
		alert.SubjectPrefix = &prefix
	}
	return &alert, nil
}

func organizationAlert(a *openai.OrganizationSpendAlert, err error) (*SpendAlert, error) {
	if err != nil || a == nil {
		return nil, cmp.Or(err, errIncomplete)
	}
	c := a.NotificationChannel
	return spendAlert(a.JSON.ID, SpendAlert{
		ID: a.ID, ThresholdAmount: a.ThresholdAmount, Currency: string(a.Currency), Interval: string(a.Interval),
		ChannelType: string(c.Type), Recipients: c.Recipients,
	}, c.SubjectPrefix, c.JSON.SubjectPrefix.Valid())
}

func projectAlert(a *openai.ProjectSpendAlert, err error) (*SpendAlert, error) {
	if err != nil || a == nil {
		return nil, cmp.Or(err, errIncomplete)
	}
	c := a.NotificationChannel
	return spendAlert(a.JSON.ID, SpendAlert{
		ID: a.ID, ThresholdAmount: a.ThresholdAmount, Currency: string(a.Currency), Interval: string(a.Interval),
		ChannelType: string(c.Type), Recipients: c.Recipients,
	}, c.SubjectPrefix, c.JSON.SubjectPrefix.Valid())
}

// SpendAlerts are the soft limits of all scopes.
type SpendAlerts struct {
	client       *Client
	organization openai.AdminOrganizationSpendAlertService
	project      openai.AdminOrganizationProjectSpendAlertService
	shared       *cache.ByParent[SpendAlert]
}

func newSpendAlerts(c *Client, organization openai.AdminOrganizationSpendAlertService, project openai.AdminOrganizationProjectSpendAlertService) *SpendAlerts {
	s := &SpendAlerts{client: c, organization: organization, project: project}
	s.shared = cache.NewByParent(func(scope string) *cache.Collection[SpendAlert] {
		return newCollection(func(a SpendAlert) string { return a.ID }, s.page(scope))
	})
	listsAhead(c, s.list(projectParameter), s.shared)
	return s
}

func (s *SpendAlerts) list(scope string) transport.Operation {
	return transport.Read("list spend alerts", alertsPath(scope))
}

func alertsPath(scope string) string {
	if scope == WholeOrganization {
		return organizationAlertsPath
	}
	return projectAlertsPath
}

func alertPath(scope string) string { return alertsPath(scope) + "/{alert_id}" }

func (s *SpendAlerts) page(scope string) func(ctx context.Context, after string) (cache.Page[SpendAlert], error) {
	op := s.list(scope)
	return func(ctx context.Context, after string) (cache.Page[SpendAlert], error) {
		if scope == WholeOrganization {
			params := openai.AdminOrganizationSpendAlertListParams{Limit: openai.Int(pageSize)}
			if after != "" {
				params.After = openai.String(after)
			}
			return convertPage(organizationAlert)(cursorPage(call(ctx, s.client, op,
				func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.OrganizationSpendAlert], error) {
					return s.organization.List(ctx, params, opts...)
				})))
		}
		params := openai.AdminOrganizationProjectSpendAlertListParams{Limit: openai.Int(pageSize)}
		if after != "" {
			params.After = openai.String(after)
		}
		return convertPage(projectAlert)(cursorPage(call(ctx, s.client, op,
			func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.ProjectSpendAlert], error) {
				return s.project.List(ctx, scope, params, opts...)
			})))
	}
}

// Create makes an alert, exactly once.
func (s *SpendAlerts) Create(ctx context.Context, scope string, alert SpendAlert) (created *SpendAlert, err error) {
	err = s.client.SpendLimits.protect(ctx, scope, alert.ThresholdAmount, func() error {
		created, err = s.creation(scope, alert).run(ctx, s.client)
		return err
	})
	return created, err
}

func (s *SpendAlerts) creation(scope string, alert SpendAlert) creation[SpendAlert, SpendAlert] {
	shared := s.shared.Of(scope)
	object, parent := "project_spend_alert", scope+"/"
	if scope == WholeOrganization {
		object, parent = "organization_spend_alert", ""
	}
	return creation[SpendAlert, SpendAlert]{
		operation: "create spend alert",
		object:    object,
		parent:    parent,
		alike:     scope,
		send:      func(ctx context.Context) (*SpendAlert, error) { return s.send(ctx, scope, alert) },
		record: func(a SpendAlert) {
			s.client.recent.Add(a.ID)
			shared.Put(a)
		},
		// Alerts have no creation time, so an alert of others cannot be
		// distinguished from ours.
		list:  shared,
		equal: alert.sameAs,
	}
}

func (s *SpendAlerts) send(ctx context.Context, scope string, alert SpendAlert) (*SpendAlert, error) {
	return call(ctx, s.client, transport.Create("create spend alert", alertsPath(scope)),
		func(ctx context.Context, opts ...option.RequestOption) (*SpendAlert, error) {
			if scope == WholeOrganization {
				return organizationAlert(s.organization.New(ctx, openai.AdminOrganizationSpendAlertNewParams{
					ThresholdAmount: alert.ThresholdAmount,
					Currency:        openai.AdminOrganizationSpendAlertNewParamsCurrency(alert.Currency),
					Interval:        openai.AdminOrganizationSpendAlertNewParamsInterval(alert.Interval),
					NotificationChannel: openai.AdminOrganizationSpendAlertNewParamsNotificationChannel{
						Recipients: alert.Recipients, SubjectPrefix: optional(alert.SubjectPrefix),
					},
				}, opts...))
			}
			return projectAlert(s.project.New(ctx, scope, openai.AdminOrganizationProjectSpendAlertNewParams{
				ThresholdAmount: alert.ThresholdAmount,
				Currency:        openai.AdminOrganizationProjectSpendAlertNewParamsCurrency(alert.Currency),
				Interval:        openai.AdminOrganizationProjectSpendAlertNewParamsInterval(alert.Interval),
				NotificationChannel: openai.AdminOrganizationProjectSpendAlertNewParamsNotificationChannel{
					Recipients: alert.Recipients, SubjectPrefix: optional(alert.SubjectPrefix),
				},
			}, opts...))
		})
}

// Get returns an alert of a scope.
func (s *SpendAlerts) Get(ctx context.Context, scope, id string) (*SpendAlert, error) {
	return getListed(ctx, s.client, s.shared.Of(scope), id, transport.Read("read spend alert", alertPath(scope)),
		func(ctx context.Context, opts ...option.RequestOption) (*SpendAlert, error) {
			if scope == WholeOrganization {
				return organizationAlert(s.organization.Get(ctx, id, opts...))
			}
			return projectAlert(s.project.Get(ctx, scope, id, opts...))
		})
}

// List returns the alerts of a scope.
func (s *SpendAlerts) List(ctx context.Context, scope string) ([]SpendAlert, error) {
	return s.shared.Of(scope).All(ctx)
}

// Update replaces everything of the alert with this id.
func (s *SpendAlerts) Update(ctx context.Context, scope string, alert SpendAlert) (updated *SpendAlert, err error) {
	err = s.client.SpendLimits.protect(ctx, scope, alert.ThresholdAmount, func() error {
		updated, err = call(ctx, s.client, transport.Update("update spend alert", alertPath(scope)),
			func(ctx context.Context, opts ...option.RequestOption) (*SpendAlert, error) {
				if scope == WholeOrganization {
					return organizationAlert(s.organization.Update(ctx, alert.ID, openai.AdminOrganizationSpendAlertUpdateParams{
						ThresholdAmount: alert.ThresholdAmount,
						Currency:        openai.AdminOrganizationSpendAlertUpdateParamsCurrency(alert.Currency),
						Interval:        openai.AdminOrganizationSpendAlertUpdateParamsInterval(alert.Interval),
						NotificationChannel: openai.AdminOrganizationSpendAlertUpdateParamsNotificationChannel{
							Recipients: alert.Recipients, SubjectPrefix: optional(alert.SubjectPrefix),
						},
					}, opts...))
				}
				return projectAlert(s.project.Update(ctx, scope, alert.ID, openai.AdminOrganizationProjectSpendAlertUpdateParams{
					ThresholdAmount: alert.ThresholdAmount,
					Currency:        openai.AdminOrganizationProjectSpendAlertUpdateParamsCurrency(alert.Currency),
					Interval:        openai.AdminOrganizationProjectSpendAlertUpdateParamsInterval(alert.Interval),
					NotificationChannel: openai.AdminOrganizationProjectSpendAlertUpdateParamsNotificationChannel{
						Recipients: alert.Recipients, SubjectPrefix: optional(alert.SubjectPrefix),
					},
				}, opts...))
			})
		if err == nil {
			s.shared.Of(scope).Put(*updated)
		}
		return err
	})
	return updated, err
}

// Delete removes an alert. One that is not there, or whose project is
// archived, is a success.
func (s *SpendAlerts) Delete(ctx context.Context, scope, id string) error {
	return deleteListed(ctx, s.client, s.shared.Of(scope), id, transport.Remove("remove spend alert", alertPath(scope)),
		func(ctx context.Context, opts ...option.RequestOption) (*removal, error) {
			if scope == WholeOrganization {
				return removed(s.organization.Delete(ctx, id, opts...))
			}
			return removed(s.project.Delete(ctx, scope, id, opts...))
		})
}

// optional sends a text only when there is one.
func optional(text *string) param.Opt[string] {
	if text == nil {
		return param.Opt[string]{}
	}
	return openai.String(*text)
}
