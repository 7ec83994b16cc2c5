package provider_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

func TestAccServiceAccountDataSources(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	const accounts = 105
	var ids []string
	for i := range accounts {
		ids = append(ids, newServiceAccount(t, b, project, fmt.Sprintf("service-%d", i)))
	}
	newServiceAccount(t, b, project, "service-0")
	const one, all = "data.openai_project_service_account.test", "data.openai_project_service_accounts.test"
	acctest.Test(t,
		resource.TestStep{Config: b.Config(projectDataSource("service_accounts", project, "")), Check: resource.TestCheckResourceAttr(all, "service_accounts.#", fmt.Sprint(accounts+1))},
		resource.TestStep{Config: b.Config(projectDataSource("service_accounts", project, `name = "service-0"`)), Check: resource.TestCheckResourceAttr(all, "service_accounts.#", "2")},
		resource.TestStep{Config: b.Config(projectDataSource("service_accounts", project, `name = "none"`)), Check: resource.TestCheckResourceAttr(all, "service_accounts.#", "0")},
		resource.TestStep{Config: b.Config(projectDataSource("service_account", project, `name = "none"`)), ExpectError: acctest.Message(`There is no service account named "none"`)},
		resource.TestStep{Config: b.Config(projectDataSource("service_account", project, `name = "service-0"`)), ExpectError: acctest.Message(`There is more than one service account named "service-0"`)},
		resource.TestStep{Config: b.Config(projectDataSource("service_account", project, `service_account_id = "svc_acct_none"`)), ExpectError: acctest.Message("No such service account")},
		resource.TestStep{Config: b.Config(projectDataSource("service_account", project, `name = "service-104"`)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(one, "service_account_id", ids[104]),
			resource.TestCheckResourceAttr(one, "role", "member"),
		)},
		resource.TestStep{Config: b.Config(projectDataSource("service_account", project, fmt.Sprintf("service_account_id = %q", ids[7]))), Check: resource.TestCheckResourceAttr(one, "name", "service-7")},
	)
}

func TestAccAPIKeyDataSources(t *testing.T) {
	var daysAgo atomic.Int64
	b := acctest.Start(t, func(o *emulator.Options) {
		o.Now = func() time.Time { return time.Now().AddDate(0, 0, -int(daysAgo.Load())) }
	})
	tm := newTeam(t, b)
	newKey := func(account, name string) (id string) {
		var key struct{ ID string }
		b.Do(t, "POST", "/organization/projects/"+tm.project+"/service_accounts/"+account+"/api_keys", map[string]string{"name": name}, &key)
		return key.ID
	}
	daysAgo.Store(91)
	old := newKey(tm.account, "old")
	daysAgo.Store(0)
	for i := range 104 {
		newKey(tm.account, fmt.Sprintf("key-%d", i))
	}
	newKey(tm.account, "key-0")
	// An account without a role: its keys are hidden unless asked for.
	var idle struct{ ID string }
	b.Do(t, "POST", "/organization/projects/"+tm.project+"/service_accounts", struct {
		Name string `json:"name"`
		Only bool   `json:"create_service_account_only"`
	}{"idle", true}, &idle)
	newKey(idle.ID, "hidden")

	const one, all = "data.openai_project_api_key.test", "data.openai_project_api_keys.test"
	size := func(body string, n int) resource.TestStep {
		return resource.TestStep{Config: b.Config(projectDataSource("api_keys", tm.project, body)), Check: resource.TestCheckResourceAttr(all, "api_keys.#", fmt.Sprint(n))}
	}
	acctest.Test(t,
		size("", 107),
		size(`owner_project_access = "active"`, 106),
		size(`owner_project_access = "inactive"`, 1),
		size(fmt.Sprintf("owner_id = %q", idle.ID), 1),
		size(`owner_id = "svc_acct_none"`, 0),
		resource.TestStep{Config: b.Config(projectDataSource("api_keys", tm.project, "")), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(all, "api_keys.0.id", old),
			resource.TestCheckResourceAttr(all, "api_keys.0.age_days", "91"),
			resource.TestCheckResourceAttr(all, "api_keys.1.age_days", "0"),
		)},
		resource.TestStep{Config: b.Config(projectDataSource("api_keys", tm.project, `owner_project_access = "all"`)), ExpectError: acctest.Message(`value must be one of: ["any" "active" "inactive"]`)},
		resource.TestStep{Config: b.Config(projectDataSource("api_key", tm.project, `name = "none"`)), ExpectError: acctest.Message(`There is no API key named "none"`)},
		resource.TestStep{Config: b.Config(projectDataSource("api_key", tm.project, `name = "key-0"`)), ExpectError: acctest.Message(`There is more than one API key named "key-0"`)},
		resource.TestStep{Config: b.Config(projectDataSource("api_key", tm.project, `api_key_id = "key_none"`)), ExpectError: acctest.Message("No such API key")},
		resource.TestStep{Config: b.Config(projectDataSource("api_key", tm.project, `name = "old"`)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(one, "api_key_id", old),
			resource.TestCheckResourceAttr(one, "owner_type", "service_account"),
			resource.TestCheckResourceAttr(one, "owner_id", tm.account),
			resource.TestCheckResourceAttr(one, "owner_name", "billing"),
			resource.TestCheckResourceAttr(one, "owner_project_access", "active"),
			resource.TestCheckNoResourceAttr(one, "last_used_at"),
			resource.TestCheckResourceAttrSet(one, "redacted_value"),
		)},
		resource.TestStep{Config: b.Config(projectDataSource("api_key", tm.project, fmt.Sprintf("api_key_id = %q", old))), Check: resource.TestCheckResourceAttr(one, "name", "old")},
	)
}
