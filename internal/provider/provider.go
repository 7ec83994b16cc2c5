// Package provider is the OpenAI provider as Terraform sees it.
package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// providerName is how configuration names the provider, and the beginning of the
// types.
const providerName = "openai"

// How a plan finds out what has changed.
const (
	refreshFull     = "full"
	refreshAuditLog = "audit_log"
)

// The reactions of a plan that creates an object that may exist as an orphan.
const (
	orphanWarn  = "warn"
	orphanError = "error"
)

var _ provider.ProviderWithEphemeralResources = (*openaiProvider)(nil)
var _ provider.ProviderWithFunctions = (*openaiProvider)(nil)
var _ provider.ProviderWithActions = (*openaiProvider)(nil)

type openaiProvider struct {
	version string
	clock   transport.Clock
	// client is that of the last Configure.
	client atomic.Pointer[adminapi.Client]
}

// New returns a function that makes the provider of this version.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &openaiProvider{version: version, clock: transport.SystemClock{}} }
}

func (p *openaiProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = providerName
	resp.Version = p.version
}

func (p *openaiProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manage members, groups, roles, projects, keys, limits and usage of an OpenAI organization through the Administration API.",
		Attributes: map[string]schema.Attribute{
			"admin_api_key": schema.StringAttribute{
				MarkdownDescription: "Admin API key (`sk-admin-…`) of an organization owner. Default: the environment variable `OPENAI_ADMIN_KEY`, which keeps the key out of the configuration. Optional when `api_key` is set and all objects need only that key.",
				Optional:            true,
				Sensitive:           true,
			},
			"api_key": schema.StringAttribute{
				MarkdownDescription: "API key of a project (`sk-proj-…`, `sk-svcacct-…`) for the objects that belong to the project of the key and that an admin key cannot manage: webhook endpoints. " +
					"No other object uses it. Use one provider block with an `alias` for each project. The value can be ephemeral. Default: the environment variable `OPENAI_API_KEY`, which is only read when the base URL is that of `api.openai.com`.",
				Optional:  true,
				Sensitive: true,
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: "Base URL of the Administration API, up to and including `/v1`. Must use HTTPS, except for the local machine. Default: the environment variable `OPENAI_ADMIN_BASE_URL`, else `OPENAI_BASE_URL`, else `" + transport.DefaultBaseURL + "`. " +
					"`OPENAI_BASE_URL` may only name `api.openai.com`, its regional hosts (`*.api.openai.com`) or the local machine. It is often set to a gateway for model calls, which must not receive the admin key.",
				Optional: true,
			},
			"organization": schema.StringAttribute{
				MarkdownDescription: "Organization id (`org-…`), sent as a header. An admin key belongs to one organization, so this is rarely needed. Default: the environment variable `OPENAI_ORG_ID`.",
				Optional:            true,
			},
			"project": schema.StringAttribute{
				MarkdownDescription: "Project id (`proj_…`), sent as a header. The Administration API does not need it. Default: the environment variable `OPENAI_PROJECT_ID`.",
				Optional:            true,
			},
			"max_wait": schema.StringAttribute{
				MarkdownDescription: "Longest time that one request waits for the API's rate limits before it fails, as a duration such as `90s`, `10m` or `1d`. Default: `30m`.",
				Optional:            true,
				Validators:          []validator.String{tfkit.PositiveDuration()},
			},
			"refresh_mode": schema.StringAttribute{
				MarkdownDescription: "How a plan refreshes objects. `full` reads every object. `audit_log` refreshes only objects with audit-log events since the last refresh, object types without audit events, and objects last read more than `full_refresh_interval` ago. See the guide [Refreshing by the audit log](guides/refreshing-by-the-audit-log.md). Default: `full`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(refreshFull, refreshAuditLog)},
			},
			"audit_log_delay": schema.StringAttribute{
				MarkdownDescription: "Longest time between a change and its event in the audit log, as a duration such as `30m` or `2h`. Only with `refresh_mode = \"audit_log\"`. Default: `1h`.",
				Optional:            true,
				Validators:          []validator.String{tfkit.PositiveDuration()},
			},
			"full_refresh_interval": schema.StringAttribute{
				MarkdownDescription: "Maximum age of an object's state before it is refreshed regardless of the audit log, as a duration such as `24h` or `7d`. Only with `refresh_mode = \"audit_log\"`. Default: `7d`.",
				Optional:            true,
				Validators:          []validator.String{tfkit.PositiveDuration()},
			},
			"requests_per_minute": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of requests a minute to each endpoint. Default: none; the provider sends fewer requests when the API throttles.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"plan_checks": schema.BoolAttribute{
				MarkdownDescription: "Whether plans warn about risky changes. The checks send a few additional requests. If the API is slow or refuses them, the plan continues after a few seconds without the warnings. `false` also disables the search for orphans, unless `on_orphan = \"error\"`. Default: `true`.",
				Optional:            true,
			},
			"read_ahead": schema.BoolAttribute{
				MarkdownDescription: "Whether the provider reads ahead while the API throttles: while Terraform waits for one endpoint, other endpoints read objects of the same projects, of the types in the configuration. A plan of a hundred projects takes about a third of the time. " +
					"A few of these requests may be unnecessary. With `false`, the provider sends only requests for objects that Terraform asks for. Default: `true`.",
				Optional: true,
			},
			"on_orphan": schema.StringAttribute{
				MarkdownDescription: "Severity of the diagnostic when a plan creates an object that equals an existing object outside this state: `warn` or `error`. The existing object may be an orphan of an interrupted apply. Objects older than 24 hours are ignored if the API reports their age. " +
					"`warn` searches only with `plan_checks = true`; `error` always searches. " +
					"During an apply, the provider does not know the unchanged objects in state, and reports them, too, if they equal a created one. With `error`, give objects different names. Default: `warn`.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(orphanWarn, orphanError)},
			},
			"read_only": schema.BoolAttribute{
				MarkdownDescription: "Whether the provider only reads. An apply that would change an object fails before it sends the change. Ephemeral API keys fail, too, because opening them creates keys. " +
					"Use it for plans of pull requests, and for machines that only export or report. Default: `false`.",
				Optional: true,
			},
			"suppress_warnings": schema.SetAttribute{
				MarkdownDescription: "Kinds of plan warnings to suppress for all objects: `" + strings.Join(tfkit.PlanChecks, "`, `") + "`. The resources for projects, project users, members, invitations, spend limits and spend alerts have an attribute of the same name for one object. Default: none.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          tfkit.WarningKindsValidators(tfkit.PlanChecks...),
			},
		},
	}
}

type providerModel struct {
	AdminAPIKey         types.String `tfsdk:"admin_api_key"`
	APIKey              types.String `tfsdk:"api_key"`
	BaseURL             types.String `tfsdk:"base_url"`
	Organization        types.String `tfsdk:"organization"`
	Project             types.String `tfsdk:"project"`
	MaxWait             types.String `tfsdk:"max_wait"`
	RefreshMode         types.String `tfsdk:"refresh_mode"`
	AuditLogDelay       types.String `tfsdk:"audit_log_delay"`
	FullRefreshInterval types.String `tfsdk:"full_refresh_interval"`
	RequestsPerMinute   types.Int64  `tfsdk:"requests_per_minute"`
	PlanChecks          types.Bool   `tfsdk:"plan_checks"`
	ReadAhead           types.Bool   `tfsdk:"read_ahead"`
	OnOrphan            types.String `tfsdk:"on_orphan"`
	ReadOnly            types.Bool   `tfsdk:"read_only"`
	SuppressWarnings    types.Set    `tfsdk:"suppress_warnings"`
}

// unknownSettings names the settings whose values, or parts of them, are not
// known yet.
func unknownSettings(config tfsdk.Config) ([]string, error) {
	var settings map[string]tftypes.Value
	if err := config.Raw.As(&settings); err != nil {
		return nil, err
	}
	var names []string
	for name, value := range settings {
		if !value.IsFullyKnown() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (p *openaiProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	unknown, err := unknownSettings(req.Config)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the provider's settings", err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	var client *adminapi.Client
	if len(unknown) > 0 {
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		}
		// Plans that only create objects need no API call, so this is not an
		// error until something has to be read.
		client = adminapi.Unconfigured("the provider's " + strings.Join(unknown, ", ") +
			" will only be known after apply. Create what they depend on first, for example with -target, or in a configuration of its own")
	} else {
		client = p.newClient(&config, req.TerraformVersion, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	p.client.Store(client)
	resp.ResourceData = client
	resp.DataSourceData = client
	resp.EphemeralResourceData = client
	resp.ListResourceData = client
	resp.ActionData = client
}

func (p *openaiProvider) newClient(config *providerModel, terraformVersion string, diags *diag.Diagnostics) *adminapi.Client {
	baseURL, err := transport.ResolveBaseURL(config.BaseURL.ValueString(), os.Getenv)
	if err != nil {
		diags.AddAttributeError(path.Root("base_url"), "Invalid base URL", err.Error()+".")
	}
	adminKey, apiKey := config.keys(baseURL, diags)
	if diags.HasError() {
		return nil
	}
	clock, err := tfkit.EmulatorClock(p.clock, baseURL, os.Getenv)
	if err != nil {
		diags.AddError("Invalid emulator clock", err.Error()+".")
		return nil
	}
	client, err := adminapi.New(adminapi.Config{
		AdminAPIKey:       adminKey,
		APIKey:            apiKey,
		BaseURL:           baseURL,
		Organization:      orEnvironment(config.Organization, "OPENAI_ORG_ID"),
		Project:           orEnvironment(config.Project, "OPENAI_PROJECT_ID"),
		MaxWait:           duration(config.MaxWait, adminapi.DefaultMaxWait),
		RequestsPerMinute: config.RequestsPerMinute.ValueInt64(),
		FollowLog:         config.followLog(),
		Clock:             clock,
		OrphansAreErrors:  config.OnOrphan.ValueString() == orphanError,
		ReadOnly:          config.ReadOnly.ValueBool(),
		NoReadAhead:       !config.ReadAhead.IsNull() && !config.ReadAhead.ValueBool(),
		NoAdvice:          !config.PlanChecks.IsNull() && !config.PlanChecks.ValueBool(),
		SuppressWarnings:  warningKinds(config.SuppressWarnings),
		UserAgent:         adminapi.UserAgent(p.version, terraformVersion),
	})
	if err != nil {
		diags.AddError("Cannot configure the provider", err.Error())
	}
	return client
}

// keys are the keys of the configuration, or of the environment. One of them may
// be empty.
func (m *providerModel) keys(baseURL string, diags *diag.Diagnostics) (adminKey, apiKey transport.Secret) {
	apiKey, err := transport.ParseProjectKey(m.APIKey.ValueString())
	switch {
	case err != nil && !m.APIKey.IsNull():
		diags.AddAttributeError(path.Root("api_key"), "Not an API key of a project", fmt.Sprintf("api_key cannot be used: %s.", err))
	case err != nil && transport.IsDefaultOrigin(baseURL):
		// Applications read the variable, too. What is no key for them is none here.
		apiKey, _ = transport.ParseProjectKey(os.Getenv("OPENAI_API_KEY"))
	}
	adminKey, err = transport.ParseAdminKey(orEnvironment(m.AdminAPIKey, "OPENAI_ADMIN_KEY"))
	switch {
	case errors.Is(err, transport.ErrNoAdminKey) && !apiKey.IsEmpty() && m.AdminAPIKey.ValueString() == "":
		// Objects that need an admin key report that there is none.
	case errors.Is(err, transport.ErrNoAdminKey):
		diags.AddAttributeError(path.Root("admin_api_key"), tfkit.NoAdminKey, tfkit.NoAdminKeyStep)
	case err != nil:
		diags.AddAttributeError(path.Root("admin_api_key"), "Not an admin API key", fmt.Sprintf(
			"admin_api_key (OPENAI_ADMIN_KEY) cannot be used: %s. An owner creates admin keys (sk-admin-…) in the organization's settings.", err))
	}
	return adminKey, apiKey
}

// followLog says how the audit log is used, if it is.
func (m *providerModel) followLog() adminapi.FollowLog {
	if m.RefreshMode.ValueString() != refreshAuditLog {
		return adminapi.FollowLog{}
	}
	return adminapi.FollowLog{Delay: duration(m.AuditLogDelay, time.Hour), FullRefreshInterval: duration(m.FullRefreshInterval, 7*24*time.Hour)}
}

// duration is a setting that its validator has seen already.
func duration(value types.String, byDefault time.Duration) time.Duration {
	if value.IsNull() {
		return byDefault
	}
	d, _ := tfkit.ParseDuration(value.ValueString())
	return d
}

// warningKinds are the known elements of suppress_warnings.
func warningKinds(kinds types.Set) []string {
	var known []string
	for _, kind := range kinds.Elements() {
		if text, ok := kind.(types.String); ok {
			known = append(known, text.ValueString())
		}
	}
	return known
}

func orEnvironment(value types.String, variable string) string {
	if !value.IsNull() {
		return value.ValueString()
	}
	return os.Getenv(variable)
}

func (p *openaiProvider) Resources(context.Context) (all []func() resource.Resource) {
	for _, object := range objects() {
		all = append(all, object.Resource)
	}
	return all
}

func (p *openaiProvider) ListResources(context.Context) (all []func() list.ListResource) {
	for _, object := range objects() {
		if object.ListResource() != nil {
			all = append(all, object.ListResource)
		}
	}
	return all
}

func (p *openaiProvider) DataSources(context.Context) []func() datasource.DataSource {
	return fromAreas(func(a area) func() []func() datasource.DataSource { return a.dataSources })
}

func (p *openaiProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return fromAreas(func(a area) func() []func() ephemeral.EphemeralResource { return a.ephemeral })
}

func (p *openaiProvider) Functions(context.Context) []func() function.Function {
	return fromAreas(func(a area) func() []func() function.Function { return a.functions })
}

func (p *openaiProvider) Actions(context.Context) []func() action.Action {
	return fromAreas(func(a area) func() []func() action.Action { return a.actions })
}
