package project

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

var _ datasource.DataSourceWithConfigure = (*projectDataSource)(nil)

type projectDataSource struct{ tfkit.DataSource }

func newProjectDataSource() datasource.DataSource { return &projectDataSource{} }

func (d *projectDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project"
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
		"archived_at":     schema.Int64Attribute{Computed: true, MarkdownDescription: "When the project was archived, in Unix seconds; null for an active one."},
	}
}

func (d *projectDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := projectFields()
	attributes["project_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the project to read. Exactly one of `project_id` and `name` is set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.ID(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("project_id"), path.MatchRoot("name")),
		},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the project to read. It must be the name of exactly one active project.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.Name()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One project, by id (also an archived one) or by name (active ones only).",
		Attributes:          attributes,
	}
}

type projectDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	projectFieldsModel
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

func (d *projectDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config projectDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var project *openai.Project
	if id := config.ProjectID.ValueString(); id != "" {
		var err error
		if project, err = d.Client.Projects.Get(ctx, id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "project "+id, err)
			return
		}
	} else {
		projects, err := d.Client.Projects.List(ctx, false)
		if err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "the projects of the organisation", err)
			return
		}
		name := config.Name.ValueString()
		var found []string
		project, found = tfkit.Only(projects, func(item *openai.Project) string { return item.ID }, func(item *openai.Project) bool { return item.Name == name })
		if project == nil {
			tfkit.AddNotOne(&resp.Diagnostics, path.Root("name"), fmt.Sprintf("active project named %q", name), "project_id", found)
			return
		}
	}
	state := projectDataModel{ProjectID: types.StringValue(project.ID), projectFieldsModel: newProjectFields(project)}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
