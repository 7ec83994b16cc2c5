package faults_test

import (
	"fmt"
	"net/http"
	"testing"
)

// subject is a resource of the matrix: two configurations, the second of which
// is an update in place of the first, and what the organisation must hold for
// each.
type subject struct {
	typeName string
	first    func(w *world) map[string]any
	second   func(w *world) map[string]any
	// found lists what the organisation holds of the subject, in words that
	// tell the first configuration from the second.
	found func(t testing.TB, w *world) []string
	// planning is how many requests it takes to plan a creation.
	planning int
	// one and two are what is found under the configurations, none what is
	// found without the resource.
	one, two, none []string
}

func named(name string) func(*world) map[string]any {
	return func(*world) map[string]any { return map[string]any{"name": name} }
}

func words(items []map[string]any, keep func(map[string]any) bool, fields ...string) []string {
	found := []string{}
	for _, item := range items {
		if !keep(item) {
			continue
		}
		text := ""
		for _, field := range fields {
			text += fmt.Sprint(item[field]) + " "
		}
		found = append(found, text[:len(text)-1])
	}
	return found
}

func all(map[string]any) bool { return true }

func is(field, value string) func(map[string]any) bool {
	return func(item map[string]any) bool { return item[field] == value }
}

func isNot(field string, values ...string) func(map[string]any) bool {
	return func(item map[string]any) bool {
		for _, value := range values {
			if item[field] == value {
				return false
			}
		}
		return true
	}
}

func singleton(path string) func(t testing.TB, w *world) []string {
	return func(t testing.TB, w *world) []string {
		var limit map[string]any
		if w.get(t, path, &limit) == http.StatusNotFound {
			return []string{}
		}
		return []string{fmt.Sprint(limit["threshold_amount"])}
	}
}

func alert(w *world, cents int, own map[string]any) map[string]any {
	own["threshold_amount"] = cents
	own["notification_channel_recipients"] = []string{"a@example.com", "b@example.com"}
	return own
}

func rotated(w *world, trigger string) map[string]any {
	return map[string]any{"project_id": w.project, "service_account_id": w.account, "name": "rotated", "rotation_triggers": map[string]string{"by": trigger}}
}

var subjects = []subject{
	{
		typeName: "openai_project", first: named("one"), second: named("two"),
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects?limit=100"), isNot("name", "Default project", "world"), "name")
		},
		one: []string{"one"}, two: []string{"two"}, none: []string{},
	},
	{
		typeName: "openai_project_service_account",
		first:    func(w *world) map[string]any { return map[string]any{"project_id": w.project, "name": "one"} },
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "name": "two", "role": "owner"}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/service_accounts?limit=100"), isNot("name", "world"), "name", "role")
		},
		one: []string{"one member"}, two: []string{"two owner"}, none: []string{},
	},
	{
		typeName: "openai_project_api_key",
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "service_account_id": w.account, "name": "key"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "service_account_id": w.account, "name": "key", "scopes": []string{"api.all.read"}}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/api_keys?limit=100&owner_project_access=any"), is("name", "key"), "name")
		},
		planning: 1, one: []string{"key"}, two: []string{"key"}, none: []string{},
	},
	{
		// A rotation; the old key lives on beside the new one.
		typeName: "openai_project_api_key",
		first:    func(w *world) map[string]any { return rotated(w, "1") },
		second:   func(w *world) map[string]any { return rotated(w, "2") },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/api_keys?limit=100&owner_project_access=any"), is("name", "rotated"), "name")
		},
		planning: 1, one: []string{"rotated"}, two: []string{"rotated", "rotated"}, none: []string{},
	},
	{
		// The API changes nothing of an admin key, so the second replaces it.
		typeName: "openai_admin_api_key", first: named("one"), second: named("two"),
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/admin_api_keys?limit=100"), isNot("name", "emulator"), "name")
		},
		one: []string{"one"}, two: []string{"two"}, none: []string{},
	},
	{
		typeName: "openai_organization_spend_limit",
		first:    func(*world) map[string]any { return map[string]any{"threshold_amount": 100} },
		second:   func(*world) map[string]any { return map[string]any{"threshold_amount": 200} },
		found:    singleton("/spend_limit"), one: []string{"100"}, two: []string{"200"}, none: []string{},
	},
	{
		typeName: "openai_project_spend_limit",
		first:    func(w *world) map[string]any { return map[string]any{"project_id": w.project, "threshold_amount": 100} },
		second:   func(w *world) map[string]any { return map[string]any{"project_id": w.project, "threshold_amount": 200} },
		found: func(t testing.TB, w *world) []string {
			return singleton("/projects/"+w.project+"/spend_limit")(t, w)
		},
		one: []string{"100"}, two: []string{"200"}, none: []string{},
	},
	{
		typeName: "openai_organization_spend_alert",
		first:    func(w *world) map[string]any { return alert(w, 100, map[string]any{}) },
		second:   func(w *world) map[string]any { return alert(w, 200, map[string]any{}) },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/spend_alerts?limit=100"), all, "threshold_amount")
		},
		one: []string{"100"}, two: []string{"200"}, none: []string{},
	},
	{
		typeName: "openai_project_spend_alert",
		first:    func(w *world) map[string]any { return alert(w, 100, map[string]any{"project_id": w.project}) },
		second:   func(w *world) map[string]any { return alert(w, 200, map[string]any{"project_id": w.project}) },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/spend_alerts?limit=100"), all, "threshold_amount")
		},
		one: []string{"100"}, two: []string{"200"}, none: []string{},
	},
	{
		typeName: "openai_project_rate_limit",
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "model": "gpt-4o", "max_requests_per_1_minute": 10}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "model": "gpt-4o", "max_requests_per_1_minute": 20}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/rate_limits?limit=100"), is("model", "gpt-4o"), "max_requests_per_1_minute")
		},
		one: []string{"10"}, two: []string{"20"}, none: []string{"500"},
	},
	{
		typeName: "openai_organization_user",
		first:    func(*world) map[string]any { return map[string]any{"email": "member@example.com", "role": "owner"} },
		second:   func(*world) map[string]any { return map[string]any{"email": "member@example.com", "role": "reader"} },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/users?limit=100"), isNot("email", "owner@example.com"), "email", "role")
		},
		one: []string{"member@example.com owner"}, two: []string{"member@example.com reader"}, none: []string{},
	},
	{
		typeName: "openai_organization_member",
		first:    func(*world) map[string]any { return map[string]any{"email": "ada@example.com", "role": "reader"} },
		second:   func(*world) map[string]any { return map[string]any{"email": "ada@example.com", "role": "owner"} },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/invites?limit=100"), is("status", "pending"), "email", "role")
		},
		one: []string{"ada@example.com reader"}, two: []string{"ada@example.com owner"}, none: []string{},
	},
	{
		typeName: "openai_invite",
		first:    func(*world) map[string]any { return map[string]any{"email": "ada@example.com", "role": "reader"} },
		second:   func(*world) map[string]any { return map[string]any{"email": "ada@example.com", "role": "owner"} },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/invites?limit=100"), all, "email", "role")
		},
		one: []string{"ada@example.com reader"}, two: []string{"ada@example.com owner"}, none: []string{},
	},
	{
		typeName: "openai_project_user",
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "email": "member@example.com", "role": "member"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "email": "member@example.com", "role": "owner"}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/users?limit=100"), all, "email", "role")
		},
		one: []string{"member@example.com member"}, two: []string{"member@example.com owner"}, none: []string{},
	},
}
