package acctest

import (
	"fmt"
	"testing"
)

// Populate fills an organisation with at least one object of every type that
// can be listed, outside Terraform: some in the organisation, some in each of
// these new projects. What lists, exports or adopts organisations is tested on
// it, so that a new type of object is added here.
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
	for i, name := range projects {
		id := b.Project(t, name)
		ids = append(ids, id)
		at := "/organization/projects/" + id
		var account struct{ ID string }
		b.Do(t, "POST", at+"/service_accounts", map[string]any{"name": "billing", "create_service_account_only": true}, &account)
		b.Do(t, "POST", at+"/service_accounts/"+account.ID, map[string]any{"role": "owner"}, nil)
		b.Do(t, "POST", at+"/service_accounts/"+account.ID+"/api_keys", map[string]any{"name": "Billing: nightly", "scopes": []string{"api.all.read"}, "expires_in_seconds": 3600}, nil)
		b.Do(t, "POST", at+"/service_accounts", map[string]any{"name": "Search " + name}, nil) // with a key of its own
		b.Do(t, "POST", at+"/users", map[string]any{"email": "member@example.com", "role": "member"}, nil)
		b.Do(t, "POST", at+"/spend_limit", limit, nil)
		b.Do(t, "POST", at+"/spend_alerts", alert, nil)
		b.Do(t, "POST", at+"/rate_limits/rl-gpt-4o", map[string]any{"max_requests_per_1_minute": 10 + i}, nil)
		b.Do(t, "POST", "/organization/external_storage", map[string]any{"project_id": id, "provider": map[string]any{
			"type": "aws", "bucket": "acme-openai", "role_arn": "arn:aws:iam::123456789012:role/openai",
		}}, nil)
	}
	return ids
}

// ManyProjects are names for an organisation of this many projects, among them
// some that are no good names for anything in Terraform.
func ManyProjects(count int) []string {
	names := []string{"Shop", "shop", "Shop", "42 Answers", "Zürich – Größe ½", "…", "say \"${hi}\" %{if}", "data.science/labs"}
	for i := len(names); i < count; i++ {
		names = append(names, fmt.Sprintf("Team %d", i))
	}
	return names[:count]
}
