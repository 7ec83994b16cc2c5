package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func rateLimit() lifecycle.Setting[*rateLimitModel] {
	return lifecycle.Setting[*rateLimitModel]{
		Core: lifecycle.Core[*rateLimitModel]{
			Type:   "project_rate_limit",
			Schema: rateLimitSchema,
			Identity: []lifecycle.Identifier{
				{Name: "project_id", Description: "Id of the project."},
				{Name: "rate_limit_id", Description: "Id of the rate limit."},
			},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/projects/{project_id}/rate_limits/{rate_limit_id}"),
					object.Path("/organization/projects/{project_id}/rate_limits?model={model}"))
			},
			Label: (*rateLimitModel).label,
			Legacy: lifecycle.Foreign{
				Type:  "openai_project_rate_limit",
				Types: []lifecycle.ForeignType{{Provider: lifecycle.Mkdev, Type: "openai_rate_limit"}},
				Names: map[string][]string{
					"max_requests_per_1_minute": {"max_requests_per_minute"},
					"max_tokens_per_1_minute":   {"max_tokens_per_minute"},
					"max_images_per_1_minute":   {"max_images_per_minute"},
				},
				Adjust: foreignRateLimitID,
			},
			Generated: tfkit.GeneratedConfig{Without: []string{"rate_limit_id"}},
			// rate_limit.updated and .deleted name the limit and the new values, but not
			// the project: a change in one project is read in all that have other values.
			Audit: func(m *rateLimitModel) lifecycle.Watched {
				return lifecycle.Watched{ID: m.RateLimitID.ValueString(), Parents: []string{m.ProjectID.ValueString()}, Harmless: m.already}
			},
			Plan:   planRateLimit,
			Read:   readRateLimit,
			Delete: restoreRateLimit,
			List: lifecycle.ListProjects("The rate limits of one project or of all projects: one for each model.", "the rate limits",
				func(ctx context.Context, client *adminapi.Client, projectID string) ([]openai.ProjectRateLimit, error) {
					return client.RateLimits.List(ctx, projectID)
				},
				func(_ context.Context, project *openai.Project, limit *openai.ProjectRateLimit, _ *diag.Diagnostics) (string, *rateLimitModel) {
					m := &rateLimitModel{ProjectID: types.StringValue(project.ID), RestoreValues: types.MapNull(types.Int64Type)}
					m.fromAPI(limit)
					return limit.Model + " in " + project.Name, m
				}),
		},
		Write:    writeRateLimit,
		Existing: existingRateLimit,
	}
}

// foreignRateLimitID is the id of a rate limit that mkdev-me/openai writes with
// the end of the project's id behind the model.
func foreignRateLimitID(text func(string) string) map[string]string {
	model, project := text("model"), text("project_id")
	id := "rl-" + model
	if model == "" || text("rate_limit_id") != id+"-"+project[max(0, len(project)-8):] {
		return nil
	}
	return map[string]string{"rate_limit_id": id}
}

func rateLimitSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
		"model": schema.StringAttribute{
			MarkdownDescription: "Model whose rate limit is set, for example `gpt-4o-mini`. Configure `model` or `rate_limit_id`, or both for one rate limit. Changing it replaces the resource.",
			Optional:            true,
			Computed:            true,
			Validators: []validator.String{
				tfkit.Name(),
				stringvalidator.AtLeastOneOf(path.MatchRoot("model"), path.MatchRoot("rate_limit_id")),
			},
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured()},
		},
		"rate_limit_id": schema.StringAttribute{
			MarkdownDescription: "Id of the rate limit (`rl-…`). Configure `model` or `rate_limit_id`, or both for one rate limit. Changing it replaces the resource.",
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
			MarkdownDescription: description + " Changed in place.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Int64{int64validator.AtLeast(0)},
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		}
	}
	return schema.Schema{
		MarkdownDescription: "Rate limit of a project for one model. OpenAI creates a rate limit for each model; this resource adopts it and changes the configured values.\n\n" +
			"Each value must be at least 0 and at most the limit of the organization. A value that is not configured keeps the project's current limit. Removing a value from the configuration restores the limit from before it was configured.\n\n" +
			"Rate limits cannot be deleted. `terraform destroy` restores the limits from before the values were configured. The limits from before an import are unknown. After an import, removing a value or destroying the resource changes no limit.",
		Attributes: attributes,
	}
}

type rateLimitModel struct {
	ProjectID   types.String `tfsdk:"project_id"`
	Model       types.String `tfsdk:"model"`
	RateLimitID types.String `tfsdk:"rate_limit_id"`
	ID          types.String `tfsdk:"id"`
	rateMeasures
	RestoreValues types.Map `tfsdk:"restore_values"`
}

func (m *rateLimitModel) fromAPI(limit *openai.ProjectRateLimit) {
	m.Model = types.StringValue(limit.Model)
	m.RateLimitID = types.StringValue(limit.ID)
	m.ID = m.RateLimitID
	m.rateMeasures = newRateMeasures(limit)
}

// withDefaults is the plan, with unset values taken from the present limit.
func (m rateLimitModel) withDefaults(limit *openai.ProjectRateLimit) rateLimitModel {
	planned := m.rateMeasures
	m.fromAPI(limit)
	for name, value := range planned.byName() {
		if !value.IsUnknown() {
			*m.byName()[name] = *value
		}
	}
	return m
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

// planRateLimit plans the previous value of a measure that is no longer
// configured.
func planRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel]) {
	if !call.HasPlan() {
		return
	}
	if !call.HasState() || !call.Plan.Model.Equal(call.State.Model) || !call.Plan.RateLimitID.Equal(call.State.RateLimitID) {
		checkOneRateLimit(ctx, call)
	}
	if !call.HasState() {
		return
	}
	before := call.State.previous(ctx, call.Diags)
	if before == nil {
		return // imported: nothing is restored
	}
	if kept := before.adopt(call.Config.rateMeasures, call.State.rateMeasures); !maps.Equal(kept, before) {
		call.Plan.RestoreValues = kept.value(ctx, call.Diags)
	}
	planned := call.Plan.byName()
	for name, value := range call.Config.byName() {
		if previous, managed := before[name]; managed && value.IsNull() {
			*planned[name] = types.Int64Value(previous)
		}
	}
}

// checkOneRateLimit reports a configuration that names two rate limits, one by
// model and one by id. Generated configuration has both for one rate limit.
func checkOneRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel]) {
	model, id := call.Config.Model.ValueString(), call.Config.RateLimitID.ValueString()
	if call.Client == nil || model == "" || id == "" || !call.Knows("project_id") {
		return
	}
	limit, err := call.Client.RateLimits.Find(ctx, call.Plan.ProjectID.ValueString(), call.Config.names)
	if err == nil && limit != nil && limit.Model != model {
		call.Diags.AddAttributeError(path.Root("model"), "model and rate_limit_id name two rate limits", fmt.Sprintf(
			"The rate limit %s is that of model %s, and model is %s. Configure one of the two, or both for one rate limit.", id, limit.Model, model))
	}
}

func readRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel]) error {
	limit, err := call.Client.RateLimits.Find(ctx, call.State.ProjectID.ValueString(), call.State.names)
	if err != nil {
		return err
	}
	if limit == nil {
		return lifecycle.ErrAbsent
	}
	call.State.fromAPI(limit)
	return nil
}

func writeRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel]) error {
	if !call.HasState() {
		return createRateLimit(ctx, call)
	}
	params, changed := call.Plan.changes(call.State.rateMeasures)
	if !changed {
		return nil
	}
	// In state before the change: values that a failed update has changed are
	// restored, too.
	if before := call.State.previous(ctx, call.Diags); before != nil {
		both := before.adopt(call.Config.rateMeasures, call.State.rateMeasures)
		maps.Copy(both, before)
		changing := *call.State
		changing.RestoreValues = both.value(ctx, call.Diags)
		call.Checkpoint(ctx, &changing)
	}
	return sendRateLimit(ctx, call, call.State.RateLimitID.ValueString(), params)
}

func createRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel]) error {
	limit, err := call.Client.RateLimits.Find(ctx, call.Plan.ProjectID.ValueString(), call.Plan.names)
	if err != nil {
		return err
	}
	if limit == nil {
		return addUnknownRateLimit(ctx, call)
	}
	// In state before the change, so that the previous values are restored also
	// when the answer is lost.
	present := newRateMeasures(limit)
	call.Plan.RestoreValues = previousMeasures{}.adopt(call.Config.rateMeasures, present).value(ctx, call.Diags)
	creating := call.Plan.withDefaults(limit)
	call.Checkpoint(ctx, &creating)
	params, changed := call.Plan.changes(present)
	if !changed {
		call.Plan.fromAPI(limit)
		return nil
	}
	return sendRateLimit(ctx, call, limit.ID, params)
}

func sendRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel], id string, params openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams) error {
	updated, err := call.Client.RateLimits.Update(ctx, call.Plan.ProjectID.ValueString(), id, params)
	if refused, ok := errors.AsType[*adminapi.Error](err); ok && refused.Status == http.StatusBadRequest && rateMeasureDescriptions[refused.Param] != "" {
		return tfkit.Advise(err, path.Root(refused.Param),
			"A value cannot exceed the limit of the organization, and a model has only the values that its data source shows. Lower the value, or remove it.")
	}
	if err == nil {
		call.Plan.fromAPI(updated)
	}
	return err
}

// addUnknownRateLimit reports a rate limit that the project does not have, with
// those that it has.
func addUnknownRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel]) error {
	at := path.Root("model")
	if !call.Plan.RateLimitID.IsUnknown() {
		at = path.Root("rate_limit_id")
	}
	limits, err := call.Client.RateLimits.List(ctx, call.Plan.ProjectID.ValueString())
	if err != nil {
		return err
	}
	models := make([]string, len(limits))
	for i, l := range limits {
		models[i] = l.Model
	}
	slices.Sort(models)
	call.Diags.AddAttributeError(at, "No such rate limit", fmt.Sprintf("There is no %s. The project has rate limits for these models: %s.", call.Plan.label(), strings.Join(models, ", ")))
	return nil
}

// restoreRateLimit writes the values of restore_values, without comparing them
// with those in state: a write whose answer was lost may have been carried out.
func restoreRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel]) error {
	previous := call.State.previous(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	if previous == nil {
		tfkit.AddLeft(call.Diags, call.State.label(), "it was imported, so its previous values are not known.")
		return nil
	}
	measures := previous.measures()
	params, changed := measures.changes(rateMeasures{})
	if !changed {
		return nil
	}
	_, err := call.Client.RateLimits.Update(ctx, call.State.ProjectID.ValueString(), call.State.RateLimitID.ValueString(), params)
	if adminapi.IsDeleted(err) {
		return nil
	}
	return err
}

// existingRateLimit reads the measures that a create would overwrite. A rate
// limit always exists, and the API does not say whether it was changed, so
// that every other value is shown, and an equal one is not worth a word:
// destroying the resource restores it.
func existingRateLimit(ctx context.Context, call *lifecycle.Call[*rateLimitModel]) (lifecycle.Found, error) {
	if !call.Knows("project_id") || !call.Knows("model") && !call.Knows("rate_limit_id") {
		return lifecycle.Found{}, nil
	}
	limit, err := call.Client.RateLimits.Find(ctx, call.Plan.ProjectID.ValueString(), call.Plan.names)
	if err != nil || limit == nil {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: "rate limit of model " + limit.Model + " in project " + call.Plan.ProjectID.ValueString(), ID: []string{call.Plan.ProjectID.ValueString(), limit.ID},
		Destroy: "Destroying the resource restores the old values above. If you import the rate limit instead, destroying the resource changes nothing.",
	}
	measures := newRateMeasures(limit)
	present, planned := measures.byName(), call.Plan.byName()
	for _, name := range rateMeasureNames {
		found.Changes = append(found.Changes, lifecycle.Difference(name, number(*present[name]), number(*planned[name]))...)
	}
	if len(found.Changes) == 0 {
		return lifecycle.Found{}, nil
	}
	return found, nil
}
