package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

func TestAccKeyReport(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	quiet := b.Project(t, "quiet")
	issueIn := func(project, account string, body map[string]any) (secret string) {
		var made struct{ Value string }
		b.Do(t, "POST", "/organization/projects/"+project+"/service_accounts/"+account+"/api_keys", body, &made)
		clock.Advance(time.Second) // keys of the same second have no order
		return made.Value
	}
	issue := func(account string, body map[string]any) (secret string) { return issueIn(tm.project, account, body) }
	var users struct{ Data []struct{ ID string } }
	b.Do(t, "GET", "/organization/users?emails=member@example.com", nil, &users)

	// In the order of their age: old and never used; old, used today; shared
	// names; of a person without access; expired; new with an expiry that is near;
	// of the same name in another project.
	issue(tm.account, map[string]any{"name": "forgotten"})
	busy := issue(tm.account, map[string]any{"name": "busy", "expires_in_seconds": 365 * 86400})
	clock.Advance(91 * day)
	issue(tm.account, map[string]any{"name": "twin", "expires_in_seconds": 60 * 86400})
	issue(newServiceAccount(t, b, tm.project, "other"), map[string]any{"name": "twin", "expires_in_seconds": 60 * 86400})
	b.Do(t, "POST", "/_emulator/projects/"+tm.project+"/user_keys", map[string]any{"user_id": users.Data[0].ID, "name": "mine"}, nil)
	issue(tm.account, map[string]any{"name": "expired", "expires_in_seconds": 1})
	clock.Advance(day / 2)
	issue(tm.account, map[string]any{"name": "fresh", "expires_in_seconds": 86400})
	second := b.Project(t, "second")
	issueIn(second, newServiceAccount(t, b, second, "other"), map[string]any{"name": "fresh", "expires_in_seconds": 60 * 86400})
	if !b.Works(t, busy) {
		t.Fatal("the key cannot be used")
	}

	const address = "data.openai_key_report.test"
	report := func(body string) string {
		return b.Config("data \"openai_key_report\" \"test\" {\n  " + body + "\n}\n")
	}
	counts := func(want map[string]int) resource.TestCheckFunc {
		checks := []resource.TestCheckFunc{resource.TestCheckResourceAttr(address, "counts.%", "9")}
		for _, finding := range []string{"older_than", "unused_for", "never_expires", "owned_by_user", "owner_inactive", "name_shared", "name_in_several_projects", "account_shared", "expires_without_rotation"} {
			checks = append(checks, resource.TestCheckResourceAttr(address, "counts."+finding, fmt.Sprint(want[finding])))
		}
		return resource.ComposeAggregateTestCheckFunc(checks...)
	}
	key := func(at int, name string, findings ...string) resource.TestCheckFunc {
		prefix := fmt.Sprintf("keys.%d.", at)
		checks := []resource.TestCheckFunc{
			resource.TestCheckResourceAttr(address, prefix+"name", name),
			resource.TestCheckResourceAttr(address, prefix+"findings.#", fmt.Sprint(len(findings))),
		}
		for i, finding := range findings {
			checks = append(checks, resource.TestCheckResourceAttr(address, fmt.Sprintf("%sfindings.%d", prefix, i), finding))
		}
		return resource.ComposeAggregateTestCheckFunc(checks...)
	}
	acctest.TestAt(t, clock,
		resource.TestStep{Config: report(""), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(address, "keys.#", "8"),
			counts(map[string]int{"older_than": 2, "unused_for": 1, "never_expires": 2, "owned_by_user": 1, "owner_inactive": 1, "name_shared": 2, "name_in_several_projects": 2, "account_shared": 4, "expires_without_rotation": 1}),
			key(0, "forgotten", "account_shared", "never_expires", "older_than", "unused_for"),
			resource.TestCheckNoResourceAttr(address, "keys.0.days_since_last_use"),
			resource.TestCheckResourceAttr(address, "keys.0.age_days", "91"),
			resource.TestCheckResourceAttr(address, "keys.0.project_name", "dev"),
			key(1, "busy", "account_shared", "older_than"),
			resource.TestCheckResourceAttr(address, "keys.1.days_since_last_use", "0"),
			key(6, "fresh", "account_shared", "expires_without_rotation", "name_in_several_projects"),
			key(7, "fresh", "name_in_several_projects"),
		)},
		resource.TestStep{Config: report("older_than = \"92d\"\nunused_for = \"1h\""),
			Check: counts(map[string]int{"unused_for": 4, "never_expires": 2, "owned_by_user": 1, "owner_inactive": 1, "name_shared": 2, "name_in_several_projects": 2, "account_shared": 4, "expires_without_rotation": 1})},
		resource.TestStep{Config: report(`project_ids = ["proj_none"]`), ExpectError: acctest.Message("proj_none, which is not an active project of this organization")},
		resource.TestStep{Config: report(`older_than = "90"`), ExpectError: acctest.Message(`older_than must be a duration such as 30m, 12h or 7d, got "90"`)},
		resource.TestStep{Config: report(fmt.Sprintf("project_ids = [%q]", quiet)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(address, "keys.#", "0"), counts(nil))},
	)
}
