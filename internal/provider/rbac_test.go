package provider_test

import (
	"fmt"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// The organization of the tests of groups and roles: people with known ids, a
// project, and groups. The identity provider manages one of the groups and one
// person.
const (
	ownerID, memberID = "user-owner", "user-member"
	devProject        = "proj_dev"
	supportGroup      = "group_support"
	crewGroup         = "group_crew"
	scimGroup         = "group_scim"
	scimUser          = "user-scim"
	botAccount        = "svc_acct_bot"
)

func startWithGroups(t *testing.T) *acctest.Backend {
	t.Helper()
	organization := seed.Default()
	organization.Owner.ID, organization.Members[0].ID = ownerID, memberID
	organization.Members = append(organization.Members, seed.Member{ID: scimUser, Email: "scim@example.com", Role: "reader", SCIMManaged: true})
	organization.Groups = []seed.Group{
		{ID: supportGroup, Name: "Support"},
		{ID: crewGroup, Name: "Crew"},
		{ID: scimGroup, Name: "Staff", SCIMManaged: true, Members: []string{"member@example.com"}},
	}
	organization.Projects = []seed.Project{{ID: devProject, Name: "dev", ServiceAccounts: []seed.ServiceAccount{{ID: botAccount, Name: "bot", Role: "member"}}}}
	return acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
}

// importBlock imports an object that exists into a resource.
func importBlock(address, id, config string) string {
	return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n%s", address, id, config)
}

// removedBlock takes a resource out of the state and leaves the object.
func removedBlock(address string) string {
	return fmt.Sprintf("removed {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
}

// expectNotFound asserts that an object does not exist.
func expectNotFound(t *testing.T, b *acctest.Backend, path string) {
	t.Helper()
	if status, content := b.Try(t, "GET", path, nil); status != 404 {
		t.Errorf("%s answers %d %s", path, status, content)
	}
}

// listField returns a field of all objects of a list.
func listField(t *testing.T, b *acctest.Backend, path, field string) []string {
	t.Helper()
	var page struct{ Data []map[string]any }
	b.Do(t, "GET", path, nil, &page)
	values := make([]string, len(page.Data))
	for i, item := range page.Data {
		values[i] = fmt.Sprint(item[field])
	}
	return values
}
