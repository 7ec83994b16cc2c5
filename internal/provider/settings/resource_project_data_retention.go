package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type projectRetentionModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	retentionModel
	RestoreValues types.Map `tfsdk:"restore_values"`
}

func projectDataRetention() lifecycle.Setting[*projectRetentionModel] {
	return dataRetention(lifecycle.Core[*projectRetentionModel]{
		Type:     "project_data_retention",
		Schema:   projectRetentionSchema,
		Identity: projectIdentity,
		Paths: func(object lifecycle.Values) lifecycle.Paths {
			return lifecycle.Named(object.Path("/organization/projects/{project_id}/data_retention"))
		},
		Unaudited: "The log has no events for the settings of a project.",
		Legacy:    lifecycle.AsOfficial("openai_project_data_retention"),
		List: lifecycle.ListProjectSettings("The data retention of one project or of all projects that have their own. A project with the organization's retention is not listed.",
			"the data retention",
			func(ctx context.Context, client *adminapi.Client, projectID string) (*string, error) {
				kind, err := client.DataRetention.Get(ctx, projectID)
				return &kind, err
			},
			func(_ context.Context, project *openai.Project, kind *string, _ *diag.Diagnostics) (string, *projectRetentionModel) {
				if *kind == organizationDefault {
					return "", nil
				}
				return "the data retention of " + project.Name, &projectRetentionModel{
					types.StringValue(project.ID), flattenRetention(project.ID, *kind), types.MapNull(types.StringType),
				}
			}),
	}, func(m *projectRetentionModel) (*retentionModel, *types.Map, string, bool) {
		return &m.retentionModel, &m.RestoreValues, m.ProjectID.ValueString(), !m.ProjectID.IsUnknown()
	}, projectRetentions, func(kind string) bool { return kind == organizationDefault })
}

func projectRetentionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Data retention of a project. " + organizationApproval + restored,
		Attributes: retentionAttributes("`organization_default`, `none`, "+knownRetentions, projectRetentions, map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
		}),
	}
}
