package rbac_test

import (
	"fmt"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// The organization of these tests: people with ids that are known, a project,
// and groups. The identity provider manages one of the groups and one person.
const (
	owner, member = "user-owner", "user-member"
	project       = "proj_dev"
	support       = "group_support"
	crew          = "group_crew"
	scim          = "group_scim"
	scimUser      = "user-scim"
	bot           = "svc_acct_bot"
)

func start(t *testing.T) *acctest.Backend {
	t.Helper()
	organization := seed.Default()
	organization.Owner.ID, organization.Members[0].ID = owner, member
	organization.Members = append(organization.Members, seed.Member{ID: scimUser, Email: "scim@example.com", Role: "reader", SCIMManaged: true})
	organization.Groups = []seed.Group{
		{ID: support, Name: "Support"},
		{ID: crew, Name: "Crew"},
		{ID: scim, Name: "Staff", SCIMManaged: true, Members: []string{"member@example.com"}},
	}
	organization.Projects = []seed.Project{{ID: project, Name: "dev", ServiceAccounts: []seed.ServiceAccount{{ID: bot, Name: "bot", Role: "member"}}}}
	return acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
}

// hcl is a resource named test.
func hcl(kind, body string) string {
	return fmt.Sprintf("resource \"openai_%s\" \"test\" {\n  %s\n}\n", kind, body)
}

// data is a data source named test.
func data(kind, body string) string {
	return fmt.Sprintf("data \"openai_%s\" \"test\" {\n  %s\n}\n", kind, body)
}

// imported imports an object that exists into a resource.
func imported(address, id, config string) string {
	return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n%s", address, id, config)
}

// released takes a resource out of the state and leaves the object.
func released(address string) string {
	return fmt.Sprintf("removed {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
}

// gone asserts that an object does not exist.
func gone(t *testing.T, b *acctest.Backend, path string) {
	t.Helper()
	if status, content := b.Try(t, "GET", path, nil); status != 404 {
		t.Errorf("%s answers %d %s", path, status, content)
	}
}

// listed returns a field of all objects of a list.
func listed(t *testing.T, b *acctest.Backend, path, field string) []string {
	t.Helper()
	var page struct{ Data []map[string]any }
	b.Do(t, "GET", path, nil, &page)
	values := make([]string, len(page.Data))
	for i, item := range page.Data {
		values[i] = fmt.Sprint(item[field])
	}
	return values
}
