package policy

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*serviceTiersResource)(nil)
	_ resource.ResourceWithImportState  = (*serviceTiersResource)(nil)
	_ resource.ResourceWithIdentity     = (*serviceTiersResource)(nil)
	_ resource.ResourceWithUpgradeState = (*serviceTiersResource)(nil)
	_ resource.ResourceWithMoveState    = (*serviceTiersResource)(nil)
)

type serviceTiersResource struct{ tfkit.Resource }

func newServiceTiersResource() resource.Resource { return &serviceTiersResource{} }

func (r *serviceTiersResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_service_tier_settings"
}

func (r *serviceTiersResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = serviceTiersSchema()
}

func serviceTiersSchema() schema.Schema {
	return schema.Schema{
		Version:             tfkit.SchemaVersion,
		MarkdownDescription: "Which service tiers the requests of a project may choose, and which one they get when they choose none." + putBack,
		Attributes: map[string]schema.Attribute{
			"project_id":      tfkit.ParentID("Id of the project (`proj_…`) whose tiers are set."),
			tfkit.RestoreName: tfkit.RestoreObject(restoredTiers),
			"default": schema.StringAttribute{
				MarkdownDescription: "Tier of requests that name none or say `auto`: `standard`, `fast` or `scale`. Changed in place.",
				Required:            true,
				Validators:          []validator.String{tfkit.OpenEnum("standard", "fast", "scale"), stringvalidator.NoneOf("flex", "ultrafast")},
			},
			"enabled_tiers": schema.SetAttribute{
				MarkdownDescription: "Tiers that requests may choose beside the standard one: some of `flex`, `fast` and `ultrafast`, none of them, or `all` alone, which includes tiers that are yet to come. Changed in place.",
				ElementType:         types.StringType,
				Required:            true,
				Validators: []validator.Set{
					setvalidator.ValueStringsAre(tfkit.OpenEnum(adminapi.AllTiers, "flex", "fast", "ultrafast"), stringvalidator.NoneOf("standard", "scale")),
					allAlone{},
				},
			},
		},
	}
}

// allAlone refuses "all" beside other tiers.
type allAlone struct{}

func (allAlone) Description(context.Context) string { return "`all` alone, or tiers by name" }

func (v allAlone) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (allAlone) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if slices.ContainsFunc(req.ConfigValue.Elements(), types.StringValue(adminapi.AllTiers).Equal) && len(req.ConfigValue.Elements()) > 1 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf("%s must hold either \"all\" or tiers by name.", req.Path))
	}
}

func (r *serviceTiersResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
	}}
}

func (r *serviceTiersResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(serviceTiersSchema())
}

func (r *serviceTiersResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(serviceTiersSchema(), tfkit.AsOfficial("openai_project_service_tier_settings"))
}

type serviceTiersModel struct {
	ProjectID    types.String `tfsdk:"project_id"`
	Default      types.String `tfsdk:"default"`
	EnabledTiers types.Set    `tfsdk:"enabled_tiers"`

	RestoreValues types.Object `tfsdk:"restore_values"`
}

// restoredTiers are the types of restore_values.
var restoredTiers = map[string]attr.Type{"default": types.StringType, "enabled_tiers": types.SetType{ElemType: types.StringType}}

// previous are the tiers of restore_values, in the model of a resource.
func (m *serviceTiersModel) previous() serviceTiersModel {
	values := m.RestoreValues.Attributes()
	previous := *m
	previous.Default, _ = values["default"].(types.String)
	previous.EnabledTiers, _ = values["enabled_tiers"].(types.Set)
	return previous
}

func (m *serviceTiersModel) take(ctx context.Context, tiers *adminapi.TierSettings, diags *diag.Diagnostics) {
	m.Default = types.StringValue(tiers.Default)
	m.EnabledTiers = tfkit.StringSet(ctx, tiers.Enabled, diags)
}

func (m *serviceTiersModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID}
}

// label names the tiers in diagnostics.
func (m *serviceTiersModel) label() string {
	return "the service tier settings of project " + m.ProjectID.ValueString()
}

// set writes the tiers of the model and takes the answer over.
func (r *serviceTiersResource) set(ctx context.Context, m *serviceTiersModel, diags *diag.Diagnostics) {
	wanted := adminapi.TierSettings{Default: m.Default.ValueString()}
	diags.Append(m.EnabledTiers.ElementsAs(ctx, &wanted.Enabled, false)...)
	if diags.HasError() {
		return
	}
	tiers, err := r.Client.ServiceTiers.Set(ctx, m.ProjectID.ValueString(), wanted)
	if err != nil {
		tfkit.AddAPIError(diags, m.label(), err)
		return
	}
	m.take(ctx, tiers, diags)
}

func (r *serviceTiersResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan serviceTiersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before, err := r.Client.ServiceTiers.Get(ctx, plan.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	// In state before the change, so that the previous tiers are restored also
	// when the answer is lost.
	present := plan
	present.take(ctx, before, &resp.Diagnostics)
	plan.RestoreValues = types.ObjectValueMust(restoredTiers, map[string]attr.Value{"default": present.Default, "enabled_tiers": present.EnabledTiers})
	present.RestoreValues = plan.RestoreValues
	resp.Diagnostics.Append(resp.State.Set(ctx, present)...)
	if present.Default.Equal(plan.Default) && present.EnabledTiers.Equal(plan.EnabledTiers) {
		tfkit.SetIdentity(ctx, resp.Identity, &resp.Diagnostics, plan.identity())
		return
	}
	r.set(ctx, &plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *serviceTiersResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state serviceTiersModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tiers, err := r.Client.ServiceTiers.Get(ctx, state.ProjectID.ValueString())
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(ctx, tiers, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *serviceTiersResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan serviceTiersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.set(ctx, &plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *serviceTiersResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state serviceTiersModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.RestoreValues.IsNull() {
		tfkit.AddLeft(&resp.Diagnostics, state.label(), notKnown)
		return
	}
	previous := state.previous()
	before := adminapi.TierSettings{Default: previous.Default.ValueString()}
	resp.Diagnostics.Append(previous.EnabledTiers.ElementsAs(ctx, &before.Enabled, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, err := r.Client.ServiceTiers.Set(ctx, state.ProjectID.ValueString(), before); err != nil && !adminapi.IsGone(err) {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *serviceTiersResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id")
}
