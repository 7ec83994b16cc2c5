package key

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*serviceAccountDataSource)(nil)

type serviceAccountDataSource struct{ tfkit.DataSource }

func newServiceAccountDataSource() datasource.DataSource { return &serviceAccountDataSource{} }

func (d *serviceAccountDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_service_account"
}

// serviceAccountFields are the attributes of a service account.
func serviceAccountFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the account."},
		"name":       schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the account."},
		"role":       schema.StringAttribute{Computed: true, MarkdownDescription: "Role in the project: `member`, `owner` or `none`."},
		"created_at": schema.Int64Attribute{Computed: true, MarkdownDescription: "When the account was created, in Unix seconds."},
	}
}

type serviceAccountFieldsModel struct {
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
	Role      types.String `tfsdk:"role"`
	CreatedAt types.Int64  `tfsdk:"created_at"`
}

func newServiceAccountFields(account *openai.ProjectServiceAccount) serviceAccountFieldsModel {
	return serviceAccountFieldsModel{
		ID:        types.StringValue(account.ID),
		Name:      tfkit.String(account.Name, account.JSON.Name),
		Role:      tfkit.String(account.Role, account.JSON.Role),
		CreatedAt: tfkit.Int64(account.CreatedAt, account.JSON.CreatedAt),
	}
}

func (d *serviceAccountDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := serviceAccountFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	attributes["service_account_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the account to read. Exactly one of `service_account_id` and `name` is set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.ID(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("service_account_id"), path.MatchRoot("name")),
		},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the account to read. It must be the name of exactly one account of the project.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.Name()},
	}
	resp.Schema = schema.Schema{MarkdownDescription: "One service account of a project, by id or by name.", Attributes: attributes}
}

func (d *serviceAccountDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID        types.String `tfsdk:"project_id"`
		ServiceAccountID types.String `tfsdk:"service_account_id"`
		serviceAccountFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project := state.ProjectID.ValueString()
	var account *openai.ProjectServiceAccount
	if id := state.ServiceAccountID.ValueString(); id != "" {
		var err error
		if account, err = d.Client.ServiceAccounts.Get(ctx, project, id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "service account "+id+" of project "+project, err)
			return
		}
	} else {
		accounts, err := d.Client.ServiceAccounts.List(ctx, project)
		if err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "the service accounts of project "+project, err)
			return
		}
		var found []string
		account, found = tfkit.Only(accounts, func(item *openai.ProjectServiceAccount) string { return item.ID }, func(item *openai.ProjectServiceAccount) bool { return item.Name == state.Name.ValueString() })
		if account == nil {
			tfkit.AddNotOne(&resp.Diagnostics, path.Root("name"),
				fmt.Sprintf("service account named %q in project %s", state.Name.ValueString(), project), "service_account_id", found)
			return
		}
	}
	state.serviceAccountFieldsModel = newServiceAccountFields(account)
	state.ServiceAccountID = state.ID
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
