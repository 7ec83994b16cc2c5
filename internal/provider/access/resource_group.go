package access

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*groupResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*groupResource)(nil)
	_ resource.ResourceWithImportState  = (*groupResource)(nil)
	_ resource.ResourceWithIdentity     = (*groupResource)(nil)
	_ resource.ResourceWithUpgradeState = (*groupResource)(nil)
	_ resource.ResourceWithMoveState    = (*groupResource)(nil)
)

type groupResource struct{ tfkit.Resource }

func newGroupResource() resource.Resource { return &groupResource{} }

func (r *groupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group"
}

func (r *groupResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = groupSchema()
}

func groupSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A group of people and service accounts, which can be given roles as one. " +
			"Its members are those of `openai_group_user`, one by one, or of `openai_group_members`, all at once.\n\n" +
			"A group that the identity provider manages through SCIM can be imported and read, but neither renamed nor removed: the plan says so. " +
			"Destroying the resource removes the group, and with it the roles that its members had through it.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the group, up to 255 characters. Names are not unique. Changed in place.",
				Required:            true,
				Validators:          []validator.String{tfkit.Name(), stringvalidator.UTF8LengthAtMost(255)},
			},
			"id":              tfkit.ComputedString("Id of the group (`group_…`)."),
			"group_id":        tfkit.ComputedString("Id of the group, the same as `id`."),
			"group_type":      tfkit.ComputedString("`group`, or `tenant_group` for one that several organisations share."),
			"is_scim_managed": computedBool("Whether the identity provider manages the group; such groups cannot be changed here."),
			"created_at":      tfkit.ComputedInt64("When the group was created, in Unix seconds."),
		},
	}
}

func (r *groupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": tfkit.IdentityAttribute("Id of the group."),
	}}
}

func (r *groupResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(groupSchema(), groupElsewhere)
}

var groupElsewhere = tfkit.Foreign{Type: "openai_group"}

func (r *groupResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(groupSchema(), groupElsewhere)
}

// groupModel is a group; the data sources show the same.
type groupModel struct {
	Name          types.String `tfsdk:"name"`
	ID            types.String `tfsdk:"id"`
	GroupID       types.String `tfsdk:"group_id"`
	GroupType     types.String `tfsdk:"group_type"`
	IsSCIMManaged types.Bool   `tfsdk:"is_scim_managed"`
	CreatedAt     types.Int64  `tfsdk:"created_at"`
}

func newGroupModel(group *adminapi.Group) groupModel {
	return groupModel{
		Name:          types.StringValue(group.Name),
		ID:            types.StringValue(group.ID),
		GroupID:       types.StringValue(group.ID),
		GroupType:     types.StringPointerValue(group.Type),
		IsSCIMManaged: types.BoolValue(group.SCIMManaged),
		CreatedAt:     types.Int64PointerValue(group.CreatedAt),
	}
}

func (m *groupModel) identity() map[string]types.String {
	return map[string]types.String{"id": m.ID}
}

// label names the group in diagnostics.
func (m *groupModel) label() string {
	return fmt.Sprintf("group %q (%s)", m.Name.ValueString(), m.ID.ValueString())
}

// ModifyPlan refuses to change a group that belongs to the identity provider.
func (r *groupResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || !changes(req) {
		return
	}
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if state.IsSCIMManaged.ValueBool() {
		resp.Diagnostics.AddError("Managed by the identity provider", fmt.Sprintf(
			"The %s is managed through SCIM, so that a change made here would be undone there. Change the group in the identity provider. %s", state.label(), tfkit.ReleaseHint))
	}
}

func (r *groupResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := r.Client.Groups.Create(ctx, plan.Name.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, fmt.Sprintf("group %q", plan.Name.ValueString()), err)
		return
	}
	plan = newGroupModel(group)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *groupResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := r.get(ctx, &state)
	if tfkit.NothingRead(ctx, resp, state.identity(), state.label(), err) {
		return
	}
	state = newGroupModel(group)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *groupResource) get(ctx context.Context, state *groupModel) (*adminapi.Group, error) {
	r.Client.Expect(state.ID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.Groups.Get(ctx, state.ID.ValueString())
}

func (r *groupResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state groupModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, err := r.Client.Groups.Rename(ctx, adminapi.Group{ID: state.ID.ValueString(), Type: state.GroupType.ValueStringPointer()}, plan.Name.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	plan = newGroupModel(group)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *groupResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state groupModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.Groups.Delete(ctx, state.ID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *groupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "id")
}
