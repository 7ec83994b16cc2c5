package limit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*rateLimitDataSource)(nil)

type rateLimitDataSource struct{ tfkit.DataSource }

func newRateLimitDataSource() datasource.DataSource { return &rateLimitDataSource{} }

func (d *rateLimitDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_rate_limit"
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

func (d *rateLimitDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := rateLimitFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	attributes["model"] = schema.StringAttribute{
		MarkdownDescription: "Model that the limit is about. Exactly one of `model` and `rate_limit_id` is set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.Name(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("model"), path.MatchRoot("rate_limit_id")),
		},
	}
	attributes["rate_limit_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the rate limit to read. Exactly one of `model` and `rate_limit_id` is set.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.ID()},
	}
	resp.Schema = schema.Schema{MarkdownDescription: "What a project may request of one model.", Attributes: attributes}
}

func (d *rateLimitDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID   types.String `tfsdk:"project_id"`
		RateLimitID types.String `tfsdk:"rate_limit_id"`
		rateLimitFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project, model, id := state.ProjectID.ValueString(), state.Model.ValueString(), state.RateLimitID.ValueString()
	limit, err := d.Client.RateLimits.Find(ctx, project, func(l openai.ProjectRateLimit) bool {
		return l.ID == id || l.Model == model
	})
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the rate limits of project "+project, err)
		return
	}
	if limit == nil {
		at, wanted := path.Root("model"), "rate limit of project "+project+" for model "+model
		if id != "" {
			at, wanted = path.Root("rate_limit_id"), "rate limit "+id+" of project "+project
		}
		tfkit.AddNotOne(&resp.Diagnostics, at, wanted, "rate_limit_id", nil)
		return
	}
	state.rateLimitFieldsModel = newRateLimitFields(limit)
	state.RateLimitID = state.ID
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
