package provider_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

const (
	auditLogsAddress = "data.openai_audit_logs.test"
	auditLogsRoute   = "/v1/organization/audit_logs"
)

// startWithAuditLogs starts an organization in which 250 groups are created, one
// each minute, and a service account.
func startWithAuditLogs(t *testing.T) (b *acctest.Backend, begin time.Time, project string) {
	t.Helper()
	begin = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	now := begin
	b = acctest.Start(t, func(o *emulator.Options) { o.Now = func() time.Time { return now } })
	project = b.Project(t, "dev")
	b.Do(t, "POST", "/organization/projects/"+project+"/service_accounts", map[string]string{"name": "bot"}, nil)
	for i := range 250 {
		now = begin.Add(time.Duration(i+1) * time.Minute)
		b.Do(t, "POST", "/organization/groups", map[string]string{"name": fmt.Sprintf("group-%d", i)}, nil)
	}
	return b, begin, project
}

func TestAccAuditLogsDataSource(t *testing.T) {
	b, begin, project := startWithAuditLogs(t)
	size := func(body, n, truncated string) resource.TestStep {
		return resource.TestStep{Config: b.Config(dataSource("audit_logs", body)), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(auditLogsAddress, "audit_logs.#", n), resource.TestCheckResourceAttr(auditLogsAddress, "truncated", truncated))}
	}
	at := func(minutes int) string { return begin.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339) }
	pages := size("event_types = [\"group.created\"]\nmax_results = 240", "240", "true")
	pages.PreConfig = func() { b.Mark(t) }
	pages.Check = resource.ComposeAggregateTestCheckFunc(pages.Check, func(s *terraform.State) error {
		if n := b.Count(t, "GET", auditLogsRoute); n%3 != 0 || n == 0 {
			t.Errorf("%d requests for 240 entries, a multiple of 3 expected", n)
		}
		// Newest first, with the actor and the details.
		var details struct{ Data map[string]string }
		if err := json.Unmarshal([]byte(acctest.Value(s, auditLogsAddress, "audit_logs.0.details")), &details); err != nil || details.Data["group_name"] != "group-249" {
			t.Errorf("the newest entry has %v, %v", details, err)
		}
		return nil
	},
		resource.TestCheckResourceAttr(auditLogsAddress, "audit_logs.0.type", "group.created"),
		resource.TestCheckResourceAttr(auditLogsAddress, "audit_logs.0.effective_at", fmt.Sprint(begin.Add(250*time.Minute).Unix())),
		resource.TestCheckResourceAttr(auditLogsAddress, "audit_logs.0.actor_type", "api_key"),
		resource.TestCheckResourceAttr(auditLogsAddress, "audit_logs.0.actor_email", "owner@example.com"),
		resource.TestCheckResourceAttrSet(auditLogsAddress, "audit_logs.0.actor_api_key_id"),
		resource.TestCheckNoResourceAttr(auditLogsAddress, "audit_logs.0.actor_ip_address"),
		resource.TestCheckResourceAttr(auditLogsAddress, "audit_logs.0.project_name", "Default project"),
	)
	acctest.Test(t,
		pages,
		size("", "100", "true"),
		size("max_results = 10000", "253", "false"),
		size(fmt.Sprintf("after = %q\nbefore = %q", at(10), at(20)), "9", "false"),
		size(fmt.Sprintf("at_or_after = %q\nat_or_before = %q", at(10), at(20)), "11", "false"),
		size(fmt.Sprintf("resource_ids = [%q]", project), "1", "false"),
		size(`actor_emails = ["unknown@example.com"]`, "0", "false"),
		size("tenant_only = true", "0", "false"),
	)
}

func TestAccAuditLogsDataSource_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no time":  {dataSource("audit_logs", `after = "yesterday"`), "must be an RFC 3339 time"},
		"backward": {dataSource("audit_logs", "after = \"2026-11-02T00:00:00Z\"\nat_or_before = \"2026-11-01T00:00:00Z\""), "must not be earlier than after"},
		"too many": {dataSource("audit_logs", "max_results = 10001"), "between 1 and 10000"},
		"empty":    {dataSource("audit_logs", "event_types = []"), "at least 1 element"},
	})
}

func TestAccAdminAPIKeysDataSource(t *testing.T) {
	b := acctest.Start(t)
	const keys, address = 104, "data.openai_admin_api_keys.test"
	for i := range keys {
		b.Do(t, "POST", "/organization/admin_api_keys", map[string]any{"name": fmt.Sprintf("key-%d", i), "expires_in_seconds": 3600}, nil)
	}
	acctest.Test(t,
		resource.TestStep{Config: b.Config(dataSource("admin_api_keys", "")), Check: resource.ComposeAggregateTestCheckFunc(
			resource.TestCheckResourceAttr(address, "admin_api_keys.#", fmt.Sprint(keys+1)),
			resource.TestCheckTypeSetElemNestedAttrs(address, "admin_api_keys.*", map[string]string{"name": "key-103", "owner_type": "user", "owner_name": "Olive Owner"}),
			resource.TestCheckTypeSetElemNestedAttrs(address, "admin_api_keys.*", map[string]string{"name": "emulator", "expires_at": ""}),
		)},
		resource.TestStep{Config: b.Config(dataSource("admin_api_keys", `owner_id = "user-none"`)), Check: resource.TestCheckResourceAttr(address, "admin_api_keys.#", "0")},
	)
}
