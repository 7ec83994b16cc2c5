package acctest

import (
	"fmt"
	"testing"
)

// Populate fills an organization with at least one object of every type that
// can be listed, outside Terraform: some in the organization, some in each of
// these new projects. Tests of lists, exports and adoption use it, so that a
// new type of object is added here. The backend's API key is one of the first
// project.
func Populate(t *testing.T, b *Backend, projects ...string) (ids []string) {
	t.Helper()
	alert := map[string]any{
		"threshold_amount": 12345, "currency": "USD", "interval": "month",
		"notification_channel": map[string]any{"type": "email", "recipients": []string{"finance@example.com", "cfo@example.com"}, "subject_prefix": "[spend]"},
	}
	limit := map[string]any{"threshold_amount": 500000, "currency": "USD", "interval": "month"}
	b.Do(t, "POST", "/organization/spend_limit", limit, nil)
	b.Do(t, "POST", "/organization/spend_alerts", alert, nil)
	b.Do(t, "POST", "/organization/invites", map[string]any{"email": "grace@example.com", "role": "reader"}, nil)
	o := populateOrganization(t, b)
	for i, name := range projects {
		id := b.Project(t, name)
		ids = append(ids, id)
		at := "/organization/projects/" + id
		var account struct{ ID string }
		b.Do(t, "POST", at+"/service_accounts", map[string]any{"name": "billing", "create_service_account_only": true}, &account)
		b.Do(t, "POST", at+"/service_accounts/"+account.ID, map[string]any{"role": "owner"}, nil)
		b.Do(t, "POST", at+"/service_accounts/"+account.ID+"/api_keys", map[string]any{"name": "Billing: nightly", "scopes": []string{"api.all.read"}, "expires_in_seconds": 3600}, nil)
		var search struct {
			APIKey struct{ Value string } `json:"api_key"`
		}
		b.Do(t, "POST", at+"/service_accounts", map[string]any{"name": "Search " + name}, &search)
		if i == 0 {
			b.APIKey = search.APIKey.Value
			b.Do(t, "POST", "/webhook_endpoints", map[string]any{"name": "Finished jobs", "url": "https://example.com/openai", "event_types": []string{"batch.completed", "response.completed"}}, nil)
		}
		b.Do(t, "POST", at+"/users", map[string]any{"email": "member@example.com", "role": "member"}, nil)
		b.Do(t, "POST", at+"/spend_limit", limit, nil)
		b.Do(t, "POST", at+"/spend_alerts", alert, nil)
		b.Do(t, "POST", at+"/rate_limits/rl-gpt-4o", map[string]any{"max_requests_per_1_minute": 10 + i}, nil)
		b.Do(t, "POST", "/organization/external_storage", map[string]any{"project_id": id, "provider": map[string]any{
			"type": "aws", "bucket": "acme-openai", "role_arn": "arn:aws:iam::123456789012:role/openai",
		}}, nil)
		o.populateProject(t, b, id, account.ID)
	}
	return ids
}

// shared are the ids of objects of the organization that are used in projects.
type shared struct {
	member, group, certificate, provider string
	// rules counts the federation rules, whose names differ.
	rules int
}

// populateOrganization creates groups, roles, certificates, workload identity
// and a tunnel.
func populateOrganization(t *testing.T, b *Backend) (o shared) {
	t.Helper()
	made := func(path string, body any) string {
		var object struct{ ID string }
		b.Do(t, "POST", path, body, &object)
		return object.ID
	}
	var users struct{ Data []struct{ ID, Email string } }
	b.Do(t, "GET", "/organization/users?limit=100", nil, &users)
	for _, user := range users.Data {
		if user.Email == "member@example.com" {
			o.member = user.ID
		}
	}
	o.group = made("/organization/groups", map[string]any{"name": "Engineers"})
	made("/organization/groups", map[string]any{"name": "Empty"})
	b.Do(t, "POST", "/organization/groups/"+o.group+"/users", map[string]any{"user_id": o.member}, nil)
	role := made("/organization/roles", map[string]any{"role_name": "Auditor", "permissions": []string{"api.groups.read", "api.management.read"}, "description": "Looks"})
	for _, id := range []string{role, "role-api-organization-reader"} {
		b.Do(t, "POST", "/organization/groups/"+o.group+"/roles", map[string]any{"role_id": id}, nil)
	}
	b.Do(t, "POST", "/organization/users/"+o.member+"/roles", map[string]any{"role_id": role}, nil)
	b.Do(t, "POST", "/organization/data_retention", map[string]any{"retention_type": "modified_abuse_monitoring"}, nil)
	b.Do(t, "POST", "/organization/admin_api_keys", map[string]any{"name": "Nightly report"}, nil)
	o.certificate = made("/organization/certificates", map[string]any{"name": "Clients", "certificate": Certificate(t, "clients", NextYear())})
	b.Do(t, "POST", "/organization/certificates/activate", map[string]any{"certificate_ids": []string{o.certificate}}, nil)
	o.provider = made("/organization/workload_identity_providers", map[string]any{
		"type": "oidc", "name": "GitHub", "issuer": "https://token.actions.githubusercontent.com", "audience": "https://api.openai.com/v1",
		"attribute_transformations": []map[string]string{{"attribute": "openai.repository", "expression": "assertion.repository"}},
	})
	made("/organization/external_keys", map[string]any{
		"name": "Customer key", "type": "aws", "external_id": "org-emulator",
		"kms_arn": "arn:aws:kms:eu-central-1:123456789012:key/one", "role_arn": "arn:aws:iam::123456789012:role/openai",
	})
	made("/tunnels", map[string]any{"name": "CRM", "description": "Customers of the shop"})
	return o
}

// populateProject gives a project roles, settings and trusted identities.
func (o *shared) populateProject(t *testing.T, b *Backend, id, account string) {
	t.Helper()
	at, access := "/organization/projects/"+id, "/projects/"+id
	var role struct{ ID string }
	b.Do(t, "POST", access+"/roles", map[string]any{"role_name": "Caller", "permissions": []string{"api.model.request"}}, &role)
	b.Do(t, "POST", at+"/groups", map[string]any{"group_id": o.group, "role": "role-api-project-viewer"}, nil)
	for _, who := range []string{"/groups/" + o.group, "/users/" + o.member} {
		b.Do(t, "POST", access+who+"/roles", map[string]any{"role_id": role.ID}, nil)
	}
	b.Do(t, "POST", at+"/model_permissions", map[string]any{"mode": "allow_list", "model_ids": []string{"gpt-5", "gpt-4o"}}, nil)
	b.Do(t, "POST", at+"/hosted_tool_permissions", map[string]any{"mcp": map[string]any{"enabled": false}}, nil)
	b.Do(t, "POST", at+"/service_tier_settings", map[string]any{"default": "fast", "enabled_tiers": []string{"fast", "flex"}}, nil)
	b.Do(t, "POST", at+"/data_retention", map[string]any{"retention_type": "none"}, nil)
	b.Do(t, "POST", at+"/certificates/activate", map[string]any{"certificate_ids": []string{o.certificate}}, nil)
	rule := "main"
	if o.rules++; o.rules > 1 {
		rule = fmt.Sprintf("main %d", o.rules)
	}
	b.Do(t, "POST", "/organization/workload_identity_providers/"+o.provider+"/federation_rules", map[string]any{
		"project_id": id, "service_account_id": account, "name": rule,
		"attribute_matchers": map[string]any{"repository": "acme/shop", "protected": true, "attempt": 1},
		"permissions":        map[string]any{"type": "restricted", "scopes": []string{"api.responses.write"}},
	}, nil)
}

// ManyProjects are names for an organization of this many projects, among them
// some that are no good names for anything in Terraform.
func ManyProjects(count int) []string {
	names := []string{"Shop", "shop", "Shop", "42 Answers", "Zürich – Größe ½", "…", "say \"${hi}\" %{if}", "data.science/labs"}
	for i := len(names); i < count; i++ {
		names = append(names, fmt.Sprintf("Team %d", i))
	}
	return names[:count]
}
