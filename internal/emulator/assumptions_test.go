package emulator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// assuming starts an organization with one answer to an open question.
func assuming(t *testing.T, choice string) *organization {
	t.Helper()
	var behavior api.Behavior
	if err := behavior.Assume(choice); err != nil {
		t.Fatal(err)
	}
	return start(t, emulator.Options{Behavior: behavior})
}

func TestAssumptions(t *testing.T) {
	const first = "/organization/roles?limit=1"
	switches := map[string]func(o *organization) string{
		"A-4": func(*organization) string { return "" }, // with the throttle
		"A-41": func(o *organization) string {
			o.newMember(t, "second@example.com", "owner")
			users := "/organization/projects/" + o.project(t, "dev") + "/users"
			return o.names(t, users, "email") + " " + o.names(t, users, "role")
		},
		"A-42": func(o *organization) string {
			project := o.project(t, "dev")
			id, _, _ := strings.Cut(o.do(t, "GET", "/projects/"+project+"/roles?limit=1", "").list("data")[0].text("id"), project)
			base, _, _ := strings.Cut(o.do(t, "GET", first, "").list("data")[0].text("id"), "org-")
			// Requests take both.
			for _, role := range []string{"role-api-project-owner", "role-api-project-owner__api-project__" + project} {
				o.do(t, "GET", "/projects/"+project+"/roles/"+role, "")
			}
			return id + " " + base
		},
		"A-43": func(o *organization) string {
			return fmt.Sprint(o.do(t, "POST", "/organization/roles", `{"role_name":"r","permissions":["b","c","a"]}`)["permissions"])
		},
		"A-44": func(o *organization) string {
			path := "/organization/projects/" + o.project(t, "dev") + "/hosted_tool_permissions"
			o.do(t, "POST", path, `{"mcp":{"enabled":true}}`)
			return fmt.Sprint(o.send(t, "POST", "/v1"+path, `{"mcp":{"enabled":false}}`).status)
		},
		"A-45": func(o *organization) string {
			made := o.do(t, "POST", "/organization/projects", `{"name":"sealed","external_key_id":"extkey_1"}`)
			return fmt.Sprint(o.send(t, "POST", "/v1/organization/projects/"+made.text("id"), `{"external_key_id":"extkey_2"}`).status)
		},
	}
	want := map[string]string{
		"A-4=absent": "", "A-4=sent": "",
		"A-41=none": " ", "A-41=creator": "owner@example.com owner", "A-41=owners": "owner@example.com second@example.com owner owner",
		"A-42=long":  "role-api-project-owner__api-project__ role-api-organization-owner__api-organization__",
		"A-42=short": "role-api-project-owner role-api-organization-owner",
		"A-43=sent":  "[b c a]", "A-43=other": "[a c b]",
		"A-44=selected": "200", "A-44=all": "400", "A-45=changeable": "200", "A-45=fixed": "400",
	}
	for _, assumption := range api.Assumptions() {
		for i, name := range assumption.Names() {
			choice := assumption.ID + "=" + name
			t.Run(choice, func(t *testing.T) {
				seen, ok := want[choice]
				if !ok {
					t.Fatal("nothing is expected of it")
				}
				expect(t, "answer", switches[assumption.ID](assuming(t, choice)), seen)
				if i == 0 {
					expect(t, "default", switches[assumption.ID](start(t, emulator.Options{})), seen)
				}
			})
		}
	}
	for choice, message := range map[string]string{
		"A-41": "written as A-4=sent", "A-999=x": `no choice for an assumption "A-999"`, "A-41=all": "one of none, creator, owners, got \"all\"",
	} {
		if err := new(api.Behavior).Assume(choice); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: got %v, expected %s", choice, err, message)
		}
	}
}
