package key

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*serviceAccountsDataSource)(nil)

type serviceAccountsDataSource struct{ tfkit.DataSource }

func newServiceAccountsDataSource() datasource.DataSource { return &serviceAccountsDataSource{} }

func (d *serviceAccountsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_service_accounts"
}

func (d *serviceAccountsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The service accounts of a project, oldest first. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ProjectParameter(),
			"name": schema.StringAttribute{
				MarkdownDescription: "Only accounts with exactly this name.",
				Optional:            true,
				Validators:          []validator.String{tfkit.Name()},
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"service_accounts": schema.ListNestedAttribute{
				MarkdownDescription: "The accounts found.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: serviceAccountFields()},
			},
		},
	}
}

func (d *serviceAccountsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID       types.String                `tfsdk:"project_id"`
		Name            types.String                `tfsdk:"name"`
		ID              types.String                `tfsdk:"id"`
		ServiceAccounts []serviceAccountFieldsModel `tfsdk:"service_accounts"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	accounts, err := d.Client.ServiceAccounts.List(ctx, state.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "the service accounts of project "+state.ProjectID.ValueString(), err)
		return
	}
	state.ID = state.ProjectID
	state.ServiceAccounts = []serviceAccountFieldsModel{}
	for i := range accounts {
		if state.Name.IsNull() || accounts[i].Name == state.Name.ValueString() {
			state.ServiceAccounts = append(state.ServiceAccounts, newServiceAccountFields(&accounts[i]))
		}
	}
	tfkit.SortByAge(state.ServiceAccounts, func(m serviceAccountFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
