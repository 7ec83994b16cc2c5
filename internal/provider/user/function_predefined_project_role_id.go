package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type predefinedProjectRoleIDFunction struct{}

func newPredefinedProjectRoleIDFunction() function.Function { return predefinedProjectRoleIDFunction{} }

func (predefinedProjectRoleIDFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "predefined_project_role_id"
}

func (predefinedProjectRoleIDFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Id of a predefined role in one project",
		MarkdownDescription: "Id of a predefined role, bound to a project, as the API returns it for role assignments: " +
			"`predefined_project_role_id(\"member\", \"proj_123\")` is `role-api-project-member__api-project__proj_123`. " +
			"Resources accept this id and the short one of [`predefined_role_id`](predefined_role_id.md), and treat both as the same role. Use this one to compare with the role ids in data sources of assignments.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "role", MarkdownDescription: "`owner`, `member` or `viewer`."},
			function.StringParameter{Name: "project_id", MarkdownDescription: "Id of the project."},
		},
		Return: function.StringReturn{},
	}
}

func (predefinedProjectRoleIDFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var role, project string
	if resp.Error = req.Arguments.Get(ctx, &role, &project); resp.Error != nil {
		return
	}
	id, problem := predefinedRole("project", role)
	if problem != "" {
		resp.Error = function.NewArgumentFuncError(0, problem)
		return
	}
	if problem := tfkit.IDProblem(project); problem != "" {
		resp.Error = function.NewArgumentFuncError(1, "The project_id "+problem+".")
		return
	}
	resp.Error = resp.Result.Set(ctx, id+"__api-project__"+project)
}
