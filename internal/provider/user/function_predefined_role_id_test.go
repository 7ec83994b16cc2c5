package user_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

func roleOutput(name, scope, role string) string {
	return fmt.Sprintf("output %q {\n  value = provider::openai::predefined_role_id(%q, %q)\n}\n", name, scope, role)
}

func TestAccFunctions_predefinedRoleID(t *testing.T) {
	b := acctest.Start(t)
	config, checks := "", []resource.TestCheckFunc{}
	for scope, roles := range map[string][]string{"organization": {"owner", "reader"}, "project": {"owner", "member", "viewer"}} {
		for _, role := range roles {
			config += roleOutput(scope+"-"+role, scope, role)
			checks = append(checks, resource.TestCheckOutput(scope+"-"+role, "role-api-"+scope+"-"+role))
		}
	}
	acctest.Test(t, resource.TestStep{Config: b.Config(config), Check: resource.ComposeAggregateTestCheckFunc(checks...)})
}

func TestAccFunctions_predefinedRoleIDRefused(t *testing.T) {
	acctest.Refused(t, acctest.Start(t), map[string]struct{ HCL, Message string }{
		"scope":                 {roleOutput("x", "team", "owner"), `The scope must be organization or project, got "team"`},
		"role":                  {roleOutput("x", "project", "reader"), `The role must be one of owner, member, viewer in this scope, got "reader"`},
		"role of another scope": {roleOutput("x", "organization", "viewer"), `The role must be one of owner, reader in this scope, got "viewer"`},
	})
}
