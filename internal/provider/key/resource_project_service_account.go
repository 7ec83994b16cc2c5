package key

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*serviceAccountResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*serviceAccountResource)(nil)
	_ resource.ResourceWithImportState  = (*serviceAccountResource)(nil)
	_ resource.ResourceWithIdentity     = (*serviceAccountResource)(nil)
	_ resource.ResourceWithUpgradeState = (*serviceAccountResource)(nil)
	_ resource.ResourceWithMoveState    = (*serviceAccountResource)(nil)
)

const (
	roleMember = "member"
	roleOwner  = "owner"
)

type serviceAccountResource struct{ tfkit.Resource }

func newServiceAccountResource() resource.Resource { return &serviceAccountResource{} }

func (r *serviceAccountResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_service_account"
}

func (r *serviceAccountResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = serviceAccountSchema()
}

func serviceAccountSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A service account of a project: who a program is when it calls the API. Make one for each service, named after it, and give it keys with `openai_project_api_key`.\n\n" +
			"The account is created without the key that the API would otherwise make beside it, of which nobody would know the secret. Destroying the account revokes its keys, and the plan warns of those that were made elsewhere.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`). The default project takes no service accounts."),
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the account, best that of the service. Names are not unique. Changed in place.",
				Required:            true,
				Validators:          []validator.String{tfkit.Name()},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the project: `member`, `owner`, or `none` for an account that gets its access from groups alone. Default: `member`. " +
					"Changed in place; changing it back to `none` replaces the account, as the API has no way back.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{stringvalidator.OneOf(roleMember, roleOwner, adminapi.ServiceAccountRoleNone)},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseStateForUnknown(),
					stringplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
						resp.RequiresReplace = req.PlanValue.ValueString() == adminapi.ServiceAccountRoleNone
					}, "An account that has had a role cannot lose it.", "An account that has had a role cannot lose it."),
				},
			},
			"id":                 tfkit.ComputedString("Id of the account."),
			"service_account_id": tfkit.ComputedString("Id of the account, the same as `id`."),
			"created_at":         tfkit.ComputedInt64("When the account was created, in Unix seconds."),
		},
	}
}

func (r *serviceAccountResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id":         tfkit.IdentityAttribute("Id of the project."),
		"service_account_id": tfkit.IdentityAttribute("Id of the service account."),
	}}
}

func (r *serviceAccountResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(serviceAccountSchema(), serviceAccountElsewhere)
}

// serviceAccountElsewhere is an account of other providers.
var serviceAccountElsewhere = tfkit.Foreign{
	Type:  "openai_project_service_account",
	Names: map[string]string{"service_account_id": "id"},
}

func (r *serviceAccountResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(serviceAccountSchema(), serviceAccountElsewhere)
}

type serviceAccountModel struct {
	ProjectID        types.String `tfsdk:"project_id"`
	Name             types.String `tfsdk:"name"`
	Role             types.String `tfsdk:"role"`
	ID               types.String `tfsdk:"id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	CreatedAt        types.Int64  `tfsdk:"created_at"`
}

func (m *serviceAccountModel) take(account *openai.ProjectServiceAccount) {
	m.Name = tfkit.String(account.Name, account.JSON.Name)
	m.Role = tfkit.String(account.Role, account.JSON.Role)
	m.ID = types.StringValue(account.ID)
	m.ServiceAccountID = m.ID
	m.CreatedAt = tfkit.Int64(account.CreatedAt, account.JSON.CreatedAt)
}

func (m *serviceAccountModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "service_account_id": m.ServiceAccountID}
}

// label names the account in diagnostics.
func (m *serviceAccountModel) label() string {
	return fmt.Sprintf("service account %q (%s) of project %s", m.Name.ValueString(), m.ID.ValueString(), m.ProjectID.ValueString())
}

// ModifyPlan warns of keys that are revoked with an account that is destroyed.
func (r *serviceAccountResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.warnOfRevokedKeys(ctx, req, resp)
	}
}

// warnOfRevokedKeys warns of keys in no state that are revoked with the account.
// It never fails a plan.
func (r *serviceAccountResource) warnOfRevokedKeys(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || state.ID.IsNull() {
		return
	}
	keys, err := r.Client.APIKeys.Unmanaged(ctx, state.ProjectID.ValueString(), state.ID.ValueString())
	if err != nil {
		tflog.Info(ctx, "the keys of the service account could not be listed", map[string]any{"service_account": state.ID.ValueString(), "error": err.Error()})
		return
	}
	var lines []string
	for i := range keys {
		if status(&keys[i], r.Client.Now().Unix()) == statusExpired {
			continue
		}
		used := "never used"
		if keys[i].JSON.LastUsedAt.Valid() {
			used = "last used " + time.Unix(keys[i].LastUsedAt, 0).UTC().Format(time.DateOnly)
		}
		lines = append(lines, fmt.Sprintf("%q (%s), %s", keys[i].Name, keys[i].ID, used))
	}
	if len(lines) > 0 {
		resp.Diagnostics.AddWarning("API keys will be revoked", fmt.Sprintf(
			"With the %s, keys are revoked that were made elsewhere: %s.", state.label(), strings.Join(lines, "; ")))
	}
}

func (r *serviceAccountResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, wanted := plan.ProjectID.ValueString(), plan.Role.ValueString()
	if wanted == "" {
		wanted = roleMember
	}
	account, err := r.Client.ServiceAccounts.Create(ctx, project, plan.Name.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, fmt.Sprintf("service account %q of project %s", plan.Name.ValueString(), project), err)
		return
	}
	plan.take(account)
	r.save(ctx, &plan, resp)
	// An account without a key is made without a role, too.
	if plan.Role.ValueString() == wanted {
		return
	}
	account, err = r.Client.ServiceAccounts.Update(ctx, project, account.ID, openai.AdminOrganizationProjectServiceAccountUpdateParams{
		Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRole(wanted),
	})
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	plan.take(account)
	r.save(ctx, &plan, resp)
}

func (r *serviceAccountResource) save(ctx context.Context, plan *serviceAccountModel, resp *resource.CreateResponse) {
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveSeen(ctx, resp.Private, resp.Private, plan.ServiceAccountID.ValueString(), &resp.Diagnostics)
}

func (r *serviceAccountResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	watched := tfkit.Watched{ID: state.ServiceAccountID.ValueString(), Parents: []string{state.ProjectID.ValueString()}}
	if _, unchanged := r.Unchanged(ctx, req, resp, watched, state.identity()); unchanged {
		return
	}
	account, err := r.get(ctx, &state)
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(account)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
	r.SaveSeen(ctx, req.Private, resp.Private, state.ServiceAccountID.ValueString(), &resp.Diagnostics)
}

func (r *serviceAccountResource) get(ctx context.Context, state *serviceAccountModel) (*openai.ProjectServiceAccount, error) {
	r.Client.Expect(state.ServiceAccountID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.ServiceAccounts.Get(ctx, state.ProjectID.ValueString(), state.ServiceAccountID.ValueString())
}

func (r *serviceAccountResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state serviceAccountModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.update(ctx, &plan, &state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveChanged(ctx, req.Private, resp.Private, plan.ServiceAccountID.ValueString(), &resp.Diagnostics)
}

func (r *serviceAccountResource) update(ctx context.Context, plan, state *serviceAccountModel, diags *diag.Diagnostics) {
	var params openai.AdminOrganizationProjectServiceAccountUpdateParams
	if !plan.Name.Equal(state.Name) {
		params.Name = openai.String(plan.Name.ValueString())
	}
	if !plan.Role.Equal(state.Role) {
		params.Role = openai.AdminOrganizationProjectServiceAccountUpdateParamsRole(plan.Role.ValueString())
	}
	account, err := r.Client.ServiceAccounts.Update(ctx, state.ProjectID.ValueString(), state.ID.ValueString(), params)
	if err != nil {
		tfkit.AddAPIError(diags, state.label(), err)
		return
	}
	plan.take(account)
}

func (r *serviceAccountResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceAccountModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.ServiceAccountID.IsNull() {
		account, err := r.get(ctx, &state)
		if err != nil && !adminapi.IsGone(err) {
			tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		}
		if account == nil {
			return
		}
		state.take(account)
	}
	if err := r.Client.ServiceAccounts.Delete(ctx, state.ProjectID.ValueString(), state.ID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *serviceAccountResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "service_account_id")
}
