package apikey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type serviceAccountDataModel struct {
	ProjectID        types.String `tfsdk:"project_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	serviceAccountFieldsModel
}

func serviceAccountData() lifecycle.DataSource[*serviceAccountDataModel] {
	attributes := serviceAccountFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	lifecycle.FindBy(attributes, "account", "service_account_id", "name", "Name of the account to read. It must be the name of exactly one account of the project.", tfkit.Name())
	return lifecycle.DataSource[*serviceAccountDataModel]{
		Type:   "project_service_account",
		Schema: schema.Schema{MarkdownDescription: "One service account of a project, by id or by name.", Attributes: attributes},
		Label: func(d *serviceAccountDataModel) string {
			return labelInProject("service account", d.ServiceAccountID, d.ProjectID)
		},
		Read: readServiceAccountData,
	}
}

func readServiceAccountData(ctx context.Context, call *lifecycle.DataCall[*serviceAccountDataModel]) error {
	d := call.Data
	account, err := byIDOrName(ctx, d.ProjectID, d.ServiceAccountID, d.Name, call.Client.ServiceAccounts.Get, call.Client.ServiceAccounts.List,
		func(item *openai.ProjectServiceAccount) (string, string) { return item.ID, item.Name }, "service account", "service_account_id", call.Diags)
	if account != nil {
		d.serviceAccountFieldsModel = newServiceAccountFields(account)
		d.ServiceAccountID = d.ID
	}
	return err
}

type serviceAccountsDataModel struct {
	ProjectID       types.String                `tfsdk:"project_id"`
	Name            types.String                `tfsdk:"name"`
	ID              types.String                `tfsdk:"id"`
	ServiceAccounts []serviceAccountFieldsModel `tfsdk:"service_accounts"`
}

func serviceAccountsData() lifecycle.DataSource[*serviceAccountsDataModel] {
	return lifecycle.DataSource[*serviceAccountsDataModel]{
		Type: "project_service_accounts",
		Schema: schema.Schema{
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
		},
		Label: func(d *serviceAccountsDataModel) string {
			return "the service accounts of project " + d.ProjectID.ValueString()
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[*serviceAccountsDataModel]) error {
			d := call.Data
			accounts, err := call.Client.ServiceAccounts.List(ctx, d.ProjectID.ValueString())
			d.ID, d.ServiceAccounts = d.ProjectID, []serviceAccountFieldsModel{}
			for i := range accounts {
				if d.Name.IsNull() || adminapi.IsNamed(accounts[i].Name, d.Name.ValueString()) {
					d.ServiceAccounts = append(d.ServiceAccounts, newServiceAccountFields(&accounts[i]))
				}
			}
			tfkit.SortByAge(d.ServiceAccounts, func(m serviceAccountFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
			return err
		},
	}
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
