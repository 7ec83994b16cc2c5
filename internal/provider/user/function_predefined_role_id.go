package user

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// predefinedRoles are the roles that every organization and every project has.
var predefinedRoles = map[string][]string{
	"organization": {"owner", "reader"},
	"project":      {"owner", "member", "viewer"},
}

type predefinedRoleIDFunction struct{}

func newPredefinedRoleIDFunction() function.Function { return predefinedRoleIDFunction{} }

func (predefinedRoleIDFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "predefined_role_id"
}

func (predefinedRoleIDFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Id of a predefined role",
		MarkdownDescription: "Id of a role that every organization or every project has, for the resources that assign roles: " +
			"`predefined_role_id(\"project\", \"member\")` is `role-api-project-member`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "scope", MarkdownDescription: "`organization` or `project`."},
			function.StringParameter{Name: "role", MarkdownDescription: "`owner` or `reader` in an organization, `owner`, `member` or `viewer` in a project."},
		},
		Return: function.StringReturn{},
	}
}

func (predefinedRoleIDFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var scope, role string
	if resp.Error = req.Arguments.Get(ctx, &scope, &role); resp.Error != nil {
		return
	}
	if _, ok := predefinedRoles[scope]; !ok {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The scope must be organization or project, got %q.", scope))
		return
	}
	id, problem := predefinedRole(scope, role)
	if problem != "" {
		resp.Error = function.NewArgumentFuncError(1, problem)
		return
	}
	resp.Error = resp.Result.Set(ctx, id)
}

// predefinedRole returns the id of a role of a scope, or the problem with the
// role.
func predefinedRole(scope, role string) (id, problem string) {
	if roles := predefinedRoles[scope]; !slices.Contains(roles, role) {
		return "", fmt.Sprintf("The role must be one of %s in this scope, got %q.", strings.Join(roles, ", "), role)
	}
	return "role-api-" + scope + "-" + role, ""
}
