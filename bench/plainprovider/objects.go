package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The attributes have the names that openai/openai gives them. A struct with
// JSON names is both what is sent and what the API returns.

const (
	projects     = "organization/projects"
	projectsList = projects + "?include_archived=true&limit=100"
)

func inProject(projectID types.String, path string) string {
	return projects + "/" + projectID.ValueString() + path
}

var (
	requiredString = schema.StringAttribute{Required: true}
	optionalString = schema.StringAttribute{Optional: true}
	computedString = schema.StringAttribute{Computed: true}
	requiredInt64  = schema.Int64Attribute{Required: true}
	computedInt64  = schema.Int64Attribute{Computed: true}
	rateMeasure    = schema.Int64Attribute{Optional: true, Computed: true}
)

type project struct {
	ID            string  `json:"id,omitempty"`
	Name          string  `json:"name"`
	Geography     *string `json:"geography,omitempty"`
	ExternalKeyID *string `json:"external_key_id,omitempty"`
	CreatedAt     *int64  `json:"created_at,omitempty"`
	ArchivedAt    *int64  `json:"archived_at,omitempty"`
	Status        *string `json:"status,omitempty"`
}

func (p project) key() string { return p.ID }

type projectModel struct {
	ProjectID     types.String `tfsdk:"project_id"`
	ID            types.String `tfsdk:"id"`
	Name          types.String `tfsdk:"name"`
	Geography     types.String `tfsdk:"geography"`
	ExternalKeyID types.String `tfsdk:"external_key_id"`
	CreatedAt     types.Int64  `tfsdk:"created_at"`
	ArchivedAt    types.Int64  `tfsdk:"archived_at"`
	Status        types.String `tfsdk:"status"`
}

func (m *projectModel) flatten(p project) {
	m.ProjectID, m.ID = types.StringValue(p.ID), types.StringValue(p.ID)
	m.Name = types.StringValue(p.Name)
	m.ExternalKeyID = types.StringPointerValue(p.ExternalKeyID)
	m.CreatedAt = types.Int64PointerValue(p.CreatedAt)
	m.ArchivedAt = types.Int64PointerValue(p.ArchivedAt)
	m.Status = types.StringPointerValue(p.Status)
}

func newProject() resource.Resource {
	return &object[projectModel]{
		name: "openai_project",
		attributes: map[string]schema.Attribute{
			"project_id": computedString, "id": computedString, "name": requiredString, "geography": optionalString, "external_key_id": optionalString,
			"created_at": computedInt64, "archived_at": computedInt64, "status": computedString,
		},
		create: func(ctx context.Context, c *client, m *projectModel) error {
			p := project{Name: m.Name.ValueString(), Geography: m.Geography.ValueStringPointer(), ExternalKeyID: m.ExternalKeyID.ValueStringPointer()}
			err := c.sdk.Post(ctx, projects, p, &p)
			c.projects.invalidate(projectsList)
			m.flatten(p)
			return err
		},
		read: func(ctx context.Context, c *client, m *projectModel) error {
			p, err := find(m.ProjectID.ValueString(), func() ([]project, error) { return c.projects.read(ctx, c, projectsList) })
			m.flatten(p)
			return err
		},
		remove: func(ctx context.Context, c *client, m *projectModel) error {
			err := c.sdk.Post(ctx, inProject(m.ProjectID, "/archive"), nil, &ignored{})
			c.projects.invalidate(projectsList)
			return err
		},
	}
}

type serviceAccount struct {
	ID                       string `json:"id,omitempty"`
	Name                     string `json:"name"`
	CreateServiceAccountOnly bool   `json:"create_service_account_only,omitempty"`
	CreatedAt                *int64 `json:"created_at,omitempty"`
}

type serviceAccountModel struct {
	ProjectID        types.String `tfsdk:"project_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	ID               types.String `tfsdk:"id"`
	Name             types.String `tfsdk:"name"`
	CreatedAt        types.Int64  `tfsdk:"created_at"`
}

func (m *serviceAccountModel) path() string {
	return inProject(m.ProjectID, "/service_accounts/"+m.ServiceAccountID.ValueString())
}

func (m *serviceAccountModel) flatten(a serviceAccount) {
	m.ServiceAccountID, m.ID = types.StringValue(a.ID), types.StringValue(a.ID)
	m.Name = types.StringValue(a.Name)
	m.CreatedAt = types.Int64PointerValue(a.CreatedAt)
}

func newServiceAccount() resource.Resource {
	return &object[serviceAccountModel]{
		name: "openai_project_service_account",
		attributes: map[string]schema.Attribute{
			"project_id": requiredString, "service_account_id": computedString, "id": computedString, "name": requiredString, "created_at": computedInt64,
		},
		create: func(ctx context.Context, c *client, m *serviceAccountModel) error {
			a := serviceAccount{Name: m.Name.ValueString(), CreateServiceAccountOnly: true}
			err := c.sdk.Post(ctx, inProject(m.ProjectID, "/service_accounts"), a, &a)
			m.flatten(a)
			return err
		},
		read: func(ctx context.Context, c *client, m *serviceAccountModel) error {
			var a serviceAccount
			err := c.sdk.Get(ctx, m.path(), nil, &a)
			m.flatten(a)
			return err
		},
		remove: func(ctx context.Context, c *client, m *serviceAccountModel) error {
			return c.sdk.Delete(ctx, m.path(), nil, &ignored{})
		},
	}
}

type spendLimit struct {
	Object      *string `json:"object,omitempty"`
	Threshold   int64   `json:"threshold_amount"`
	Currency    string  `json:"currency"`
	Interval    string  `json:"interval"`
	Enforcement *struct {
		Status *string `json:"status"`
	} `json:"enforcement,omitempty"`
}

type spendLimitModel struct {
	ProjectID   types.String `tfsdk:"project_id"`
	Object      types.String `tfsdk:"object"`
	Threshold   types.Int64  `tfsdk:"threshold_amount"`
	Currency    types.String `tfsdk:"currency"`
	Interval    types.String `tfsdk:"interval"`
	Enforcement types.String `tfsdk:"enforcement_status"`
}

func (m *spendLimitModel) path() string { return inProject(m.ProjectID, "/spend_limit") }

func (m *spendLimitModel) flatten(l spendLimit) {
	m.Object = types.StringPointerValue(l.Object)
	m.Threshold, m.Currency, m.Interval = types.Int64Value(l.Threshold), types.StringValue(l.Currency), types.StringValue(l.Interval)
	m.Enforcement = types.StringNull()
	if l.Enforcement != nil {
		m.Enforcement = types.StringPointerValue(l.Enforcement.Status)
	}
}

func newSpendLimit() resource.Resource {
	return &object[spendLimitModel]{
		name: "openai_project_spend_limit",
		attributes: map[string]schema.Attribute{
			"project_id": requiredString, "object": computedString, "threshold_amount": requiredInt64, "currency": requiredString, "interval": requiredString,
			"enforcement_status": computedString,
		},
		create: func(ctx context.Context, c *client, m *spendLimitModel) error {
			l := spendLimit{Threshold: m.Threshold.ValueInt64(), Currency: m.Currency.ValueString(), Interval: m.Interval.ValueString()}
			err := c.sdk.Post(ctx, m.path(), l, &l)
			m.flatten(l)
			return err
		},
		read: func(ctx context.Context, c *client, m *spendLimitModel) error {
			var l spendLimit
			err := c.sdk.Get(ctx, m.path(), nil, &l)
			m.flatten(l)
			return err
		},
		remove: func(ctx context.Context, c *client, m *spendLimitModel) error {
			return c.sdk.Delete(ctx, m.path(), nil, &ignored{})
		},
	}
}

type spendAlert struct {
	ID        string  `json:"id,omitempty"`
	Threshold int64   `json:"threshold_amount"`
	Currency  string  `json:"currency"`
	Interval  string  `json:"interval"`
	Channel   channel `json:"notification_channel"`
}

type channel struct {
	Type          string   `json:"type"`
	Recipients    []string `json:"recipients"`
	SubjectPrefix *string  `json:"subject_prefix,omitempty"`
}

func (a spendAlert) key() string { return a.ID }

type spendAlertModel struct {
	ProjectID     types.String `tfsdk:"project_id"`
	AlertID       types.String `tfsdk:"alert_id"`
	ID            types.String `tfsdk:"id"`
	Threshold     types.Int64  `tfsdk:"threshold_amount"`
	Currency      types.String `tfsdk:"currency"`
	Interval      types.String `tfsdk:"interval"`
	ChannelType   types.String `tfsdk:"notification_channel_type"`
	Recipients    []string     `tfsdk:"notification_channel_recipients"`
	SubjectPrefix types.String `tfsdk:"notification_channel_subject_prefix"`
}

func (m *spendAlertModel) flatten(a spendAlert) {
	m.AlertID, m.ID = types.StringValue(a.ID), types.StringValue(a.ID)
	m.Threshold, m.Currency, m.Interval = types.Int64Value(a.Threshold), types.StringValue(a.Currency), types.StringValue(a.Interval)
	m.ChannelType, m.Recipients = types.StringValue(a.Channel.Type), a.Channel.Recipients
	m.SubjectPrefix = types.StringPointerValue(a.Channel.SubjectPrefix)
}

func newSpendAlert() resource.Resource {
	return &object[spendAlertModel]{
		name: "openai_project_spend_alert",
		attributes: map[string]schema.Attribute{
			"project_id": requiredString, "alert_id": computedString, "id": computedString, "threshold_amount": requiredInt64, "currency": requiredString, "interval": requiredString,
			"notification_channel_type":           requiredString,
			"notification_channel_recipients":     schema.ListAttribute{ElementType: types.StringType, Required: true},
			"notification_channel_subject_prefix": optionalString,
		},
		create: func(ctx context.Context, c *client, m *spendAlertModel) error {
			a := spendAlert{
				Threshold: m.Threshold.ValueInt64(), Currency: m.Currency.ValueString(), Interval: m.Interval.ValueString(),
				Channel: channel{Type: m.ChannelType.ValueString(), Recipients: m.Recipients, SubjectPrefix: m.SubjectPrefix.ValueStringPointer()},
			}
			err := c.sdk.Post(ctx, inProject(m.ProjectID, "/spend_alerts"), a, &a)
			m.flatten(a)
			return err
		},
		// openai/openai does not share this list.
		read: func(ctx context.Context, c *client, m *spendAlertModel) error {
			a, err := find(m.AlertID.ValueString(), func() ([]spendAlert, error) {
				return pages[spendAlert](ctx, c, inProject(m.ProjectID, "/spend_alerts?limit=100"))
			})
			m.flatten(a)
			return err
		},
		remove: func(ctx context.Context, c *client, m *spendAlertModel) error {
			return c.sdk.Delete(ctx, inProject(m.ProjectID, "/spend_alerts/"+m.AlertID.ValueString()), nil, &ignored{})
		},
	}
}

type rateLimit struct {
	ID            string  `json:"id,omitempty"`
	Model         *string `json:"model,omitempty"`
	Requests      *int64  `json:"max_requests_per_1_minute,omitempty"`
	Tokens        *int64  `json:"max_tokens_per_1_minute,omitempty"`
	Images        *int64  `json:"max_images_per_1_minute,omitempty"`
	Audio         *int64  `json:"max_audio_megabytes_per_1_minute,omitempty"`
	DailyRequests *int64  `json:"max_requests_per_1_day,omitempty"`
	BatchTokens   *int64  `json:"batch_1_day_max_input_tokens,omitempty"`
}

func (l rateLimit) key() string { return l.ID }

type rateLimitModel struct {
	ProjectID     types.String `tfsdk:"project_id"`
	RateLimitID   types.String `tfsdk:"rate_limit_id"`
	ID            types.String `tfsdk:"id"`
	Model         types.String `tfsdk:"model"`
	Requests      types.Int64  `tfsdk:"max_requests_per_1_minute"`
	Tokens        types.Int64  `tfsdk:"max_tokens_per_1_minute"`
	Images        types.Int64  `tfsdk:"max_images_per_1_minute"`
	Audio         types.Int64  `tfsdk:"max_audio_megabytes_per_1_minute"`
	DailyRequests types.Int64  `tfsdk:"max_requests_per_1_day"`
	BatchTokens   types.Int64  `tfsdk:"batch_1_day_max_input_tokens"`
}

func (m *rateLimitModel) list() string { return inProject(m.ProjectID, "/rate_limits?limit=1000") }

func (m *rateLimitModel) flatten(l rateLimit) {
	m.RateLimitID, m.ID = types.StringValue(l.ID), types.StringValue(l.ID)
	m.Model = types.StringPointerValue(l.Model)
	m.Requests, m.Tokens = types.Int64PointerValue(l.Requests), types.Int64PointerValue(l.Tokens)
	m.Images, m.Audio = types.Int64PointerValue(l.Images), types.Int64PointerValue(l.Audio)
	m.DailyRequests, m.BatchTokens = types.Int64PointerValue(l.DailyRequests), types.Int64PointerValue(l.BatchTokens)
}

// configured is a value that is sent: an unknown one is not.
func configured(value types.Int64) *int64 {
	if value.IsUnknown() {
		return nil
	}
	return value.ValueInt64Pointer()
}

func newRateLimit() resource.Resource {
	return &object[rateLimitModel]{
		name: "openai_project_rate_limit",
		attributes: map[string]schema.Attribute{
			"project_id": requiredString, "rate_limit_id": requiredString, "id": computedString, "model": computedString,
			"max_requests_per_1_minute": rateMeasure, "max_tokens_per_1_minute": rateMeasure, "max_images_per_1_minute": rateMeasure,
			"max_audio_megabytes_per_1_minute": rateMeasure, "max_requests_per_1_day": rateMeasure, "batch_1_day_max_input_tokens": rateMeasure,
		},
		create: func(ctx context.Context, c *client, m *rateLimitModel) error {
			l := rateLimit{
				Requests: configured(m.Requests), Tokens: configured(m.Tokens), Images: configured(m.Images),
				Audio: configured(m.Audio), DailyRequests: configured(m.DailyRequests), BatchTokens: configured(m.BatchTokens),
			}
			err := c.sdk.Post(ctx, inProject(m.ProjectID, "/rate_limits/"+m.RateLimitID.ValueString()), l, &l)
			c.rateLimits.invalidate(m.list())
			m.flatten(l)
			return err
		},
		read: func(ctx context.Context, c *client, m *rateLimitModel) error {
			l, err := find(m.RateLimitID.ValueString(), func() ([]rateLimit, error) { return c.rateLimits.read(ctx, c, m.list()) })
			m.flatten(l)
			return err
		},
		// The API cannot delete a rate limit, and openai/openai sends nothing.
		remove: func(context.Context, *client, *rateLimitModel) error { return nil },
	}
}
