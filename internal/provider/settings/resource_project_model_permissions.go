package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func modelPermissions() lifecycle.Setting[*modelPermissionsModel] {
	return lifecycle.Setting[*modelPermissionsModel]{
		Core: lifecycle.Core[*modelPermissionsModel]{
			Type:     "project_model_permissions",
			Schema:   modelPermissionsSchema,
			Identity: projectIdentity,
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/projects/{project_id}/model_permissions"))
			},
			Label:     (*modelPermissionsModel).label,
			Unaudited: "The log has no events for model permissions.",
			Legacy:    lifecycle.Foreign{Type: "openai_project_model_permissions"},
			Read:      readModelPermissions,
			Delete: func(ctx context.Context, call *lifecycle.Call[*modelPermissionsModel]) error {
				return call.Client.ModelPolicies.Delete(ctx, call.State.ProjectID.ValueString())
			},
			List: lifecycle.ListProjectSettings("The model permissions of one project or of all projects that restrict their models.", "the model permissions",
				getModelPermissions, listedModelPermissions),
		},
		Write:    writeModelPermissions,
		Existing: existingModelPermissions,
	}
}

func modelPermissionsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Models that the keys of a project may use: an allow list or a deny list.\n\n" +
			"A project has at most one such policy. Creating this resource sets it. An existing policy is overwritten, or adopted when it is equal; the plan shows the old and the new value. `terraform destroy` removes it, so that **every model may be used**.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"mode": schema.StringAttribute{
				MarkdownDescription: "Meaning of the list: `allow_list` for the only models that may be used, `deny_list` for the models that may not. Changed in place.",
				Required:            true,
				Validators:          []validator.String{tfkit.OpenEnum("allow_list", "deny_list")},
			},
			"model_ids": schema.SetAttribute{
				MarkdownDescription: "Models, for example `gpt-4o-mini`. An empty set with `allow_list` permits no model. Changed in place.",
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(tfkit.Name())},
			},
			"object": tfkit.ComputedString("Type of the object, as the API names it."),
		},
	}
}

type modelPermissionsModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	Mode      types.String `tfsdk:"mode"`
	ModelIDs  types.Set    `tfsdk:"model_ids"`
	Object    types.String `tfsdk:"object"`
}

// label names the permissions in diagnostics.
func (m *modelPermissionsModel) label() string {
	return "model permissions of project " + m.ProjectID.ValueString()
}

func (m *modelPermissionsModel) flatten(ctx context.Context, policy *adminapi.ModelPolicy, diags *diag.Diagnostics) {
	m.Mode = types.StringValue(policy.Mode)
	m.ModelIDs = tfkit.StringSet(ctx, policy.ModelIDs, diags)
	m.Object = types.StringValue("project.model_permissions")
}

// expand returns the planned policy.
func (m *modelPermissionsModel) expand(ctx context.Context, diags *diag.Diagnostics) adminapi.ModelPolicy {
	return adminapi.ModelPolicy{Mode: m.Mode.ValueString(), ModelIDs: tfkit.Strings(ctx, m.ModelIDs, diags)}
}

func readModelPermissions(ctx context.Context, call *lifecycle.Call[*modelPermissionsModel]) error {
	policy, err := call.Client.ModelPolicies.Get(ctx, call.State.ProjectID.ValueString())
	if err == nil {
		call.State.flatten(ctx, policy, call.Diags)
	}
	return err
}

func writeModelPermissions(ctx context.Context, call *lifecycle.Call[*modelPermissionsModel]) error {
	planned := call.Plan.expand(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	policy, err := call.Client.ModelPolicies.Set(ctx, call.Plan.ProjectID.ValueString(), planned)
	if err == nil {
		call.Plan.flatten(ctx, policy, call.Diags)
	}
	return err
}

// existingModelPermissions reads the permissions that a create would overwrite.
func existingModelPermissions(ctx context.Context, call *lifecycle.Call[*modelPermissionsModel]) (lifecycle.Found, error) {
	if call.Plan.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := call.Plan.ProjectID.ValueString()
	policy, err := call.Client.ModelPolicies.Get(ctx, project)
	if err != nil {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: call.Plan.label(), ID: []string{project},
		Changes: lifecycle.Difference("mode", types.StringValue(policy.Mode), call.Plan.Mode),
		Destroy: "Destroying the resource removes the permissions, so that every model may be used.",
	}
	found.Changes = append(found.Changes, differenceOfSets(ctx, "model_ids", policy.ModelIDs, call.Plan.ModelIDs)...)
	return found, nil
}

func getModelPermissions(ctx context.Context, client *adminapi.Client, projectID string) (*adminapi.ModelPolicy, error) {
	return client.ModelPolicies.Get(ctx, projectID)
}

func listedModelPermissions(ctx context.Context, project *openai.Project, policy *adminapi.ModelPolicy, diags *diag.Diagnostics) (string, *modelPermissionsModel) {
	m := modelPermissionsModel{ProjectID: types.StringValue(project.ID)}
	m.flatten(ctx, policy, diags)
	return "the models of " + project.Name, &m
}
