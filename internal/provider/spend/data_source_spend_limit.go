package spend

import (
	"cmp"
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func organizationSpendLimitData() lifecycle.DataSource[*spendLimitFieldsModel] {
	return spendLimitData("organization_spend_limit", "The hard spend limit of the organization. Reading it fails when there is none.", nil,
		func(d *spendLimitFieldsModel) (*spendLimitFieldsModel, string) { return d, adminapi.WholeOrganization })
}

type projectSpendLimitDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	spendLimitFieldsModel
}

func projectSpendLimitData() lifecycle.DataSource[*projectSpendLimitDataModel] {
	return spendLimitData("project_spend_limit", "The hard spend limit of a project. Reading it fails when there is none.", projectParameter(),
		func(d *projectSpendLimitDataModel) (*spendLimitFieldsModel, string) {
			return &d.spendLimitFieldsModel, d.ProjectID.ValueString()
		})
}

// spendLimitData is the data source of a limit. It reports an error when there
// is none, as a reader of the configuration expects a number. own are the
// attributes that name the scope.
func spendLimitData[D any](kind, description string, own map[string]schema.Attribute, of func(d D) (limit *spendLimitFieldsModel, scope string)) lifecycle.DataSource[D] {
	attributes := spendLimitFields()
	maps.Copy(attributes, own)
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: schema.Schema{MarkdownDescription: description, Attributes: attributes},
		Label: func(d D) string {
			_, scope := of(d)
			return limitLabel(scope)
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			m, scope := of(call.Data)
			limit, err := call.Client.SpendLimits.Get(ctx, scope)
			if adminapi.IsNotFound(err) {
				call.Diags.AddError("No spend limit", "There is no "+limitLabel(scope)+".")
				return nil
			}
			if err == nil {
				m.ID = types.StringValue(cmp.Or(scope, organizationSingleton))
				m.flatten(scope, limit)
			}
			return err
		},
	}
}

func projectParameter() map[string]schema.Attribute {
	return map[string]schema.Attribute{"project_id": tfkit.ProjectParameter()}
}

// spendLimitFields are the attributes of a limit.
func spendLimitFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                 schema.StringAttribute{Computed: true, MarkdownDescription: "`organization`, or the id of the project."},
		"threshold_amount":   schema.Int64Attribute{Computed: true, MarkdownDescription: "Monthly hard spend limit, in cents."},
		"threshold_usd":      schema.NumberAttribute{Computed: true, MarkdownDescription: "Monthly hard spend limit, in US dollars."},
		"currency":           schema.StringAttribute{Computed: true, MarkdownDescription: "Currency: `USD`."},
		"interval":           schema.StringAttribute{Computed: true, MarkdownDescription: "Time range in which the spend is counted: `month`."},
		"enforcement_status": schema.StringAttribute{Computed: true, MarkdownDescription: "Whether the API currently refuses calls: `inactive` or `enforcing`."},
		"object":             schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the object in the API."},
	}
}

type spendLimitFieldsModel struct {
	ID types.String `tfsdk:"id"`
	spendLimitModel
}
