package apikey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

const (
	roleMember = "member"
	roleOwner  = "owner"
)

func serviceAccount() lifecycle.Object[*serviceAccountModel] {
	return lifecycle.Object[*serviceAccountModel]{
		Core: lifecycle.Core[*serviceAccountModel]{
			Type:   "project_service_account",
			Schema: serviceAccountSchema,
			Identity: []lifecycle.Identifier{
				{Name: "project_id", Description: "Id of the project."},
				{Name: "service_account_id", Description: "Id of the service account."},
			},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/projects/{project_id}/service_accounts/{service_account_id}"))
			},
			Label:  (*serviceAccountModel).label,
			Legacy: lifecycle.Foreign{Type: "openai_project_service_account", Names: map[string][]string{"service_account_id": {"id"}}},
			// service_account.created, .updated and .deleted name the account,
			// role.assignment.* who got or lost a role.
			Audit: func(m *serviceAccountModel) lifecycle.Watched {
				return lifecycle.Watched{ID: m.ServiceAccountID.ValueString(), Parents: []string{m.ProjectID.ValueString()}}
			},
			Plan: planServiceAccount,
			Read: readServiceAccount,
			Delete: func(ctx context.Context, call *lifecycle.Call[*serviceAccountModel]) error {
				return call.Client.ServiceAccounts.Delete(ctx, call.State.ProjectID.ValueString(), call.State.ServiceAccountID.ValueString())
			},
			List: lifecycle.ListProjects("The service accounts of one project or of all projects.", "the service accounts",
				func(ctx context.Context, client *adminapi.Client, projectID string) ([]openai.ProjectServiceAccount, error) {
					return client.ServiceAccounts.List(ctx, projectID)
				},
				func(_ context.Context, project *openai.Project, account *openai.ProjectServiceAccount, _ *diag.Diagnostics) (string, *serviceAccountModel) {
					m := &serviceAccountModel{ProjectID: types.StringValue(project.ID)}
					m.fromAPI(account)
					return account.Name + " in " + project.Name, m
				}),
		},
		Create:  createServiceAccount,
		Update:  updateServiceAccount,
		Orphans: orphanAccounts,
	}
}

func serviceAccountSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A service account of a project: the identity of a program that calls the API. Create one for each service, and create its keys with `openai_project_api_key`.\n\n" +
			"By default, the API creates a key with each service account; this resource creates the account without a key. Destroying the account revokes its keys; the plan warns about keys that this configuration does not manage.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`). Service accounts cannot be created in the default project."),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the account, for example the name of the service. Names are not unique. Changed in place.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{tfkit.NewName()},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the project: `member`, `owner`, or `none` for an account that gets its permissions only from groups. Default: `member` for a new account; an existing account keeps its role. " +
					"Changed in place, except that a change to `none` replaces the account, because the API cannot remove a role.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{stringvalidator.OneOf(roleMember, roleOwner, adminapi.ServiceAccountRoleNone)},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseStateForUnknown(),
					stringplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
						resp.RequiresReplace = req.PlanValue.ValueString() == adminapi.ServiceAccountRoleNone
					}, "The API cannot remove the role of an account.", "The API cannot remove the role of an account."),
				},
			},
			"id":                 tfkit.ComputedString("Id of the account."),
			"service_account_id": tfkit.ComputedString("Id of the account, the same as `id`."),
			"created_at":         tfkit.ComputedInt64("When the account was created, in Unix seconds."),
		},
	}
}

type serviceAccountModel struct {
	ProjectID        types.String `tfsdk:"project_id"`
	Name             types.String `tfsdk:"name"`
	Role             types.String `tfsdk:"role"`
	ID               types.String `tfsdk:"id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	CreatedAt        types.Int64  `tfsdk:"created_at"`
}

func (m *serviceAccountModel) fromAPI(account *openai.ProjectServiceAccount) {
	m.Name = tfkit.String(account.Name, account.JSON.Name)
	m.Role = tfkit.String(account.Role, account.JSON.Role)
	m.ID = types.StringValue(account.ID)
	m.ServiceAccountID = m.ID
	m.CreatedAt = tfkit.Int64(account.CreatedAt, account.JSON.CreatedAt)
}

// label names the account in diagnostics.
func (m *serviceAccountModel) label() string {
	return lifecycle.Label("service account", m.Name.ValueString(), m.ID.ValueString()) + " of project " + m.ProjectID.ValueString()
}

func planServiceAccount(ctx context.Context, call *lifecycle.Call[*serviceAccountModel]) {
	switch {
	case !call.HasPlan():
		warnOfRevokedKeys(ctx, call)
	case !call.HasState() && call.Config.Role.IsNull():
		call.Plan.Role = types.StringValue(roleMember)
	}
}

// warnOfRevokedKeys warns of keys in no state that are revoked with an account
// that is destroyed. It never fails a plan.
func warnOfRevokedKeys(ctx context.Context, call *lifecycle.Call[*serviceAccountModel]) {
	if call.State.ID.IsNull() {
		return
	}
	state := call.State
	keys, err := call.Client.APIKeys.Unmanaged(ctx, state.ProjectID.ValueString(), state.ID.ValueString())
	if err != nil {
		tflog.Info(ctx, "the keys of the service account could not be listed", map[string]any{"service_account": state.ID.ValueString(), "error": err.Error()})
		return
	}
	var lines []string
	for i := range keys {
		if status(&keys[i], call.Client.Now().Unix()) == statusExpired {
			continue
		}
		used := "never used"
		if keys[i].JSON.LastUsedAt.Valid() {
			used = "last used " + time.Unix(keys[i].LastUsedAt, 0).UTC().Format(time.DateOnly)
		}
		lines = append(lines, fmt.Sprintf("%q (%s), %s", keys[i].Name, keys[i].ID, used))
	}
	if len(lines) > 0 {
		call.Diags.AddWarning("API keys will be revoked", fmt.Sprintf(
			"Destroying the %s also revokes keys that this configuration does not manage: %s.", state.label(), strings.Join(lines, "; ")))
	}
}

func createServiceAccount(ctx context.Context, call *lifecycle.Call[*serviceAccountModel]) error {
	plan := call.Plan
	role := plan.Role.ValueString()
	account, err := call.Client.ServiceAccounts.Create(ctx, plan.ProjectID.ValueString(), plan.Name.ValueString())
	if err != nil {
		return err
	}
	plan.fromAPI(account)
	// An account without a key is made without a role, too.
	if plan.Role.ValueString() == role {
		return nil
	}
	call.Checkpoint(ctx, plan)
	return changeServiceAccount(ctx, call, openai.AdminOrganizationProjectServiceAccountUpdateParams{
		Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRole(role),
	})
}

func readServiceAccount(ctx context.Context, call *lifecycle.Call[*serviceAccountModel]) error {
	account, err := call.Client.ServiceAccounts.Get(ctx, call.State.ProjectID.ValueString(), call.State.ServiceAccountID.ValueString())
	if err == nil {
		call.State.fromAPI(account)
	}
	return err
}

func updateServiceAccount(ctx context.Context, call *lifecycle.Call[*serviceAccountModel]) error {
	var params openai.AdminOrganizationProjectServiceAccountUpdateParams
	if !call.Plan.Name.Equal(call.State.Name) {
		params.Name = openai.String(call.Plan.Name.ValueString())
	}
	if !call.Plan.Role.Equal(call.State.Role) {
		params.Role = openai.AdminOrganizationProjectServiceAccountUpdateParamsRole(call.Plan.Role.ValueString())
	}
	return changeServiceAccount(ctx, call, params)
}

func changeServiceAccount(ctx context.Context, call *lifecycle.Call[*serviceAccountModel], params openai.AdminOrganizationProjectServiceAccountUpdateParams) error {
	account, err := call.Client.ServiceAccounts.Update(ctx, call.Plan.ProjectID.ValueString(), call.Plan.ID.ValueString(), params)
	if err == nil {
		call.Plan.fromAPI(account)
	}
	return err
}

// orphanAccounts finds accounts of the project with the same name.
func orphanAccounts(_ context.Context, call *lifecycle.Call[*serviceAccountModel]) *lifecycle.OrphanSearch {
	if !call.Knows("project_id", "name") {
		return nil
	}
	project, name := call.Plan.ProjectID.ValueString(), call.Plan.Name.ValueString()
	search := &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("service account %q of project %s", name, project),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.ServiceAccounts.Orphans(ctx, project, name)
		},
	}
	return search.InProject(project)
}
