package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Numbers of entries that are read: by default, and at most, which takes a
// hundred requests.
const (
	defaultResults = 100
	mostResults    = 10_000
)

func auditLogsData() lifecycle.DataSource[*auditLogsModel] {
	return lifecycle.DataSource[*auditLogsModel]{
		Type:     "audit_logs",
		Schema:   auditLogsSchema(),
		Validate: validateAuditLogs,
		Label:    lifecycle.Static[*auditLogsModel]("the audit log of the organization"),
		Read:     readAuditLogs,
	}
}

func filter(description string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description,
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          []validator.Set{setvalidator.SizeAtLeast(1)},
	}
}

func moment(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{tfkit.Time()}}
}

func auditLogsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Events of the organization's audit log, newest first. " +
			"The audit log must be enabled in the organization's settings. It has no events from before that.\n\n" +
			"The state contains the entries, with e-mail and IP addresses. Text that looks like a key is removed.",
		Attributes: map[string]schema.Attribute{
			"event_types":  filter("Only events of these types, for example `api_key.created` or `role.assignment.created`."),
			"project_ids":  filter("Only events of these projects."),
			"actor_ids":    filter("Only events by these actors: ids of users, of service accounts or of API keys."),
			"actor_emails": filter("Only events by the people with these e-mail addresses."),
			"resource_ids": filter("Only events about these objects, for example the id of a project or of a key."),
			"after":        moment("Only events after this time, as an RFC 3339 time such as `2026-11-01T00:00:00Z`."),
			"at_or_after":  moment("Only events at this time or after it."),
			"before":       moment("Only events before this time."),
			"at_or_before": moment("Only events at this time or before it."),
			"tenant_only": schema.BoolAttribute{
				MarkdownDescription: "Whether to read events of the organization's tenant instead. All `event_types` must then be types of tenant events, for example `role.bound_to_resource`. Default: `false`.",
				Optional:            true,
			},
			"max_results": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf("Maximum number of entries to read, 1 to %d. Each hundred takes a request. Default: %d.", mostResults, defaultResults),
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, mostResults)},
			},
			"id":        schema.StringAttribute{Computed: true, MarkdownDescription: "Always `organization`."},
			"truncated": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether there are more entries than were read."},
			"audit_logs": schema.ListNestedAttribute{
				MarkdownDescription: "The entries found.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":                       schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the entry (`audit_log-…`)."},
					"type":                     schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the event."},
					"effective_at":             schema.Int64Attribute{Computed: true, MarkdownDescription: "When the event happened, in Unix seconds."},
					"project_id":               schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project of the event; null when there is none."},
					"project_name":             schema.StringAttribute{Computed: true, MarkdownDescription: "Name of that project."},
					"actor_type":               schema.StringAttribute{Computed: true, MarkdownDescription: "`session` for a person in a browser, `api_key` for a request with a key."},
					"actor_user_id":            schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the person who caused the event; null for a service account."},
					"actor_email":              schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address of the person who caused the event."},
					"actor_service_account_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the service account that caused the event; null for a person."},
					"actor_api_key_id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the key that was used; null for a session."},
					"actor_ip_address":         schema.StringAttribute{Computed: true, MarkdownDescription: "IP address of the session; null for a key."},
					"details":                  schema.StringAttribute{Computed: true, MarkdownDescription: "Details of the event, as JSON for `jsondecode`; null when the API returns none. The fields depend on the type."},
				}},
			},
		},
	}
}

type auditLogsModel struct {
	EventTypes  types.Set       `tfsdk:"event_types"`
	ProjectIDs  types.Set       `tfsdk:"project_ids"`
	ActorIDs    types.Set       `tfsdk:"actor_ids"`
	ActorEmails types.Set       `tfsdk:"actor_emails"`
	ResourceIDs types.Set       `tfsdk:"resource_ids"`
	After       types.String    `tfsdk:"after"`
	AtOrAfter   types.String    `tfsdk:"at_or_after"`
	Before      types.String    `tfsdk:"before"`
	AtOrBefore  types.String    `tfsdk:"at_or_before"`
	TenantOnly  types.Bool      `tfsdk:"tenant_only"`
	MaxResults  types.Int64     `tfsdk:"max_results"`
	ID          types.String    `tfsdk:"id"`
	Truncated   types.Bool      `tfsdk:"truncated"`
	AuditLogs   []auditLogModel `tfsdk:"audit_logs"`
}

type auditLogModel struct {
	ID                    types.String `tfsdk:"id"`
	Type                  types.String `tfsdk:"type"`
	EffectiveAt           types.Int64  `tfsdk:"effective_at"`
	ProjectID             types.String `tfsdk:"project_id"`
	ProjectName           types.String `tfsdk:"project_name"`
	ActorType             types.String `tfsdk:"actor_type"`
	ActorUserID           types.String `tfsdk:"actor_user_id"`
	ActorEmail            types.String `tfsdk:"actor_email"`
	ActorServiceAccountID types.String `tfsdk:"actor_service_account_id"`
	ActorAPIKeyID         types.String `tfsdk:"actor_api_key_id"`
	ActorIPAddress        types.String `tfsdk:"actor_ip_address"`
	Details               types.String `tfsdk:"details"`
}

func newAuditLogModel(entry *adminapi.AuditEntry) auditLogModel {
	m := auditLogModel{
		ID: types.StringValue(entry.ID), Type: types.StringValue(entry.Type), EffectiveAt: types.Int64Value(entry.EffectiveAt),
		ActorType: types.StringPointerValue(entry.Actor.Type), Details: types.StringPointerValue(entry.Details),
	}
	if entry.Project != nil {
		m.ProjectID, m.ProjectName = types.StringPointerValue(entry.Project.ID), types.StringPointerValue(entry.Project.Name)
	}
	if session := entry.Actor.Session; session != nil {
		m.ActorIPAddress = types.StringPointerValue(session.IPAddress)
		m.ActorUserID, m.ActorEmail = types.StringPointerValue(session.User.ID), types.StringPointerValue(session.User.Email)
	}
	if key := entry.Actor.APIKey; key != nil {
		m.ActorAPIKeyID, m.ActorServiceAccountID = types.StringPointerValue(key.ID), types.StringPointerValue(key.ServiceAccount.ID)
		m.ActorUserID, m.ActorEmail = types.StringPointerValue(key.User.ID), types.StringPointerValue(key.User.Email)
	}
	return m
}

// seconds reads a time that the validators have seen; nil when it is not set.
func seconds(moment types.String) *int64 {
	at, err := time.Parse(time.RFC3339, moment.ValueString())
	if err != nil {
		return nil
	}
	unix := at.Unix()
	return &unix
}

// validateAuditLogs refuses a span of time that cannot hold anything.
func validateAuditLogs(call *lifecycle.DataCall[*auditLogsModel]) {
	config := call.Data
	for _, from := range []struct {
		name string
		at   types.String
	}{{"after", config.After}, {"at_or_after", config.AtOrAfter}} {
		for _, to := range []struct {
			name string
			at   types.String
		}{{"before", config.Before}, {"at_or_before", config.AtOrBefore}} {
			start, end := seconds(from.at), seconds(to.at)
			if start != nil && end != nil && *start > *end {
				call.Diags.AddAttributeError(path.Root(to.name), "Invalid time range", fmt.Sprintf(
					"%s must not be earlier than %s: %s is earlier than %s.", to.name, from.name, to.at.ValueString(), from.at.ValueString()))
			}
		}
	}
}

func (m *auditLogsModel) filter(ctx context.Context, diags *diag.Diagnostics) adminapi.AuditFilter {
	texts := func(set types.Set) []string { return tfkit.Strings(ctx, set, diags) }
	return adminapi.AuditFilter{
		EventTypes: texts(m.EventTypes), ProjectIDs: texts(m.ProjectIDs), ActorIDs: texts(m.ActorIDs),
		ActorEmails: texts(m.ActorEmails), ResourceIDs: texts(m.ResourceIDs),
		After: seconds(m.After), AtOrAfter: seconds(m.AtOrAfter), Before: seconds(m.Before), AtOrBefore: seconds(m.AtOrBefore),
		TenantOnly: m.TenantOnly.ValueBool(),
	}
}

func readAuditLogs(ctx context.Context, call *lifecycle.DataCall[*auditLogsModel]) error {
	d := call.Data
	filter := d.filter(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	most := defaultResults
	if !d.MaxResults.IsNull() {
		most = int(d.MaxResults.ValueInt64())
	}
	entries, more, err := call.Client.AuditLogs.List(ctx, filter, most)
	// The API promises no order.
	slices.SortStableFunc(entries, func(a, b adminapi.AuditEntry) int { return cmp.Compare(b.EffectiveAt, a.EffectiveAt) })
	d.ID, d.Truncated = types.StringValue("organization"), types.BoolValue(more)
	d.AuditLogs = lifecycle.Flatten(entries, newAuditLogModel)
	return err
}
