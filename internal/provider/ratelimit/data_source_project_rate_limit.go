package ratelimit

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type rateLimitDataModel struct {
	ProjectID   types.String `tfsdk:"project_id"`
	RateLimitID types.String `tfsdk:"rate_limit_id"`
	rateLimitFieldsModel
}

func rateLimitData() lifecycle.DataSource[*rateLimitDataModel] {
	attributes := rateLimitFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	attributes["model"] = schema.StringAttribute{
		MarkdownDescription: "Model of the rate limit. Exactly one of `model` and `rate_limit_id` must be configured.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.Name(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("model"), path.MatchRoot("rate_limit_id")),
		},
	}
	attributes["rate_limit_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the rate limit to read. Exactly one of `model` and `rate_limit_id` must be configured.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.ID()},
	}
	return lifecycle.DataSource[*rateLimitDataModel]{
		Type:   "project_rate_limit",
		Schema: schema.Schema{MarkdownDescription: "The rate limit of a project for one model.", Attributes: attributes},
		Label:  func(d *rateLimitDataModel) string { return "the rate limits of project " + d.ProjectID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*rateLimitDataModel]) error {
			d := call.Data
			project, model, id := d.ProjectID.ValueString(), d.Model.ValueString(), d.RateLimitID.ValueString()
			limit, err := call.Client.RateLimits.Find(ctx, project, func(l openai.ProjectRateLimit) bool {
				return l.ID == id || l.Model == model
			})
			switch {
			case err != nil:
				return err
			case limit == nil && id != "":
				tfkit.AddNotOne(call.Diags, path.Root("rate_limit_id"), "rate limit "+id+" of project "+project, "rate_limit_id", nil)
			case limit == nil:
				tfkit.AddNotOne(call.Diags, path.Root("model"), "rate limit of project "+project+" for model "+model, "rate_limit_id", nil)
			default:
				d.rateLimitFieldsModel = newRateLimitFields(limit)
				d.RateLimitID = d.ID
			}
			return nil
		},
	}
}

type rateLimitsDataModel struct {
	ProjectID  types.String           `tfsdk:"project_id"`
	ID         types.String           `tfsdk:"id"`
	RateLimits []rateLimitFieldsModel `tfsdk:"rate_limits"`
}

func rateLimitsData() lifecycle.DataSource[*rateLimitsDataModel] {
	return lifecycle.DataSource[*rateLimitsDataModel]{
		Type: "project_rate_limits",
		Schema: schema.Schema{
			MarkdownDescription: "The rate limits of a project, one for each model. All pages are read.",
			Attributes: map[string]schema.Attribute{
				"project_id": tfkit.ProjectParameter(),
				"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
				"rate_limits": schema.ListNestedAttribute{
					MarkdownDescription: "The rate limits, by model.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: rateLimitFields()},
				},
			},
		},
		Label: func(d *rateLimitsDataModel) string { return "the rate limits of project " + d.ProjectID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*rateLimitsDataModel]) error {
			limits, err := call.Client.RateLimits.List(ctx, call.Data.ProjectID.ValueString())
			slices.SortFunc(limits, func(a, b openai.ProjectRateLimit) int {
				return cmp.Or(cmp.Compare(a.Model, b.Model), cmp.Compare(a.ID, b.ID))
			})
			call.Data.ID, call.Data.RateLimits = call.Data.ProjectID, lifecycle.Flatten(limits, newRateLimitFields)
			return err
		},
	}
}

// rateLimitFields are the attributes of a rate limit.
func rateLimitFields() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"id":    schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the rate limit (`rl-…`)."},
		"model": schema.StringAttribute{Computed: true, MarkdownDescription: "Model that the limit is about."},
	}
	for name, description := range rateMeasureDescriptions {
		attributes[name] = schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	return attributes
}

type rateLimitFieldsModel struct {
	ID    types.String `tfsdk:"id"`
	Model types.String `tfsdk:"model"`
	rateMeasures
}

func newRateLimitFields(limit *openai.ProjectRateLimit) rateLimitFieldsModel {
	return rateLimitFieldsModel{ID: types.StringValue(limit.ID), Model: types.StringValue(limit.Model), rateMeasures: newRateMeasures(limit)}
}
