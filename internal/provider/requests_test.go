package provider_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// Each object of a project takes as many requests as documented, in a
// configuration that also creates the project, without the plan checks.
func TestEachObjectTakesAsManyRequestsAsDocumented(t *testing.T) {
	t.Parallel()
	b := acctest.Start(t)
	process := func() *acctest.Driver {
		return acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock(), map[string]any{"plan_checks": false})
	}
	type step struct {
		name, typeName string
		values         func(made map[string]*acctest.Object) map[string]any
		// The requests of a create, a refresh and a destroy, in this order of steps.
		create, refresh, destroy int
	}
	inProject := func(values map[string]any) func(map[string]*acctest.Object) map[string]any {
		return func(made map[string]*acctest.Object) map[string]any {
			values["project_id"] = made["openai_project"].Attribute("id")
			return values
		}
	}
	steps := []step{
		{"openai_project", "openai_project", func(map[string]*acctest.Object) map[string]any { return map[string]any{"name": "shop"} }, 1, 1, 1},
		{"openai_project_service_account", "openai_project_service_account", inProject(map[string]any{"name": "app"}), 2, 1, 1},
		{"openai_project_service_account, role none", "openai_project_service_account", inProject(map[string]any{"name": "other", "role": "none"}), 1, 1, 1},
		{"openai_project_api_key", "openai_project_api_key", func(made map[string]*acctest.Object) map[string]any {
			account := made["openai_project_service_account"]
			return map[string]any{"project_id": account.Attribute("project_id"), "service_account_id": account.Attribute("id"), "name": "app"}
		}, 1, 1, 1},
		{"openai_project_spend_alert", "openai_project_spend_alert", inProject(map[string]any{"threshold_usd": 40, "notification_channel_recipients": []string{"finops@example.com"}}), 1, 1, 1},
		{"openai_project_spend_limit", "openai_project_spend_limit", inProject(map[string]any{"threshold_usd": 50}), 1, 1, 1},
		{"openai_project_spend_alert, after the limit", "openai_project_spend_alert", inProject(map[string]any{"threshold_usd": 45, "notification_channel_recipients": []string{"finops@example.com"}}), 2, 1, 1},
		{"openai_project_rate_limit, the first of a project", "openai_project_rate_limit", inProject(map[string]any{"model": "gpt-5", "max_requests_per_1_minute": 50}), 2, 1, 1},
		{"openai_project_rate_limit", "openai_project_rate_limit", inProject(map[string]any{"model": "gpt-4o", "max_requests_per_1_minute": 50}), 1, 0, 1},
	}
	made := map[string]*acctest.Object{}
	count := func(what, name string, want int, do func()) {
		t.Helper()
		b.Mark(t)
		do()
		if got := b.CountAll(t); got != want {
			t.Errorf("%s of %s: %d requests, want %d: %v", what, name, got, want, b.Requests(t))
		}
	}
	creating := process()
	for _, s := range steps {
		count("create", s.name, s.create, func() {
			object, diags := creating.Apply(t, s.typeName, nil, s.values(made))
			if object == nil {
				t.Fatal(diags)
			}
			made[s.name] = object
		})
	}
	reading := process()
	for _, s := range steps {
		count("refresh", s.name, s.refresh, func() { reading.Refresh(t, made[s.name]) })
	}
	deleting := process()
	deleting.Refresh(t, made["openai_project"]) // the process learns which organization answers
	for i := len(steps) - 1; i >= 0; i-- {
		s := steps[i]
		count("destroy", s.name, s.destroy, func() { deleting.Apply(t, s.typeName, made[s.name], nil) })
	}

	documented, err := os.ReadFile("../../docs/index.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		typeName, rest, _ := strings.Cut(s.name, ", ")
		row := "| `" + typeName + "`"
		if rest != "" {
			row += ", " + rest
		}
		row += fmt.Sprintf(" | %d | %d | %d |", s.create, s.refresh, s.destroy)
		if !strings.Contains(string(documented), row) {
			t.Errorf("docs/index.md lacks %s", row)
		}
	}
}
