package settings

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

type retentionDataModel struct {
	ID types.String `tfsdk:"id"`
	retentionModel
}

func organizationRetentionData() lifecycle.DataSource[*retentionDataModel] {
	return retentionData("organization_data_retention", "The data retention of the organization.", nil,
		func(d *retentionDataModel) (*retentionDataModel, string) { return d, adminapi.WholeOrganization })
}

type projectRetentionDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	retentionDataModel
}

func projectRetentionData() lifecycle.DataSource[*projectRetentionDataModel] {
	return retentionData("project_data_retention", "The data retention of a project.", map[string]schema.Attribute{"project_id": tfkit.ProjectParameter()},
		func(d *projectRetentionDataModel) (*retentionDataModel, string) {
			return &d.retentionDataModel, d.ProjectID.ValueString()
		})
}

// retentionData is the data source of a retention. own are the attributes that
// name the scope.
func retentionData[D any](kind, description string, own map[string]schema.Attribute, of func(d D) (m *retentionDataModel, scope string)) lifecycle.DataSource[D] {
	attributes := map[string]schema.Attribute{
		"id":     schema.StringAttribute{Computed: true, MarkdownDescription: "`organization`, or the id of the project."},
		"type":   schema.StringAttribute{Computed: true, MarkdownDescription: "Retention of data and access to it, for example `zero_data_retention`."},
		"object": schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the object, as the API names it."},
	}
	maps.Copy(attributes, own)
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: schema.Schema{MarkdownDescription: description, Attributes: attributes},
		Label: func(d D) string {
			_, scope := of(d)
			return retentionLabel(scope)
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			m, scope := of(call.Data)
			retention, err := call.Client.DataRetention.Get(ctx, scope)
			*m = retentionDataModel{types.StringValue(cmp.Or(scope, organizationSingleton)), flattenRetention(scope, retention)}
			return err
		},
	}
}
