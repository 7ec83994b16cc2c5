package limit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*rateLimitResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*rateLimitResource)(nil)
	_ resource.ResourceWithImportState  = (*rateLimitResource)(nil)
	_ resource.ResourceWithIdentity     = (*rateLimitResource)(nil)
	_ resource.ResourceWithUpgradeState = (*rateLimitResource)(nil)
	_ resource.ResourceWithMoveState    = (*rateLimitResource)(nil)
)

type rateLimitResource struct{ tfkit.Resource }

func newRateLimitResource() resource.Resource { return &rateLimitResource{} }

func (r *rateLimitResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_rate_limit"
}

func (r *rateLimitResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = rateLimitSchema()
}

func rateLimitSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
		"model": schema.StringAttribute{
			MarkdownDescription: "Model whose rate limit is set, for example `gpt-4o-mini`. Exactly one of `model` and `rate_limit_id` is configured. Changing it replaces the resource.",
			Optional:            true,
			Computed:            true,
			Validators: []validator.String{
				tfkit.Name(),
				stringvalidator.ExactlyOneOf(path.MatchRoot("model"), path.MatchRoot("rate_limit_id")),
			},
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
		},
		"rate_limit_id": schema.StringAttribute{
			MarkdownDescription: "Id of the rate limit (`rl-…`). Exactly one of `model` and `rate_limit_id` is configured. Changing it replaces the resource.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{tfkit.ID()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
		},
		"id": tfkit.ComputedString("Id of the rate limit, the same as `rate_limit_id`."),

		tfkit.RestoreName: tfkit.RestoreMap(types.Int64Type),
	}
	for name, description := range rateMeasureDescriptions {
		attributes[name] = schema.Int64Attribute{
			MarkdownDescription: description + " At least 0, and no more than the organisation has. Default: what the project has. Changed in place; when removed from the configuration, the former value is put back.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Int64{int64validator.AtLeast(0)},
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		}
	}
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "What a project may request of one model. OpenAI makes one rate limit for each model; this resource takes it over and changes the measures that are configured.\n\n" +
			"Rate limits cannot be deleted. `terraform destroy` puts the values back that were found when the resource was created. After an import these are not known, and the values are left as they are.",
		Attributes: attributes,
	}
}

func (r *rateLimitResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id":    tfkit.IdentityAttribute("Id of the project."),
		"rate_limit_id": tfkit.IdentityAttribute("Id of the rate limit."),
	}}
}

func (r *rateLimitResource) GeneratedConfig() tfkit.GeneratedConfig {
	return tfkit.GeneratedConfig{Without: []string{"rate_limit_id"}}
}

func (r *rateLimitResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(rateLimitSchema(), rateLimitElsewhere)
}

var rateLimitElsewhere = tfkit.Foreign{
	Type:  "openai_project_rate_limit",
	Types: []tfkit.ForeignType{{Provider: tfkit.Mkdev, Type: "openai_rate_limit"}},
	Names: map[string]string{
		"max_requests_per_1_minute": "max_requests_per_minute",
		"max_tokens_per_1_minute":   "max_tokens_per_minute",
		"max_images_per_1_minute":   "max_images_per_minute",
	},
}

func (r *rateLimitResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(rateLimitSchema(), rateLimitElsewhere)
}

type rateLimitModel struct {
	ProjectID   types.String `tfsdk:"project_id"`
	Model       types.String `tfsdk:"model"`
	RateLimitID types.String `tfsdk:"rate_limit_id"`
	ID          types.String `tfsdk:"id"`
	rateMeasures
	RestoreValues types.Map `tfsdk:"restore_values"`
}

func (m *rateLimitModel) take(limit *openai.ProjectRateLimit) {
	m.Model = types.StringValue(limit.Model)
	m.RateLimitID = types.StringValue(limit.ID)
	m.ID = m.RateLimitID
	m.rateMeasures = newRateMeasures(limit)
}

// over is the plan with what it leaves open taken from the present limit.
func (m rateLimitModel) over(limit *openai.ProjectRateLimit) rateLimitModel {
	planned := m.rateMeasures
	m.take(limit)
	for name, value := range planned.byName() {
		if !value.IsUnknown() {
			*m.byName()[name] = *value
		}
	}
	return m
}

func (m *rateLimitModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID, "rate_limit_id": m.RateLimitID}
}

// label names the rate limit in diagnostics.
func (m *rateLimitModel) label() string {
	name := m.RateLimitID.ValueString()
	if name == "" {
		name = "of model " + m.Model.ValueString()
	}
	return fmt.Sprintf("rate limit %s of project %s", name, m.ProjectID.ValueString())
}

// names reports whether the model is about a rate limit.
func (m *rateLimitModel) names(limit openai.ProjectRateLimit) bool {
	if id := m.RateLimitID.ValueString(); id != "" {
		return limit.ID == id
	}
	return limit.Model == m.Model.ValueString()
}

// find returns the rate limit that the model names, nil with a diagnostic when
// there is none.
func (r *rateLimitResource) find(ctx context.Context, m *rateLimitModel, diags *diag.Diagnostics) *openai.ProjectRateLimit {
	limit, err := r.Client.RateLimits.Find(ctx, m.ProjectID.ValueString(), m.names)
	if err != nil {
		tfkit.AddAPIError(diags, m.label(), err)
	}
	return limit
}

// ModifyPlan plans the former value of a measure that is no longer configured.
func (r *rateLimitResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() {
		return
	}
	var config, state rateLimitModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state.previous(ctx, &resp.Diagnostics)
	if before == nil {
		return // imported: nothing is restored
	}
	if kept := before.adopt(config.rateMeasures, state.rateMeasures); !maps.Equal(kept, before) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(tfkit.RestoreName), kept.value(ctx, &resp.Diagnostics))...)
	}
	for name, value := range config.byName() {
		if former, managed := before[name]; managed && value.IsNull() {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), former)...)
		}
	}
}

func (r *rateLimitResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config rateLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	limit := r.find(ctx, &plan, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if limit == nil {
		r.addUnknown(ctx, &plan, &resp.Diagnostics)
		return
	}
	// In state before the change, so that the previous values are restored also
	// when the answer is lost.
	plan.RestoreValues = previousMeasures{}.adopt(config.rateMeasures, newRateMeasures(limit)).value(ctx, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan.over(limit))...)
	r.apply(ctx, &plan, limit, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveSeen(ctx, resp.Private, resp.Private, plan.RateLimitID.ValueString(), &resp.Diagnostics)
}

// addUnknown reports a rate limit that the project does not have, with those
// that it has.
func (r *rateLimitResource) addUnknown(ctx context.Context, m *rateLimitModel, diags *diag.Diagnostics) {
	at := path.Root("model")
	if !m.RateLimitID.IsUnknown() {
		at = path.Root("rate_limit_id")
	}
	limits, err := r.Client.RateLimits.List(ctx, m.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(diags, m.label(), err)
		return
	}
	models := make([]string, len(limits))
	for i, l := range limits {
		models[i] = l.Model
	}
	slices.Sort(models)
	diags.AddAttributeError(at, "No such rate limit", fmt.Sprintf("There is no %s. The project has rate limits for these models: %s.", m.label(), strings.Join(models, ", ")))
}

// apply sends the measures that differ from what there is, if any.
func (r *rateLimitResource) apply(ctx context.Context, plan *rateLimitModel, now *openai.ProjectRateLimit, diags *diag.Diagnostics) {
	if params, any := plan.changes(newRateMeasures(now)); any {
		updated, err := r.Client.RateLimits.Update(ctx, plan.ProjectID.ValueString(), now.ID, params)
		if err != nil {
			tfkit.AddAPIError(diags, plan.label(), err)
			return
		}
		now = updated
	}
	plan.take(now)
}

func (r *rateLimitResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state rateLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	watched := tfkit.Watched{ID: state.RateLimitID.ValueString(), Parents: []string{state.ProjectID.ValueString()}, Harmless: state.already}
	if _, unchanged := r.Unchanged(ctx, req, resp, watched, state.identity()); unchanged {
		return
	}
	limit, err := r.Client.RateLimits.Find(ctx, state.ProjectID.ValueString(), func(l openai.ProjectRateLimit) bool {
		return l.ID == state.RateLimitID.ValueString()
	})
	if adminapi.IsGone(err) || err == nil && limit == nil {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(limit)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
	r.SaveSeen(ctx, req.Private, resp.Private, state.RateLimitID.ValueString(), &resp.Diagnostics)
}

func (r *rateLimitResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config rateLimitModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	before := state.previous(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	params, any := plan.changes(state.rateMeasures)
	if any {
		// In state before the change: what an update that fails has changed is
		// restored, too.
		if before != nil {
			changing := state
			both := before.adopt(config.rateMeasures, state.rateMeasures)
			maps.Copy(both, before)
			changing.RestoreValues = both.value(ctx, &resp.Diagnostics)
			resp.Diagnostics.Append(resp.State.Set(ctx, changing)...)
		}
		updated, err := r.Client.RateLimits.Update(ctx, plan.ProjectID.ValueString(), state.RateLimitID.ValueString(), params)
		if err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
			return
		}
		plan.take(updated)
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	r.SaveChanged(ctx, req.Private, resp.Private, plan.RateLimitID.ValueString(), &resp.Diagnostics)
}

func (r *rateLimitResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state rateLimitModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	before := state.previous(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if before == nil {
		tfkit.AddLeft(&resp.Diagnostics, state.label(), "it was imported, so what it was before is not known.")
		return
	}
	// What the API has now decides: a write whose answer was lost may have been
	// carried out.
	present, err := r.Client.RateLimits.Find(ctx, state.ProjectID.ValueString(), state.names)
	if adminapi.IsGone(err) || err == nil && present == nil {
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	back := before.measures()
	params, changes := back.changes(newRateMeasures(present))
	if !changes {
		return
	}
	_, err = r.Client.RateLimits.Update(ctx, state.ProjectID.ValueString(), state.RateLimitID.ValueString(), params)
	if err != nil && !adminapi.IsGone(err) {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *rateLimitResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id", "rate_limit_id")
}
