package project

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type projectDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	projectFieldsModel
}

func projectData() lifecycle.DataSource[*projectDataModel] {
	attributes := projectFields()
	lifecycle.FindBy(attributes, "project", "project_id", "name", "Name of the project to read. It must be the name of exactly one active project.", tfkit.Name())
	return lifecycle.DataSource[*projectDataModel]{
		Type: "project",
		Schema: schema.Schema{
			MarkdownDescription: "One project, by id (also an archived one) or by name (active ones only).",
			Attributes:          attributes,
		},
		Label: func(d *projectDataModel) string {
			if id := d.ProjectID.ValueString(); id != "" {
				return "project " + id
			}
			return "the projects of the organization"
		},
		Read: readProjectData,
	}
}

func readProjectData(ctx context.Context, call *lifecycle.DataCall[*projectDataModel]) error {
	var project *openai.Project
	if id := call.Data.ProjectID.ValueString(); id != "" {
		var err error
		if project, err = call.Client.Projects.Get(ctx, id); err != nil {
			return err
		}
	} else {
		projects, err := call.Client.Projects.List(ctx, false)
		if err != nil {
			return err
		}
		name := call.Data.Name.ValueString()
		project = tfkit.OnlyNamed(projects, func(item *openai.Project) (string, string) { return item.ID, item.Name },
			"name", name, fmt.Sprintf("active project named %q", name), "project_id", call.Diags)
		if project == nil {
			return nil
		}
	}
	*call.Data = projectDataModel{ProjectID: types.StringValue(project.ID), projectFieldsModel: newProjectFields(project)}
	return nil
}

type projectsDataModel struct {
	Name            types.String         `tfsdk:"name"`
	IncludeArchived types.Bool           `tfsdk:"include_archived"`
	ID              types.String         `tfsdk:"id"`
	Projects        []projectFieldsModel `tfsdk:"projects"`
}

func projectsData() lifecycle.DataSource[*projectsDataModel] {
	return lifecycle.DataSource[*projectsDataModel]{
		Type: "projects",
		Schema: schema.Schema{
			MarkdownDescription: "The projects of the organization, oldest first. All pages are read.",
			Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{
					MarkdownDescription: "Only projects with exactly this name.",
					Optional:            true,
					Validators:          []validator.String{tfkit.Name()},
				},
				"include_archived": schema.BoolAttribute{
					MarkdownDescription: "Whether archived projects are listed too. Default: `false`.",
					Optional:            true,
				},
				"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `projects`."},
				"projects": schema.ListNestedAttribute{
					MarkdownDescription: "The projects found.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: projectFields()},
				},
			},
		},
		Label: lifecycle.Static[*projectsDataModel]("the projects of the organization"),
		Read: func(ctx context.Context, call *lifecycle.DataCall[*projectsDataModel]) error {
			d := call.Data
			projects, err := call.Client.Projects.List(ctx, d.IncludeArchived.ValueBool())
			d.ID, d.Projects = types.StringValue("projects"), []projectFieldsModel{}
			for i := range projects {
				if d.Name.IsNull() || adminapi.IsNamed(projects[i].Name, d.Name.ValueString()) {
					d.Projects = append(d.Projects, newProjectFields(&projects[i]))
				}
			}
			tfkit.SortByAge(d.Projects, func(m projectFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
			return err
		},
	}
}

// projectFields are the attributes of a project that both data sources show.
func projectFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project (`proj_…`)."},
		"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the project."},
		"status":          schema.StringAttribute{Computed: true, MarkdownDescription: "`active` or `archived`."},
		"residency":       schema.StringAttribute{Computed: true, MarkdownDescription: "Where the project's data is stored and processed; null when the API does not say."},
		"external_key_id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the external encryption key, if there is one."},
		"created_at":      schema.Int64Attribute{Computed: true, MarkdownDescription: "When the project was created, in Unix seconds."},
		"archived_at":     schema.Int64Attribute{Computed: true, MarkdownDescription: "When the project was archived, in Unix seconds; null for an active project."},
	}
}

// projectFieldsModel is a project as both data sources show it.
type projectFieldsModel struct {
	ID            types.String `tfsdk:"id"`
	Name          types.String `tfsdk:"name"`
	Status        types.String `tfsdk:"status"`
	Residency     types.String `tfsdk:"residency"`
	ExternalKeyID types.String `tfsdk:"external_key_id"`
	CreatedAt     types.Int64  `tfsdk:"created_at"`
	ArchivedAt    types.Int64  `tfsdk:"archived_at"`
}

func newProjectFields(project *openai.Project) projectFieldsModel {
	return projectFieldsModel{
		ID:            types.StringValue(project.ID),
		Name:          tfkit.String(project.Name, project.JSON.Name),
		Status:        tfkit.String(project.Status, project.JSON.Status),
		Residency:     tfkit.String(project.Residency, project.JSON.Residency),
		ExternalKeyID: tfkit.String(project.ExternalKeyID, project.JSON.ExternalKeyID),
		CreatedAt:     tfkit.Int64(project.CreatedAt, project.JSON.CreatedAt),
		ArchivedAt:    tfkit.Int64(project.ArchivedAt, project.JSON.ArchivedAt),
	}
}
