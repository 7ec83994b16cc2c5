package orgstatus_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/orgstatus"
	"github.com/allthingsai/terraform-provider-openai/internal/snapshot/snapshottest"
)

const days90 = 90 * 24 * time.Hour

// busy is an organization on November 20: 10 days are left, and today.
func busy(t *testing.T) *snapshottest.Organization {
	t.Helper()
	o := snapshottest.Start(t, "2026-08-20T12:00:00Z", `
projects:
  - { id: proj_prod, name: "shop | <b>", service_accounts: [ { id: svc_acct_prod, name: checkout, role: member } ] }
  - { id: proj_dev, name: shop-dev, service_accounts: [ { id: svc_acct_dev, name: checkout, role: member } ] }
  - { id: proj_full, name: full }
  - { id: proj_past, name: past, archived: true }
  - { id: proj_unused, name: unused, archived: true }
usage:
`+costs("proj_prod", "12.5", 19)+costs("proj_dev", "1", 3)+costs("proj_full", "30", 2)+costs("proj_past", "0.5", 1)+`
  - { kind: completions, at: "2026-10-31T12:00:00Z", project_id: proj_dev, cost_usd: "1000" }
  - { kind: completions, at: "2026-11-20T01:00:00Z", project_id: proj_dev, cost_usd: "2" }
  - { kind: completions, at: "2026-11-18T12:00:00Z", cost_usd: "0.25" }
`)
	o.Limit(t, "", "1000")
	o.Limit(t, "/projects/proj_prod", "300")
	o.Limit(t, "/projects/proj_dev", "100")
	o.Limit(t, "/projects/proj_full", "50")
	for _, amount := range []string{"250", "100", "200"} {
		o.Alert(t, "/projects/proj_prod", amount)
	}
	o.Alert(t, "", "900")
	o.Key(t, "proj_prod/svc_acct_prod", "overdue", "null")
	o.Clock.Set(t, "2026-08-30T12:00:00Z")
	o.Key(t, "proj_dev/svc_acct_dev", "due", "31536000")
	o.Clock.Set(t, "2026-11-15T12:00:00Z")
	o.Key(t, "proj_prod/svc_acct_prod", "soon", "604800")
	o.Key(t, "proj_prod/svc_acct_prod", "later", "8640000")
	o.Key(t, "proj_prod/svc_acct_prod", "expired", "60")
	o.Post(t, "/admin_api_keys", `{"name":"ci","expires_in_seconds":1123200}`)
	old := o.Post(t, "/invites", `{"email":"late@example.com","role":"reader"}`)
	o.Post(t, "/_emulator/invites/"+old.ID+"/expire", "")
	accepted := o.Post(t, "/invites", `{"email":"joined@example.com","role":"reader"}`)
	o.Post(t, "/_emulator/invites/"+accepted.ID+"/accept", "")
	o.Post(t, "/invites", `{"email":"new@example.com","role":"owner"}`)
	o.Clock.Set(t, "2026-11-20T12:00:00Z")
	return o
}

// costs are those of the last days before November 20.
func costs(project, dollars string, days int) string {
	var events strings.Builder
	for i := range days {
		at := time.Date(2026, 11, 19-i, 12, 0, 0, 0, time.UTC).Format(time.RFC3339)
		events.WriteString("  - { kind: completions, at: \"" + at + "\", project_id: " + project + ", cost_usd: \"" + dollars + "\" }\n")
	}
	return events.String()
}

func read(t *testing.T, o *snapshottest.Organization) *orgstatus.Status {
	t.Helper()
	status, err := orgstatus.Read(t.Context(), o.Client(t), days90)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func TestGolden(t *testing.T) {
	status := read(t, busy(t))
	for name, write := range map[string]func(b *bytes.Buffer) error{
		"busy.txt":    func(b *bytes.Buffer) error { return status.WriteTable(b, orgstatus.Screen{}) },
		"colored.txt": func(b *bytes.Buffer) error { return status.WriteTable(b, orgstatus.Screen{Width: 100, Colors: true}) },
		"busy.json":   func(b *bytes.Buffer) error { return status.WriteJSON(b) },
		"busy.md":     func(b *bytes.Buffer) error { return status.WriteMarkdown(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		snapshottest.Golden(t, name, b.String())
	}
}

// An organization of today has nothing to project from.
func TestNewOrganization(t *testing.T) {
	status := read(t, snapshottest.Start(t, "2026-11-20T12:00:00Z", "projects:\n  - { id: proj_shop, name: shop }\n"))
	var b bytes.Buffer
	if err := status.WriteTable(&b, orgstatus.Screen{}); err != nil {
		t.Fatal(err)
	}
	snapshottest.Golden(t, "new.txt", b.String())
}

// Every section has a request for each list, and each active project three.
func TestRequests(t *testing.T) {
	o := busy(t)
	o.Mark(t)
	read(t, o)
	if got := o.Requests(t); len(got) != 6+3*4 {
		t.Errorf("%d requests: %q", len(got), got)
	}
}
