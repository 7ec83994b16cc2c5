package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

func roleIDOutput(name, scope, role string) string {
	return fmt.Sprintf("output %q {\n  value = provider::openai::predefined_role_id(%q, %q)\n}\n", name, scope, role)
}

func TestAccFunctions_predefinedRoleID(t *testing.T) {
	b := acctest.Start(t)
	config, checks := "", []resource.TestCheckFunc{}
	for scope, roles := range map[string][]string{"organization": {"owner", "reader"}, "project": {"owner", "member", "viewer"}} {
		for _, role := range roles {
			config += roleIDOutput(scope+"-"+role, scope, role)
			checks = append(checks, resource.TestCheckOutput(scope+"-"+role, "role-api-"+scope+"-"+role))
		}
	}
	acctest.Test(t, resource.TestStep{Config: b.Config(config), Check: resource.ComposeAggregateTestCheckFunc(checks...)})
}

func projectRoleIDOutput(name, role, project string) string {
	return fmt.Sprintf("output %q {\n  value = provider::openai::predefined_project_role_id(%q, %q)\n}\n", name, role, project)
}

// The id of the function is the one that the API returns for an assignment.
func TestAccFunctions_predefinedProjectRoleID(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "shop")
	var group struct{ ID string }
	b.Do(t, "POST", "/organization/groups", map[string]string{"name": "developers"}, &group)
	config, checks := "", []resource.TestCheckFunc{}
	for _, role := range []string{"owner", "member", "viewer"} {
		assignments := "/projects/" + project + "/groups/" + group.ID + "/roles"
		b.Do(t, "POST", assignments, map[string]string{"role_id": "role-api-project-" + role}, nil)
		var assigned struct{ Data []struct{ ID string } }
		b.Do(t, "GET", assignments, nil, &assigned)
		b.Do(t, "DELETE", assignments+"/role-api-project-"+role, nil, nil)
		if len(assigned.Data) != 1 {
			t.Fatalf("%s: %d assignments", role, len(assigned.Data))
		}
		config += projectRoleIDOutput(role, role, project)
		checks = append(checks, resource.TestCheckOutput(role, assigned.Data[0].ID))
	}
	acctest.Test(t, resource.TestStep{Config: b.Config(config), Check: resource.ComposeAggregateTestCheckFunc(checks...)})
}

func TestAccFunctions_predefinedRoleIDRefused(t *testing.T) {
	acctest.Refused(t, acctest.Start(t), map[string]struct{ HCL, Message string }{
		"scope":                 {roleIDOutput("x", "team", "owner"), `The scope must be organization or project, got "team"`},
		"role":                  {roleIDOutput("x", "project", "reader"), `The role must be one of owner, member, viewer in this scope, got "reader"`},
		"role of a project":     {projectRoleIDOutput("x", "reader", "proj_1"), `The role must be one of owner, member, viewer in this scope, got "reader"`},
		"project":               {projectRoleIDOutput("x", "owner", "a/b"), "The project_id "},
		"role of another scope": {roleIDOutput("x", "organization", "viewer"), `The role must be one of owner, reader in this scope, got "viewer"`},
	})
}
