package emulator_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// staffed is an organization with ids that tests know, and a group of the
// identity provider.
func staffed(t *testing.T) *organization {
	organization := seed.Default()
	organization.Owner.ID, organization.Members[0].ID = "user-owner", "user-member"
	organization.Groups = []seed.Group{
		{ID: "group_scim", Name: "Staff", SCIMManaged: true, Members: []string{"member@example.com"}},
		{ID: "group_tenant", Name: "Everybody", Type: "tenant_group"},
	}
	return start(t, emulator.Options{Seed: organization})
}

func (o *organization) group(t *testing.T, name string) string {
	t.Helper()
	return o.do(t, "POST", "/organization/groups", `{"name":"`+name+`"}`).text("id")
}

// names lists a field of all objects of a list.
func (o *organization) names(t *testing.T, path, field string) string {
	t.Helper()
	var names []string
	for _, item := range o.do(t, "GET", path, "").list("data") {
		names = append(names, item.text(field))
	}
	return strings.Join(names, " ")
}

func TestGroups(t *testing.T) {
	o := staffed(t)
	made := o.do(t, "POST", "/organization/groups", `{"name":"Support"}`)
	path := "/organization/groups/" + made.text("id")
	expect(t, "type", made.text("group_type"), "group")
	expect(t, "managed", fmt.Sprint(made["is_scim_managed"]), "false")
	renamed := o.do(t, "POST", path, `{"name":"Help"}`)
	expect(t, "name", renamed.text("name"), "Help")
	if _, ok := renamed["group_type"]; ok {
		t.Error("the answer to a change has the type")
	}
	for name, answer := range map[string]object{"change": renamed, "read": o.do(t, "GET", path, "")} {
		if _, ok := answer["object"]; ok {
			t.Errorf("the answer to a %s has the object field", name)
		}
	}
	expect(t, "object", made.text("object"), "group")
	expect(t, "objects", o.names(t, "/organization/groups", "object"), "group group group")
	expect(t, "groups", o.names(t, "/organization/groups", "name"), "Staff Everybody Help")
	for _, body := range []string{`{}`, `{"name":" "}`, `{"name":"` + strings.Repeat("x", 256) + `"}`} {
		expect(t, "param", o.refused(t, 400, "POST", "/organization/groups", body).text("param"), "name")
	}
	// Groups of the identity provider are changed only there.
	contains(t, o.refused(t, 400, "POST", "/organization/groups/group_scim", `{"name":"x"}`).text("message"), "SCIM")
	contains(t, o.refused(t, 400, "DELETE", "/organization/groups/group_scim", "").text("message"), "SCIM")

	o.do(t, "POST", path+"/users", `{"user_id":"user-member"}`)
	o.do(t, "POST", path+"/roles", `{"role_id":"role-api-organization-reader"}`)
	o.do(t, "DELETE", path, "")
	for _, deleted := range []string{path, path + "/users", path + "/roles"} {
		o.refused(t, 404, "GET", deleted, "")
	}
	expect(t, "roles", o.names(t, "/organization/users/user-member/roles", "name"), "")
}

func TestGroupUsers(t *testing.T) {
	o := staffed(t)
	project := o.project(t, "dev")
	account := o.newAccount(t, project, "bot")
	users := "/organization/groups/" + o.group(t, "Support") + "/users"
	added := o.do(t, "POST", users, `{"user_id":"user-member"}`)
	expect(t, "object", added.text("object"), "group.user")
	o.do(t, "POST", users, `{"user_id":"user-member"}`)
	o.do(t, "POST", users, `{"user_id":"`+account+`"}`)
	// The newest come first.
	expect(t, "members", o.names(t, users, "name"), "bot Max Member")
	expect(t, "members", o.names(t, users+"?order=asc", "name"), "Max Member bot")
	bot := o.do(t, "GET", users+"/"+account, "")
	if bot["email"] != nil || bot["is_service_account"] != true {
		t.Errorf("the service account is %v", bot)
	}
	expect(t, "param", o.refused(t, 400, "POST", users, `{}`).text("param"), "user_id")
	o.refused(t, 404, "POST", users, `{"user_id":"user-none"}`)
	contains(t, o.refused(t, 400, "POST", "/organization/groups/group_scim/users", `{"user_id":"user-owner"}`).text("message"), "SCIM")
	contains(t, o.refused(t, 400, "DELETE", "/organization/groups/group_scim/users/user-member", "").text("message"), "SCIM")
	o.do(t, "DELETE", users+"/user-member", "")
	o.refused(t, 404, "DELETE", users+"/user-member", "")
	o.refused(t, 404, "GET", users+"/user-member", "")
	// A deleted service account is in no group.
	o.do(t, "DELETE", "/organization/projects/"+project+"/service_accounts/"+account, "")
	expect(t, "members", o.names(t, users, "name"), "")
}

func TestListsWithCursors(t *testing.T) {
	o := staffed(t)
	for i := range 5 {
		o.group(t, fmt.Sprint(i))
	}
	page := o.do(t, "GET", "/organization/groups?limit=4", "")
	cursor := page.text("next")
	if page["has_more"] != true || strings.HasPrefix(cursor, "group_") || cursor == "" {
		t.Fatalf("the page is %v", page)
	}
	rest := o.do(t, "GET", "/organization/groups?limit=4&after="+cursor, "")
	expect(t, "rest", fmt.Sprint(len(rest.list("data")), rest["has_more"], rest["next"]), "3 false <nil>")
	// A group may be the cursor, too.
	last := page.list("data")[3].text("id")
	expect(t, "rest", fmt.Sprint(len(o.do(t, "GET", "/organization/groups?after="+last, "").list("data"))), "3")
	empty := o.do(t, "GET", "/organization/groups?limit=0", "")
	expect(t, "empty page", fmt.Sprint(len(empty.list("data")), empty["has_more"]), "0 true")
	expect(t, "param", o.refused(t, 400, "GET", "/organization/groups?limit=1001", "").text("param"), "limit")
	expect(t, "param", o.refused(t, 400, "GET", "/organization/groups?after=nothing", "").text("param"), "after")
	expect(t, "first", o.do(t, "GET", "/organization/groups?order=desc", "").list("data")[0].text("name"), "4")
}

func TestRoles(t *testing.T) {
	o := staffed(t)
	project := o.project(t, "dev")
	for prefix, predefined := range map[string]string{"/organization": "owner reader", "/projects/" + project: "owner member viewer"} {
		t.Run(prefix, func(t *testing.T) {
			roles := prefix + "/roles"
			expect(t, "predefined roles", o.names(t, roles, "name"), predefined)
			made := o.do(t, "POST", roles, `{"role_name":"caller","permissions":["b","a","b"],"description":"calls"}`)
			path := roles + "/" + made.text("id")
			expect(t, "permissions", fmt.Sprint(made["permissions"]), "[b a]")
			expect(t, "resource type", made.text("resource_type"), map[bool]string{true: "api.organization", false: "api.project"}[prefix == "/organization"])
			contains(t, o.refused(t, 400, "POST", roles, `{"role_name":"caller","permissions":[]}`).text("message"), "already exists")
			contains(t, o.refused(t, 400, "POST", roles, `{"role_name":"owner","permissions":[]}`).text("message"), "already exists")
			expect(t, "param", o.refused(t, 400, "POST", roles, `{"role_name":"x"}`).text("param"), "permissions")
			expect(t, "param", o.refused(t, 400, "POST", roles, `{"permissions":[]}`).text("param"), "role_name")
			// Null clears the description and leaves the rest.
			same := o.do(t, "POST", path, `{"role_name":null,"permissions":null,"description":null}`)
			expect(t, "role", fmt.Sprint(same["name"], same["permissions"], same["description"]), "caller[b a] <nil>")
			changed := o.do(t, "POST", path, `{"role_name":"none","permissions":[]}`)
			expect(t, "role", fmt.Sprint(changed["name"], changed["permissions"]), "none[]")
			owner := o.do(t, "GET", roles, "").list("data")[0].text("id")
			contains(t, o.refused(t, 400, "POST", roles+"/"+owner, `{"permissions":[]}`).text("message"), "predefined")
			contains(t, o.refused(t, 400, "DELETE", roles+"/"+owner, "").text("message"), "predefined")
			o.do(t, "POST", prefix+"/users/user-member/roles", `{"role_id":"`+made.text("id")+`"}`)
			o.do(t, "DELETE", path, "")
			o.refused(t, 404, "GET", path, "")
			expect(t, "roles of the user", o.names(t, prefix+"/users/user-member/roles", "name"), "")
		})
	}
	// A role holds where it was made.
	role := o.do(t, "POST", "/organization/roles", `{"role_name":"x","permissions":[]}`).text("id")
	o.refused(t, 404, "GET", "/projects/"+project+"/roles/"+role, "")
	o.do(t, "POST", "/organization/projects/"+project+"/archive", "")
	expect(t, "code", o.refused(t, 400, "POST", "/projects/"+project+"/roles", `{"role_name":"x","permissions":[]}`).text("code"), "project_archived")
}

// People have the role of their membership, too.
func TestRolesOfMembersOfProjects(t *testing.T) {
	o := staffed(t)
	project := o.project(t, "dev")
	users, roles := "/organization/projects/"+project+"/users", "/projects/"+project+"/users/user-member/roles"
	o.do(t, "POST", users, `{"user_id":"user-member","role":"member"}`)
	member := o.do(t, "GET", roles, "").list("data")[0]
	expect(t, "id", member.text("id"), "role-api-project-member__api-project__"+project)
	expect(t, "source", member.list("assignment_sources")[0].text("principal_id"), "user-member")
	o.do(t, "GET", roles+"/role-api-project-member", "")
	o.do(t, "POST", roles, `{"role_id":"role-api-project-member"}`)
	expect(t, "roles", o.names(t, roles, "name"), "member")
	o.do(t, "POST", users+"/user-member", `{"role":"owner"}`)
	expect(t, "roles", o.names(t, roles, "name"), "owner member")
	o.do(t, "DELETE", roles+"/role-api-project-member", "")
	o.do(t, "DELETE", users+"/user-member", "")
	expect(t, "roles", o.names(t, roles, "name"), "")
	expect(t, "roles in the organization", o.names(t, "/organization/users/user-member/roles", "name"), "")
}

func TestPredefinedRolesHaveDescriptions(t *testing.T) {
	o := staffed(t)
	for path, want := range map[string]string{
		"/organization/roles/role-api-organization-owner":                     "Can modify billing information and manage organization members",
		"/organization/roles/role-api-organization-reader":                    "Can make standard API requests and read basic organizational data",
		"/projects/" + o.project(t, "dev") + "/roles/role-api-project-member": "Can make API requests that read or modify data",
	} {
		expect(t, path, o.do(t, "GET", path, "").text("description"), want)
	}
}

// Every second object has an id in a form that the reference does not show.
func TestFormsOfIDs(t *testing.T) {
	for name, options := range map[string]emulator.Options{"random": {}, "repeatable": {Deterministic: true}} {
		t.Run(name, func(t *testing.T) {
			o := start(t, options)
			var project string
			seen := map[string]string{}
			for i := range 2 {
				project = o.project(t, fmt.Sprint("project", i))
				made := map[string]string{
					"project": project, "group": o.group(t, fmt.Sprint("group", i)), "service account": o.newAccount(t, project, "bot"),
					"role":   o.do(t, "POST", "/projects/"+project+"/roles", `{"role_name":"r","permissions":[]}`).text("id"),
					"person": o.newMember(t, fmt.Sprintf("p%d@example.com", i), "reader"),
					"provider": o.do(t, "POST", "/organization/workload_identity_providers",
						fmt.Sprintf(`{"type":"oidc","name":"p%d","issuer":"https://issuer.example.com","audience":"a"}`, i)).text("id"),
				}
				for kind, id := range made {
					seen[fmt.Sprint(kind, i)] = id
				}
			}
			for kind, form := range map[string]string{
				"group0": `^group_[a-z2-7]{24}$`, "group1": `^[0-9a-f]{32}$`,
				"role0": `^role_[a-z2-7]{24}$`, "role1": `^role_` + project + `~[0-9a-f]{32}$`,
				"provider0": `^wip_`, "provider1": `^idp_[A-Za-z0-9]{24}$`,
				"service account0": `^svc_acct_`, "service account1": `^user-[A-Za-z0-9]{24}$`,
				"project0": `^proj_`, "project1": `^proj_`, "person0": `^user-`, "person1": `^user-`,
			} {
				if !regexp.MustCompile(form).MatchString(seen[kind]) {
					t.Errorf("%s has the id %q, expected %s", kind, seen[kind], form)
				}
			}
			if mixed := seen["project0"] + seen["project1"]; strings.ToLower(mixed) == mixed {
				t.Errorf("the ids of projects have no upper-case letter: %s", mixed)
			}
			// They are ids like others.
			o.do(t, "POST", "/organization/groups/"+seen["group1"]+"/users", `{"user_id":"`+seen["service account1"]+`"}`)
			o.do(t, "GET", "/projects/"+project+"/roles/"+seen["role1"], "")
			o.do(t, "POST", "/projects/"+project+"/groups/"+seen["group1"]+"/roles", `{"role_id":"`+seen["role1"]+`"}`)
			o.do(t, "DELETE", "/projects/"+project+"/groups/"+seen["group1"]+"/roles/"+seen["role1"], "")
		})
	}
}

func TestRoleAssignments(t *testing.T) {
	o := staffed(t)
	project := o.project(t, "dev")
	for prefix, role := range map[string]string{"/organization": "role-api-organization-owner", "/projects/" + project: "role-api-project-viewer"} {
		t.Run(prefix, func(t *testing.T) {
			group := o.group(t, "Support")
			o.do(t, "POST", "/organization/groups/"+group+"/users", `{"user_id":"user-member"}`)
			roles := prefix + "/groups/" + group + "/roles"
			given := o.do(t, "POST", roles, `{"role_id":"`+role+`"}`)
			expect(t, "object", given.text("object"), "group.role")
			o.do(t, "POST", roles, `{"role_id":"`+role+`"}`)
			// The id comes back longer than it was sent, and both are understood.
			list := o.do(t, "GET", roles, "").list("data")
			if len(list) != 1 || !strings.HasPrefix(list[0].text("id"), role+"__api-") {
				t.Fatalf("the roles are %v", list)
			}
			o.do(t, "GET", roles+"/"+role, "")
			o.do(t, "GET", roles+"/"+list[0].text("id"), "")

			// Members have the role, but it cannot be taken from them.
			own := prefix + "/users/user-member/roles"
			expect(t, "source", fmt.Sprint(o.do(t, "GET", own+"/"+role, "").list("assignment_sources")[0]["principal_id"]), group)
			o.refused(t, 404, "DELETE", own+"/"+role, "")
			expect(t, "object", o.do(t, "POST", own, `{"role_id":"`+role+`"}`).text("object"), "user.role")
			expect(t, "sources", fmt.Sprint(len(o.do(t, "GET", own+"/"+role, "").list("assignment_sources"))), "2")
			o.do(t, "DELETE", own+"/"+role, "")
			o.do(t, "DELETE", roles+"/"+list[0].text("id"), "")
			o.refused(t, 404, "DELETE", roles+"/"+role, "")
			o.refused(t, 404, "GET", own+"/"+role, "")
			expect(t, "param", o.refused(t, 400, "POST", roles, `{"role_id":"role_none"}`).text("param"), "role_id")
			o.refused(t, 404, "GET", prefix+"/groups/group_none/roles", "")
		})
	}
}

func TestProjectGroups(t *testing.T) {
	o := staffed(t)
	project := o.project(t, "dev")
	groups := "/organization/projects/" + project + "/groups"
	added := o.do(t, "POST", groups, `{"group_id":"group_scim","role":"role-api-project-member"}`)
	expect(t, "name", added.text("group_name"), "Staff")
	if _, ok := added["role"]; ok {
		t.Error("the answer has the role")
	}
	expect(t, "roles", o.names(t, "/projects/"+project+"/groups/group_scim/roles", "name"), "member")
	contains(t, o.refused(t, 400, "POST", groups, `{"group_id":"group_scim","role":"role-api-project-owner"}`).text("message"), "already exists in project")
	expect(t, "param", o.refused(t, 400, "POST", groups, `{"group_id":"group_none","role":"role-api-project-owner"}`).text("param"), "group_id")
	expect(t, "param", o.refused(t, 400, "POST", groups, `{"group_id":"group_tenant","role":"owner"}`).text("param"), "role")
	// A group of the tenant has to be asked for.
	o.do(t, "POST", groups, `{"group_id":"group_tenant","role":"role-api-project-viewer"}`)
	o.refused(t, 404, "GET", groups+"/group_tenant", "")
	o.do(t, "GET", groups+"/group_tenant?group_type=tenant_group", "")
	expect(t, "groups", o.names(t, groups, "group_id"), "group_scim group_tenant")
	o.do(t, "DELETE", groups+"/group_scim", "")
	o.refused(t, 404, "DELETE", groups+"/group_scim", "")
	expect(t, "roles", o.names(t, "/projects/"+project+"/groups/group_scim/roles", "name"), "")
}

func TestAccessIsLogged(t *testing.T) {
	o := staffed(t)
	project := o.project(t, "dev")
	group := o.group(t, "Support")
	path := "/organization/groups/" + group
	o.do(t, "POST", path, `{"name":"Help"}`)
	o.do(t, "POST", path+"/users", `{"user_id":"user-member"}`)
	role := o.do(t, "POST", "/organization/roles", `{"role_name":"a","permissions":["x","y"]}`).text("id")
	o.do(t, "POST", "/organization/roles/"+role, `{"permissions":["y","z"]}`)
	o.do(t, "POST", "/organization/projects/"+project+"/groups", `{"group_id":"`+group+`","role":"role-api-project-owner"}`)
	o.do(t, "DELETE", "/organization/projects/"+project+"/groups/"+group, "")
	o.do(t, "DELETE", "/organization/roles/"+role, "")
	o.do(t, "DELETE", path, "")
	entries := o.do(t, "GET", "/organization/audit_logs?limit=100", "").list("data")
	var types []string
	for _, e := range entries {
		types = append(types, e.text("type"))
		if e.text("type") == "role.updated" {
			expect(t, "the change", fmt.Sprint(e["role.updated"]), "map[changes_requested:map[permissions_added:[z] permissions_removed:[x]] id:"+role+"]")
		}
	}
	expect(t, "types", strings.Join(types, " "), "group.deleted role.deleted role.assignment.deleted role.assignment.created role.updated role.created group.updated group.updated group.created project.created")
}
