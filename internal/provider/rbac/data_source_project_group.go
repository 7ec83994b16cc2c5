package rbac

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type projectGroupDataModel struct {
	projectGroupFieldsModel
	ID types.String `tfsdk:"id"`
}

func projectGroupData() lifecycle.DataSource[*projectGroupDataModel] {
	attributes := projectGroupFields()
	attributes["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group."}
	attributes["project_id"] = tfkit.ProjectParameter()
	attributes["group_id"] = groupParameter()
	return lifecycle.DataSource[*projectGroupDataModel]{
		Type: "project_group",
		Schema: schema.Schema{
			MarkdownDescription: "One group of a project. `openai_project_group_roles` reads its roles.",
			Attributes:          attributes,
		},
		Label: func(d *projectGroupDataModel) string { return d.label() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*projectGroupDataModel]) error {
			group, err := call.Client.ProjectGroups.Get(ctx, call.Data.ProjectID.ValueString(), call.Data.GroupID.ValueString())
			if err == nil {
				call.Data.fromAPI(group)
				call.Data.ID = call.Data.GroupID
			}
			return err
		},
	}
}

type projectGroupsDataModel struct {
	ProjectID types.String              `tfsdk:"project_id"`
	ID        types.String              `tfsdk:"id"`
	Groups    []projectGroupFieldsModel `tfsdk:"groups"`
}

func projectGroupsData() lifecycle.DataSource[*projectGroupsDataModel] {
	return lifecycle.DataSource[*projectGroupsDataModel]{
		Type: "project_groups",
		Schema: schema.Schema{
			MarkdownDescription: "The groups of a project, oldest membership first. All pages are read.",
			Attributes: map[string]schema.Attribute{
				"project_id": tfkit.ProjectParameter(),
				"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
				"groups": schema.ListNestedAttribute{
					MarkdownDescription: "The groups found.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: projectGroupFields()},
				},
			},
		},
		Label: func(d *projectGroupsDataModel) string { return "the groups of project " + d.ProjectID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*projectGroupsDataModel]) error {
			d := call.Data
			groups, err := call.Client.ProjectGroups.List(ctx, d.ProjectID.ValueString())
			d.ID, d.Groups = d.ProjectID, make([]projectGroupFieldsModel, len(groups))
			for i := range groups {
				d.Groups[i] = projectGroupFieldsModel{ProjectID: d.ProjectID, GroupID: types.StringValue(groups[i].GroupID)}
				d.Groups[i].fromAPI(&groups[i])
			}
			tfkit.SortByAge(d.Groups, func(m projectGroupFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.GroupID })
			return err
		},
	}
}

// projectGroupFields are the attributes of a group of a project.
func projectGroupFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"project_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
		"group_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group."},
		"group_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the group."},
		"group_type": schema.StringAttribute{Computed: true, MarkdownDescription: "`group`, or `tenant_group` for one that several organizations share."},
		"created_at": schema.Int64Attribute{Computed: true, MarkdownDescription: "When the group joined the project, in Unix seconds."},
	}
}
