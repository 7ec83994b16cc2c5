package provider_test

import (
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// foreignObjects are groups, roles, policies and a certificate that other
// providers have made.
type foreignObjects struct {
	group, role, projectRole, certificate string
	// pem is the certificate itself.
	pem string
}

// accessAndPolicies makes them, outside Terraform: the user is in the group, and
// both have roles in the organization and in the project.
func accessAndPolicies(t *testing.T, b *acctest.Backend, project, user string) foreignObjects {
	t.Helper()
	o := foreignObjects{pem: acctest.Certificate(t, "clients", acctest.NextYear())}
	create := func(path string, body map[string]any) string {
		var made struct{ ID string }
		b.Do(t, "POST", path, body, &made)
		return made.ID
	}
	permissions, at, access := []string{"api.groups.read", "api.model.request"}, "/organization/projects/"+project, "/projects/"+project
	const inProject = "role-api-project-member"
	o.group = create("/organization/groups", map[string]any{"name": "Support"})
	o.role = create("/organization/roles", map[string]any{"role_name": "Caller", "permissions": permissions, "description": "Calls."})
	o.projectRole = create(access+"/roles", map[string]any{"role_name": "Caller of shop", "permissions": permissions, "description": "Calls."})
	o.certificate = create("/organization/certificates", map[string]any{"certificate": o.pem, "name": "clients"})
	for path, body := range map[string]map[string]any{
		"/organization/groups/" + o.group + "/users": {"user_id": user},
		"/organization/groups/" + o.group + "/roles": {"role_id": o.role},
		"/organization/users/" + user + "/roles":     {"role_id": "role-api-organization-reader"},
		access + "/users/" + user + "/roles":         {"role_id": inProject},
		"/organization/data_retention":               {"retention_type": "modified_abuse_monitoring"},
		at + "/data_retention":                       {"retention_type": "zero_data_retention"},
		at + "/hosted_tool_permissions":              {"mcp": map[string]bool{"enabled": false}},
		at + "/model_permissions":                    {"mode": "allow_list", "model_ids": []string{"gpt-4o", "gpt-4o-mini"}},
		at + "/groups":                               {"group_id": o.group, "role": inProject},
	} {
		b.Do(t, "POST", path, body, nil)
	}
	return o
}
