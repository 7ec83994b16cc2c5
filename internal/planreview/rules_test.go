package planreview_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/planreview"
)

// found are the rules that a plan breaks.
func found(report *planreview.Report) []string {
	var all []string
	for _, f := range report.Findings {
		all = append(all, f.Rule)
	}
	slices.Sort(all)
	return all
}

// Values at the threshold of a rule and values beyond it.
func TestRules(t *testing.T) {
	limit := object{"project_id": "proj_1", "threshold_amount": 1000}
	expires := func(at string) object {
		seconds, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		return object{"expires_at": seconds.Unix()}
	}
	key := object{"project_id": "proj_1", "service_account_id": "svc_1", "name": "a", "id": "key_1", "scopes": []string{"x"}, "expires_in_seconds": 60, "age_recipients": []string{"age1"}}
	const limitAt, keyAt = "openai_project_spend_limit.a", "openai_project_api_key.a"
	for name, test := range map[string]struct {
		resources []map[string]any
		rules     string
	}{
		"doubled":                      {[]map[string]any{resource(limitAt, limit, with(limit, object{"threshold_amount": 2000}))}, ""},
		"more than doubled":            {[]map[string]any{resource(limitAt, limit, with(limit, object{"threshold_amount": 2001}))}, "limit-raised"},
		"raised at another address":    {[]map[string]any{resource(limitAt, limit, nil), resource("openai_project_spend_limit.b", nil, with(limit, object{"threshold_amount": 2001}))}, "destroyed-and-created limit-raised"},
		"moved by hand":                {[]map[string]any{resource(limitAt, limit, nil), resource("openai_project_spend_limit.b", nil, limit)}, "destroyed-and-created"},
		"new limit":                    {[]map[string]any{resource(limitAt, nil, limit)}, "limit-overwritten"},
		"dollars only":                 {[]map[string]any{resource(limitAt, object{"project_id": "proj_1", "threshold_usd": 10}, object{"project_id": "proj_1", "threshold_usd": 20.01})}, "limit-raised"},
		"alert below the limit":        {[]map[string]any{resource(limitAt, limit, limit), resource("openai_project_spend_alert.a", nil, with(limit, object{"threshold_amount": 999}))}, ""},
		"alert at the limit":           {[]map[string]any{resource(limitAt, limit, limit), resource("openai_project_spend_alert.a", nil, limit)}, "alert-above-limit"},
		"alert late for long":          {[]map[string]any{resource(limitAt, limit, limit), resource("openai_project_spend_alert.a", limit, limit)}, ""},
		"alert of another project":     {[]map[string]any{resource(limitAt, limit, limit), resource("openai_project_spend_alert.a", nil, with(limit, object{"project_id": "proj_2"}))}, ""},
		"project with its limit":       {[]map[string]any{resource("openai_project.a", nil, object{"id": "proj_1", "name": "a"}), resource(limitAt, nil, limit)}, "limit-overwritten"},
		"tidy key":                     {[]map[string]any{resource(keyAt, nil, key)}, ""},
		"rotating key without expiry":  {[]map[string]any{resource(keyAt, nil, with(key, object{"expires_in_seconds": nil, "rotation": object{"after": "90d"}}))}, ""},
		"key that expires soon":        {[]map[string]any{resource(keyAt, with(key, expires("2026-01-14T00:00:00Z")), with(key, expires("2026-01-14T00:00:00Z")))}, "key-expires-soon"},
		"key that expires later":       {[]map[string]any{resource(keyAt, with(key, expires("2026-01-16T00:00:00Z")), with(key, expires("2026-01-16T00:00:00Z")))}, ""},
		"key that has expired":         {[]map[string]any{resource(keyAt, with(key, expires("2025-12-31T00:00:00Z")), with(key, expires("2025-12-31T00:00:00Z")))}, ""},
		"rotated before it expires":    {[]map[string]any{resource(keyAt, with(key, expires("2026-01-14T00:00:00Z")), with(key, with(expires("2026-01-14T00:00:00Z"), object{"rotation": object{"after": "60d"}})))}, ""},
		"admin key that expires soon":  {[]map[string]any{resource("openai_admin_api_key.a", with(key, expires("2026-01-14T00:00:00Z")), with(key, expires("2026-01-14T00:00:00Z")))}, "key-expires-soon"},
		"key in plain state":           {[]map[string]any{resource(keyAt, nil, with(key, object{"age_recipients": []string{}, "value": "sk-1"}))}, "secret-in-state"},
		"imported key":                 {[]map[string]any{resource(keyAt, key, with(key, object{"age_recipients": nil, "value": nil}))}, ""},
		"unsealed":                     {[]map[string]any{resource(keyAt, key, with(key, object{"age_recipients": nil, "value": "sk-1"}))}, "secret-in-state"},
		"plain for long":               {[]map[string]any{resource(keyAt, with(key, object{"age_recipients": nil, "value": "sk-1"}), with(key, object{"age_recipients": nil, "value": "sk-1", "expires_in_seconds": 90}))}, ""},
		"rotated with overlap":         {[]map[string]any{resource(keyAt, with(key, object{"key_version": 1}), with(key, object{"key_version": 2, "rotation": object{"after": "1d", "overlap": "10s"}}))}, ""},
		"rotated without overlap":      {[]map[string]any{resource(keyAt, with(key, object{"key_version": 1}), with(key, object{"key_version": 2, "rotation": object{"after": "1d", "overlap": "0"}}))}, "rotation-without-overlap"},
		"key with a successor":         {[]map[string]any{resource(keyAt, key, nil), resource("openai_project_api_key.b", nil, with(key, object{"id": "key_2"}))}, "destroyed-and-created"},
		"successor in another project": {[]map[string]any{resource(keyAt, key, nil), resource("openai_project_api_key.b", nil, with(key, object{"project_id": "proj_2"}))}, "key-revoked"},
		"account with its keys":        {[]map[string]any{resource(keyAt, key, nil), resource("openai_project_service_account.a", object{"id": "svc_1", "project_id": "proj_1", "name": "a"}, nil)}, "key-revoked"},
		"member":                       {[]map[string]any{resource("openai_project_user.a", nil, object{"project_id": "proj_1", "email": "a@b.c", "role": "member"})}, ""},
		"owner for long":               {[]map[string]any{resource("openai_organization_member.a", object{"email": "a@b.c", "role": "owner", "name": "A"}, object{"email": "a@b.c", "role": "owner", "name": "B"})}, ""},
		"owner leaves":                 {[]map[string]any{resource("openai_organization_member.a", object{"email": "a@b.c", "role": "owner"}, nil)}, "member-removed"},
		"role that sounds like owner":  {[]map[string]any{resource("openai_user_role.a", nil, object{"user_id": "user-1", "role_id": "role-co-owner"})}, ""},
		"role named owner by a custom": {[]map[string]any{resource("openai_role.a", object{"id": "role_1", "role_name": "owner"}, object{"id": "role_1", "role_name": "owner"}), resource("openai_user_role.a", nil, object{"user_id": "user-1", "role_id": "role_1"})}, "owner-granted"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(found(review(t, plan(t, test.resources...))), " "); got != test.rules {
				t.Errorf("found %q, expected %q", got, test.rules)
			}
		})
	}
}

// An alert and a limit of a project that the plan creates have no id in common yet,
// only references. The order of the objects does not matter.
func TestAlertAboveTheLimitOfAnAddedProject(t *testing.T) {
	created := func(address string, values object) map[string]any {
		r := resource(address, nil, values)
		r["change"].(map[string]any)["after_unknown"] = object{"project_id": true, "id": true}
		return r
	}
	refers := func(kind string) object {
		return object{"mode": "managed", "type": kind, "name": "a", "expressions": object{"project_id": object{"references": []string{"openai_project.a.id", "openai_project.a"}}}}
	}
	resources := []map[string]any{
		created("openai_project_spend_alert.a", object{"threshold_amount": 6000}),
		created("openai_project_spend_limit.a", object{"threshold_amount": 5000}),
		created("openai_project.a", object{"name": "shop"}),
	}
	content, err := json.Marshal(object{
		"format_version": "1.2", "planned_values": object{}, "resource_changes": resources,
		"configuration": object{"root_module": object{"resources": []object{refers("openai_project_spend_alert"), refers("openai_project_spend_limit")}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	report := review(t, content)
	if got := found(report); !slices.Equal(got, []string{"alert-above-limit"}) || report.Findings[0].Subjects[0].Text != "shop: alert at 60.00 USD, hard limit at 50.00 USD" {
		t.Errorf("found %v: %+v", got, report.Findings)
	}
}

func configure(t *testing.T, text string) (planreview.Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), findings.ConfigFile)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return findings.ReadConfig(path, findings.ReviewSection, planreview.DefaultRules())
}

func TestConfiguration(t *testing.T) {
	config, err := configure(t, `
fail_on: medium
rules:
  limit-raised: {severity: medium, factor: 5}
  limit-removed: {severity: off}
  limit-lowered: {ignore: ["module.sandbox.*", "openai_project_spend_limit.*[\"x.y\"]"]}
`)
	if err != nil {
		t.Fatal(err)
	}
	limit := object{"project_id": "proj_1", "threshold_amount": 1000}
	lower := with(limit, object{"threshold_amount": 1})
	content := plan(t,
		resource("openai_project_spend_limit.five", limit, with(limit, object{"threshold_amount": 5000})),
		resource("openai_project_spend_limit.six", limit, with(limit, object{"threshold_amount": 5001})),
		resource("openai_project_spend_limit.removed", with(limit, object{"project_id": "proj_9"}), nil),
		resource(`openai_project_spend_limit.a["x.y"]`, limit, lower),
		resource(`openai_project_spend_limit.a["x-y"]`, limit, lower),
	)
	report := planreview.Review(parse(t, content), config)
	if got := strings.Join(found(report), " "); got != "limit-lowered limit-raised" {
		t.Errorf("found %s", got)
	}
	for _, f := range report.Findings {
		if len(f.Subjects) != 1 {
			t.Errorf("%s concerns %v", f.Rule, f.Subjects)
		}
	}
	if !report.Fails(config.FailOn) || report.Fails(planreview.High) || report.Fails(planreview.Off) || report.Fails("") {
		t.Error("the gate is wrong")
	}
	if text := report.Markdown(planreview.Comment{}); !strings.Contains(text, "off: limit-removed") || !strings.Contains(text, "with exceptions: limit-lowered") {
		t.Errorf("it does not say what was left out:\n%s", text)
	}
}

func TestConfigurationMayBeEmpty(t *testing.T) {
	if config, err := configure(t, ""); err != nil || len(config.Rules) != len(planreview.DefaultRules()) {
		t.Errorf("%v, %v", config, err)
	}
}

func TestConfigurationIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ text, message string }{
		"unknown rule":     {"rules:\n  limit-rased: {severity: low}\n", `there is no rule "limit-rased"; the rules are owner-granted, `},
		"unknown severity": {"rules:\n  limit-raised: {severity: huge}\n", `rule limit-raised: severity must be high, medium, low or off, got "huge"`},
		"unknown field":    {"rules:\n  limit-raised: {severty: low}\n", "unknown field"},
		"unknown setting":  {"failon: high\n", "unknown field"},
		"no factor":        {"rules:\n  owner-granted: {factor: 2}\n", "it has no factor"},
		"small factor":     {"rules:\n  limit-raised: {factor: 0.5}\n", "factor must be at least 1, got 0.5"},
		"fail on what":     {"fail_on: all\n", "fail_on must be"},
		"no YAML":          {"rules: [", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := configure(t, test.text); err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}
