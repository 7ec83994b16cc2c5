package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type hostedToolsDataModel struct {
	ID        types.String `tfsdk:"id"`
	ProjectID types.String `tfsdk:"project_id"`
	toolsModel
}

func hostedToolsData() lifecycle.DataSource[*hostedToolsDataModel] {
	attributes := map[string]schema.Attribute{
		"project_id": tfkit.ProjectParameter(),
		"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
	}
	for name, description := range toolDescriptions {
		attributes[name] = schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	return lifecycle.DataSource[*hostedToolsDataModel]{
		Type:   "project_hosted_tool_permissions",
		Schema: schema.Schema{MarkdownDescription: "Tools run by OpenAI that a project may use.", Attributes: attributes},
		Label:  func(d *hostedToolsDataModel) string { return (&hostedToolsModel{ProjectID: d.ProjectID}).label() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*hostedToolsDataModel]) error {
			tools, err := call.Client.HostedTools.Get(ctx, call.Data.ProjectID.ValueString())
			if err == nil {
				call.Data.ID, call.Data.toolsModel = call.Data.ProjectID, flattenTools(tools)
			}
			return err
		},
	}
}
