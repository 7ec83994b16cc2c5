package key

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*apiKeysDataSource)(nil)

type apiKeysDataSource struct{ tfkit.DataSource }

func newAPIKeysDataSource() datasource.DataSource { return &apiKeysDataSource{} }

func (d *apiKeysDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_api_keys"
}

func (d *apiKeysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The API keys of a project, oldest first, with those whose owner has lost access. All pages are read. Secrets cannot be read.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ProjectParameter(),
			"owner_id": schema.StringAttribute{
				MarkdownDescription: "Only keys of this service account or user.",
				Optional:            true,
				Validators:          []validator.String{tfkit.ID()},
			},
			"owner_project_access": schema.StringAttribute{
				MarkdownDescription: "Only keys whose owner has access to the project now (`active`), or has not (`inactive`). Default: `any`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf("any", "active", "inactive")},
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"api_keys": schema.ListNestedAttribute{
				MarkdownDescription: "The keys found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: apiKeyFields()},
			},
		},
	}
}

func (d *apiKeysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID          types.String        `tfsdk:"project_id"`
		OwnerID            types.String        `tfsdk:"owner_id"`
		OwnerProjectAccess types.String        `tfsdk:"owner_project_access"`
		ID                 types.String        `tfsdk:"id"`
		APIKeys            []apiKeyFieldsModel `tfsdk:"api_keys"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	keys, err := d.Client.APIKeys.List(ctx, state.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the API keys of project "+state.ProjectID.ValueString(), err)
		return
	}
	now := d.Client.Now()
	access := state.OwnerProjectAccess.ValueString()
	state.ID = state.ProjectID
	state.APIKeys = []apiKeyFieldsModel{}
	for i := range keys {
		key := newAPIKeyFields(&keys[i], now)
		if (state.OwnerID.IsNull() || key.OwnerID.Equal(state.OwnerID)) && (access == "" || access == "any" || access == key.OwnerProjectAccess.ValueString()) {
			state.APIKeys = append(state.APIKeys, key)
		}
	}
	tfkit.SortByAge(state.APIKeys, func(m apiKeyFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
