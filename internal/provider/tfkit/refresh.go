package tfkit

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// With refresh = "audit_log", an object is only read when the organisation's
// audit log tells that something happened to it. When an object was last seen
// is kept in its private state.

// LogCoverage says, for each kind of resource, whether the audit log tells of
// every change to it, and where that is written.
var LogCoverage = map[string]struct {
	Covered bool
	Why     string
}{
	"openai_project":                  {true, "project.created, .updated, .archived and .deleted name the project."},
	"openai_project_service_account":  {true, "service_account.created, .updated and .deleted name the account, role.assignment.* whom a role was given or taken from."},
	"openai_project_api_key":          {true, "api_key.created, .updated and .deleted name the key. The first two are the only place where its scopes can be read."},
	"openai_project_rate_limit":       {true, "rate_limit.updated and .deleted name the limit and the new values, but not the project: a change in one project is looked up in all that have other values."},
	"openai_project_user":             {true, "user.added, .updated and .deleted name the person, but not the project: a change in one project is looked up in all that the person is in."},
	"openai_organization_user":        {false, "One list serves all members, so there is nothing to gain."},
	"openai_organization_member":      {false, "Two lists serve all members and invitations, so there is nothing to gain."},
	"openai_invite":                   {false, "One list serves all invitations, which expire without an event."},
	"openai_organization_spend_limit": {false, "The log has no events for spend limits."},
	"openai_project_spend_limit":      {false, "The log has no events for spend limits."},
	"openai_organization_spend_alert": {false, "The log has no events for spend alerts."},
	"openai_project_spend_alert":      {false, "The log has no events for spend alerts."},

	"openai_group":              {false, "One list serves all groups, so there is nothing to gain."},
	"openai_group_user":         {false, "The documentation names no event for the members of groups."},
	"openai_group_members":      {false, "The documentation names no event for the members of groups."},
	"openai_role":               {false, "One list serves all roles, so there is nothing to gain."},
	"openai_project_role":       {false, "It is not said whether role.updated tells of the roles of projects."},
	"openai_user_role":          {false, "role.assignment.deleted names the assignment, which has no id elsewhere."},
	"openai_group_role":         {false, "role.assignment.deleted names the assignment, which has no id elsewhere."},
	"openai_project_group":      {false, "The log has no events for groups in projects."},
	"openai_project_user_role":  {false, "role.assignment.deleted names the assignment, which has no id elsewhere."},
	"openai_project_group_role": {false, "role.assignment.deleted names the assignment, which has no id elsewhere."},

	"openai_admin_api_key": {false, "One list serves all admin keys, so there is nothing to gain."},

	"openai_certificate":                       {false, "One list serves all certificates, so there is nothing to gain."},
	"openai_project_certificates":              {false, "certificates.activated names no project."},
	"openai_workload_identity_provider":        {false, "One list serves all providers, so there is nothing to gain."},
	"openai_workload_identity_federation_rule": {false, "The log calls rules mappings, and does not say whether they are the same."},
	"openai_external_key":                      {false, "One list serves all external keys, so there is nothing to gain."},
	"openai_external_storage":                  {false, "One list serves all external storage, so there is nothing to gain."},
	"openai_organization_data_retention":       {false, "There is one in an organisation, so there is nothing to gain."},
	"openai_project_data_retention":            {false, "The log has no events for the settings of a project."},
	"openai_project_hosted_tool_permissions":   {false, "The log has no events for the settings of a project."},
	"openai_project_model_permissions":         {false, "The log has no events for model permissions."},
	"openai_project_service_tier_settings":     {false, "The log has no events for the settings of a project."},
}

const verifiedKey = "verified"

// Watched is an object as the audit log knows it.
type Watched struct {
	ID string
	// Parents are the objects with whose end it ends.
	Parents []string
	// Expires is when it changes without an event, in Unix seconds, if ever.
	Expires types.Int64
	// Harmless says which events leave it as it is in state; nil for none.
	Harmless func(adminapi.Event) bool
}

// Unchanged says whether the state of an object can stand without a read,
// because nothing happened to it since it was last seen. If not, it returns
// what the log told, if anything.
func (r *Resource) Unchanged(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse, object Watched, identity map[string]types.String) (changes []adminapi.Event, unchanged bool) {
	r.Client.Know(object.ID)
	if !r.Client.ChangeLog.Followed() {
		return nil, false
	}
	seen := readVerified(ctx, req.Private, &resp.Diagnostics)
	if !r.Client.ChangeLog.Covers(seen) || object.Expires.ValueInt64() > 0 && object.Expires.ValueInt64() <= r.Client.Now().Unix() {
		return nil, false
	}
	changes, err := r.Client.ChangeLog.Changes(ctx, seen, object.ID, object.Parents...)
	if errors.Is(err, adminapi.ErrLogUnusable) {
		resp.Diagnostics.AddWarning("The audit log is not followed in this run", err.Error()+
			".\n\nEvery object is read instead, as with refresh = \"full\". Audit logging is switched on in the organisation's settings; the admin key needs the permission to read the log.")
	}
	if err != nil || resp.Diagnostics.HasError() {
		return nil, false
	}
	if object.Harmless != nil {
		changes = slices.DeleteFunc(changes, object.Harmless)
	}
	if len(changes) > 0 {
		return changes, false
	}
	SetIdentity(ctx, resp.Identity, &resp.Diagnostics, identity)
	markUnread(ctx)
	return nil, true
}

// SaveSeen keeps that an object was read or created just now.
func (r *Resource) SaveSeen(ctx context.Context, before PrivateReader, after PrivateWriter, id string, diags *diag.Diagnostics) {
	if r.Client.ChangeLog.Followed() {
		SavePrivate(ctx, after, verifiedKey, r.Client.ChangeLog.Verified(readVerified(ctx, before, diags), id), diags)
	}
}

// SaveChanged keeps that we changed an object without reading it before.
func (r *Resource) SaveChanged(ctx context.Context, before PrivateReader, after PrivateWriter, id string, diags *diag.Diagnostics) {
	if seen := readVerified(ctx, before, diags); seen.At > 0 {
		SavePrivate(ctx, after, verifiedKey, r.Client.ChangeLog.Changed(seen, id), diags)
	}
}

func readVerified(ctx context.Context, private PrivateReader, diags *diag.Diagnostics) adminapi.Verified {
	seen, _ := ReadPrivate[adminapi.Verified](ctx, private, verifiedKey, diags)
	return seen
}
