package provider_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// listedNames are the display names of the objects that a list finds.
func listedNames(t *testing.T, driver *acctest.Driver, typeName string) string {
	t.Helper()
	found, diags := driver.List(t, typeName, nil, true, 0)
	expectNone(t, typeName, diags)
	names := make([]string, len(found))
	for i, object := range found {
		names[i] = object.Name
	}
	slices.Sort(names)
	return strings.Join(names, "; ")
}

// Lists omit objects that cannot be managed, and settings with their defaults.
func TestListsLeaveAside(t *testing.T) {
	organization := seed.Default()
	organization.Owner.ID, organization.Members[0].ID = "user-owner", "user-member"
	organization.Groups = []seed.Group{
		{ID: "group_crew", Name: "Crew", Members: []string{"member@example.com"}},
		{ID: "group_scim", Name: "Staff", SCIMManaged: true, Members: []string{"member@example.com"}},
	}
	organization.Projects = []seed.Project{{ID: "proj_dev", Name: "dev", ServiceAccounts: []seed.ServiceAccount{{ID: "svc_acct_bot", Name: "bot", Role: "member"}}}}
	b := acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
	const viewer, reader = "role-api-project-viewer", "role-api-organization-reader"
	var custom struct{ ID string }
	b.Do(t, "POST", "/projects/proj_dev/roles", map[string]any{"role_name": "Caller", "permissions": []string{"api.model.request"}}, &custom)
	for _, given := range []struct{ path, role string }{
		{"/organization/groups/group_scim/roles", reader},
		{"/organization/users/user-member/roles", reader},
		{"/projects/proj_dev/users/user-member/roles", viewer},
		{"/projects/proj_dev/users/svc_acct_bot/roles", custom.ID},
	} {
		b.Do(t, "POST", given.path, map[string]any{"role_id": given.role}, nil)
	}
	b.Do(t, "POST", "/organization/projects/proj_dev/groups", map[string]any{"group_id": "group_scim", "role": custom.ID}, nil)
	driver := newDriver(t, b)
	for name, want := range map[string]string{
		// A group of the identity provider can be given roles, and nothing else.
		"openai_group":         "Crew",
		"openai_group_user":    "member@example.com in Crew",
		"openai_group_members": "the members of Crew",
		"openai_group_role":    "reader of Staff",
		"openai_project_group": "Staff in dev",
		// Predefined roles cannot be changed, and are the roles of members.
		"openai_role":              "",
		"openai_project_role":      "Caller in dev",
		"openai_user_role":         "",
		"openai_project_user_role": "Caller of bot in dev", // the group's role is not the person's
		// The only role of a group is that of openai_project_group.
		"openai_project_group_role": "",
		// Settings that do not exist by default.
		"openai_project_model_permissions":       "",
		"openai_project_hosted_tool_permissions": "",
		"openai_project_data_retention":          "",
		"openai_organization_data_retention":     "",
		"openai_project_certificates":            "",
		"openai_project_service_tier_settings":   "the service tiers of Default project; the service tiers of dev",
	} {
		if got := listedNames(t, driver, name); got != want {
			t.Errorf("%s: listed are %q, expected %q", name, got, want)
		}
	}
}

// A group with several roles in a project is adopted with the predefined one,
// or the same one of several others every time; the rest are listed separately.
func TestRolesOfAGroupAreListedOnce(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	var group struct{ ID string }
	b.Do(t, "POST", "/organization/groups", map[string]any{"name": "Crew"}, &group)
	var ids []string
	for _, name := range []string{"One", "Two", "Three"} {
		var role struct{ ID string }
		b.Do(t, "POST", "/projects/"+project+"/roles", map[string]any{"role_name": name, "permissions": []string{"api.model.request"}}, &role)
		ids = append(ids, role.ID)
	}
	b.Do(t, "POST", "/organization/projects/"+project+"/groups", map[string]any{"group_id": group.ID, "role": ids[2]}, nil)
	given := ids
	check := func(main string) {
		t.Helper()
		driver := newDriver(t, b)
		found, diags := driver.List(t, "openai_project_group", nil, true, 0)
		expectNone(t, "list of groups", diags)
		others, diags := driver.List(t, "openai_project_group_role", nil, true, 0)
		expectNone(t, "list of roles", diags)
		if len(found) != 1 || found[0].Object.Attribute("role") != main {
			t.Fatalf("the role of the group is %q, expected %q", found[0].Object.Attribute("role"), main)
		}
		var separate []string
		for _, other := range others {
			separate = append(separate, other.Object.Attribute("role_id"))
		}
		if want := slices.DeleteFunc(slices.Sorted(slices.Values(given)), func(id string) bool { return id == main }); !slices.Equal(slices.Sorted(slices.Values(separate)), want) {
			t.Errorf("listed separately are %v, expected %v", separate, want)
		}
		// One list of the roles serves both.
		b.Expect(t, 1, "GET", "/v1/projects/{project_id}/groups/{group_id}/roles")
		imported, diags := newDriver(t, b).Import(t, "openai_project_group", found[0].Identity)
		expectNone(t, "import", diags)
		if role := imported.Attribute("role"); role != main {
			t.Errorf("it is imported with %q, and listed with %q", role, main)
		}
	}
	for _, id := range ids[:2] {
		b.Do(t, "POST", "/projects/"+project+"/groups/"+group.ID+"/roles", map[string]any{"role_id": id}, nil)
	}
	b.Mark(t)
	check(slices.Min(ids))
	const viewer = "role-api-project-viewer"
	b.Do(t, "POST", "/projects/"+project+"/groups/"+group.ID+"/roles", map[string]any{"role_id": viewer}, nil)
	given = append(given, viewer)
	b.Mark(t)
	check(viewer)
}

// A certificate is read when it is written down, and not for a list of names.
func TestListOfCertificatesReadsNoContent(t *testing.T) {
	b := acctest.Start(t)
	b.Do(t, "POST", "/organization/certificates", map[string]any{"certificate": acctest.Certificate(t, "ca", acctest.NextYear())}, nil)
	for content, reads := range map[bool]int{false: 0, true: 1} {
		b.Mark(t)
		found, diags := newDriver(t, b).List(t, "openai_certificate", nil, content, 0)
		expectNone(t, "list", diags)
		if len(found) != 1 || !strings.HasPrefix(found[0].Name, "cert_") { // for want of a name
			t.Errorf("listed are %v", found)
		}
		b.Expect(t, 1, "GET", "/v1/organization/certificates")
		b.Expect(t, reads, "GET", "/v1/organization/certificates/{certificate_id}")
	}
}

// An expired key can only be replaced.
func TestExpiredAdminKeysAreNotListed(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	driver := func() *acctest.Driver { return acctest.NewDriver(t, b.URL, b.AdminKey, clock) }
	b.Do(t, "POST", "/organization/admin_api_keys", map[string]any{"name": "brief", "expires_in_seconds": 60}, nil)
	names := listedNames(t, driver(), "openai_admin_api_key")
	if !strings.Contains(names, "brief") {
		t.Errorf("listed are %q", names)
	}
	clock.Advance(2 * time.Minute)
	if names := listedNames(t, driver(), "openai_admin_api_key"); strings.Contains(names, "brief") || names == "" {
		t.Errorf("after its end, listed are %q", names)
	}
}

// A limit stops the reading of groups, too.
func TestListsOfGroupsReadNoMoreThanAsked(t *testing.T) {
	b := acctest.Start(t)
	for _, name := range []string{"One", "Two", "Three"} {
		b.Do(t, "POST", "/organization/groups", map[string]any{"name": name}, nil)
	}
	b.Mark(t)
	_, diags := newDriver(t, b).List(t, "openai_group_members", nil, false, 1)
	expectNone(t, "list", diags)
	b.Expect(t, 1, "GET", "/v1/organization/groups/{group_id}/users")
}
