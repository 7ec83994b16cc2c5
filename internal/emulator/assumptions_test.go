package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/assumptions"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// assuming starts an organization with these answers to open questions.
func assuming(t *testing.T, choices ...string) *organization {
	t.Helper()
	options := emulator.Options{Seed: seed.Default(), Profile: emulator.ProfileOpenAI}
	options.Seed.Groups = []seed.Group{{ID: "group_scim", Name: "Staff", SCIMManaged: true}}
	for _, choice := range choices {
		if err := options.Behavior.Assume(choice); err != nil {
			t.Fatal(err)
		}
	}
	return start(t, options)
}

// status is the status of an answer, which may be a refusal.
func (o *organization) status(t *testing.T, method, path, body string) string {
	t.Helper()
	return fmt.Sprint(o.send(t, method, "/v1"+path, body).status)
}

// observed are requests whose answers depend on an assumption.
var observed = map[string]func(t *testing.T, o *organization) string{
	"A-1": func(t *testing.T, o *organization) string {
		return fmt.Sprint(o.sendAs(t, "GET", "/v1/organization/projects", "", http.Header{"Openai-Organization": {"org-other"}}).status)
	},
	"A-2": func(t *testing.T, o *organization) string {
		o.group(t, "g")
		o.project(t, "dev")
		return o.names(t, "/organization/projects", "name") + ", " + o.names(t, "/organization/audit_logs?limit=1", "type")
	},
	"A-3": func(t *testing.T, o *organization) string {
		return fmt.Sprint(len(o.do(t, "GET", "/organization/groups?limit=0", "").list("data")))
	},
	"A-4": func(t *testing.T, o *organization) string {
		var last answer
		for range 8 {
			last = o.send(t, "GET", "/v1/organization/projects", "")
		}
		return fmt.Sprint(last.status, last.header.Get("Retry-After") != "")
	},
	"A-6": func(t *testing.T, o *organization) string {
		id := o.do(t, "POST", "/organization/roles", `{"role_name":"r","permissions":[],"description":"d"}`).text("id")
		return fmt.Sprint(o.do(t, "POST", "/organization/roles/"+id, `{"description":null}`)["description"])
	},
	"A-7": func(t *testing.T, o *organization) string {
		return fmt.Sprint(o.do(t, "POST", "/organization/projects", `{"name":"dev"}`)["residency"])
	},
	"A-8": func(t *testing.T, o *organization) string {
		return fmt.Sprint(o.do(t, "GET", "/organization/projects", "").list("data")[0]["is_initial"])
	},
	"A-10": func(t *testing.T, o *organization) string {
		project := o.project(t, "dev")
		at := "/organization/projects/" + project
		account := o.newAccount(t, project, "bot")
		key := o.do(t, "POST", at+"/service_accounts/"+account+"/api_keys", `{"name":"k"}`).text("id")
		o.do(t, "DELETE", at+"/service_accounts/"+account, "")
		return o.status(t, "GET", at+"/api_keys/"+key, "") + " " + o.status(t, "GET", at+"/service_accounts/"+account, "") +
			o.names(t, at+"/service_accounts", "name")
	},
	"A-11": func(t *testing.T, o *organization) string {
		project := o.project(t, "dev")
		return o.status(t, "POST", "/projects/"+project+"/users/"+o.newAccount(t, project, "bot")+"/roles", `{"role_id":"role-api-project-viewer"}`)
	},
	"A-13": func(t *testing.T, o *organization) string {
		project := o.project(t, "dev")
		keys := "/organization/projects/" + project + "/service_accounts/" + o.newAccount(t, project, "bot") + "/api_keys"
		return o.status(t, "POST", keys, `{"scopes":["api.all.read"]}`) + " " + o.status(t, "POST", keys, `{"scopes":["api.new.read"]}`)
	},
	"A-15": func(t *testing.T, o *organization) string {
		owner, _ := o.do(t, "GET", "/organization/admin_api_keys", "").list("data")[0]["owner"].(map[string]any)
		return fmt.Sprint(owner["type"])
	},
	"A-17": func(t *testing.T, o *organization) string {
		o.newAccount(t, o.project(t, "dev"), "bot")
		return o.names(t, "/organization/users", "name")
	},
	"A-18": func(t *testing.T, o *organization) string {
		const invite = `{"email":"new@example.com","role":"reader"}`
		first := o.do(t, "POST", "/organization/invites", invite).text("id")
		second := o.send(t, "POST", "/v1/organization/invites", invite)
		return fmt.Sprint(second.status, strings.Contains(second.body, first))
	},
	"A-19": func(t *testing.T, o *organization) string {
		id := o.newMember(t, "second@example.com", "reader")
		return o.status(t, "POST", "/organization/projects/"+o.project(t, "dev")+"/users", `{"user_id":"`+id+`","email":"second@example.com","role":"member"}`)
	},
	"A-20": func(t *testing.T, o *organization) string {
		project, id := o.project(t, "dev"), o.newMember(t, "second@example.com", "reader")
		o.do(t, "POST", "/organization/projects/"+project+"/users", `{"user_id":"`+id+`","role":"member"}`)
		role := o.do(t, "POST", "/projects/"+project+"/roles", `{"role_name":"analyst","permissions":[]}`).text("id")
		o.do(t, "POST", "/projects/"+project+"/users/"+id+"/roles", `{"role_id":"`+role+`"}`)
		return o.names(t, "/organization/projects/"+project+"/users", "role")
	},
	"A-21": func(t *testing.T, o *organization) string {
		return o.status(t, "POST", "/organization/groups/group_scim", `{"name":"Staff"}`)
	},
	"A-22": func(t *testing.T, o *organization) string {
		group, id := o.group(t, "g"), o.newMember(t, "second@example.com", "reader")
		const role = `{"role_id":"role-api-organization-reader"}`
		o.do(t, "POST", "/organization/groups/"+group+"/users", `{"user_id":"`+id+`"}`)
		o.do(t, "POST", "/organization/groups/"+group+"/roles", role)
		return o.status(t, "POST", "/organization/groups/"+group+"/users", `{"user_id":"`+id+`"}`) + " " + o.status(t, "POST", "/organization/groups/"+group+"/roles", role)
	},
	"A-23": func(t *testing.T, o *organization) string {
		return fmt.Sprint(o.do(t, "POST", "/organization/spend_limit", `{"threshold_amount":100000000,"currency":"USD","interval":"month"}`)["enforcement"])
	},
	"A-26": func(t *testing.T, o *organization) string {
		const alert = `{"threshold_amount":1,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["a@example.com"]}}`
		o.do(t, "POST", "/organization/spend_alerts", alert)
		return o.status(t, "POST", "/organization/spend_alerts", alert)
	},
	"A-28": func(t *testing.T, o *organization) string {
		return o.status(t, "POST", "/organization/projects/"+o.project(t, "dev")+"/model_permissions", `{"mode":"deny_list","model_ids":[]}`)
	},
	"A-29": func(t *testing.T, o *organization) string {
		return o.status(t, "POST", "/organization/projects/"+o.project(t, "dev")+"/service_tier_settings", `{"default":"fast","enabled_tiers":[]}`)
	},
	"A-30": func(t *testing.T, o *organization) string {
		return o.status(t, "GET", "/organization/data_retention", "") + " " + o.status(t, "POST", "/organization/data_retention", `{"retention_type":"zero_data_retention"}`)
	},
	"A-31": func(t *testing.T, o *organization) string {
		_, sent := o.do(t, "POST", "/organization/external_keys", `{"type":"oci","name":"k","region":"r","vault_ocid":"v","key_ocid":"k"}`)["workspace_id"]
		return fmt.Sprint(sent)
	},
	"A-33": func(t *testing.T, o *organization) string {
		return fmt.Sprint(o.do(t, "POST", "/organization/workload_identity_providers", `{"type":"oidc","name":"p","issuer":"https://i.example.com","audience":"a"}`)["enabled"])
	},
	"A-35": func(t *testing.T, o *organization) string {
		return fmt.Sprint(len(o.do(t, "GET", "/organization/usage/completions?start_time=1588291200&limit=7", "").list("data")))
	},
	"A-36": func(t *testing.T, o *organization) string {
		return o.status(t, "GET", fmt.Sprintf("/organization/usage/completions?start_time=1588291200&end_time=%d", time.Now().Unix()+3600), "")
	},
	"A-38": func(t *testing.T, o *organization) string {
		create := func() answer {
			return o.sendAs(t, "POST", "/v1/organization/groups", `{"name":"g"}`, http.Header{"Idempotency-Key": {"one"}})
		}
		first, second := create(), create()
		return fmt.Sprint(first.body == second.body, " ", o.names(t, "/organization/groups", "name"))
	},
	"A-39": func(t *testing.T, o *organization) string {
		group := "/organization/groups/" + o.group(t, "g")
		return o.status(t, "GET", group, "") + " " + o.status(t, "GET", group, "")
	},
	"A-40": func(t *testing.T, o *organization) string {
		return o.status(t, "POST", "/organization/roles", `{"role_name":"r","permissions":["api.groups.read"]}`)
	},
	"A-41": func(t *testing.T, o *organization) string {
		o.newMember(t, "second@example.com", "owner")
		users := "/organization/projects/" + o.project(t, "dev") + "/users"
		return o.names(t, users, "email") + " " + o.names(t, users, "role")
	},
	"A-42": func(t *testing.T, o *organization) string {
		project := o.project(t, "dev")
		id, _, _ := strings.Cut(o.do(t, "GET", "/projects/"+project+"/roles?limit=1", "").list("data")[0].text("id"), project)
		base, _, _ := strings.Cut(o.do(t, "GET", "/organization/roles?limit=1", "").list("data")[0].text("id"), "org-")
		// Requests take both.
		for _, role := range []string{"role-api-project-owner", "role-api-project-owner__api-project__" + project} {
			o.do(t, "GET", "/projects/"+project+"/roles/"+role, "")
		}
		return id + " " + base
	},
	"A-43": func(t *testing.T, o *organization) string {
		return fmt.Sprint(o.do(t, "POST", "/organization/roles", `{"role_name":"r","permissions":["b","c","a"]}`)["permissions"])
	},
	"A-44": func(t *testing.T, o *organization) string {
		path := "/organization/projects/" + o.project(t, "dev") + "/hosted_tool_permissions"
		o.do(t, "POST", path, `{"mcp":{"enabled":true}}`)
		return o.status(t, "POST", path, `{"mcp":{"enabled":false}}`)
	},
	"A-45": func(t *testing.T, o *organization) string {
		made := o.do(t, "POST", "/organization/projects", `{"name":"sealed","external_key_id":"extkey_1"}`)
		return o.status(t, "POST", "/organization/projects/"+made.text("id"), `{"external_key_id":"extkey_2"}`)
	},
}

func TestAssumptions(t *testing.T) {
	want := map[string]string{
		"A-1=ignored": "200", "A-1=refused": "401",
		"A-2=usual": "Default project dev, project.created", "A-2=reversed": "dev Default project, group.created",
		"A-3=empty": "0", "A-3=default": "1",
		"A-4=absent": "429 false", "A-4=sent": "429 true",
		"A-6=description": "<nil>", "A-6=nothing": "d",
		"A-7=global": "GLOBAL", "A-7=absent": "<nil>",
		"A-8=name": "<nil>", "A-8=is-initial": "true",
		"A-10=removed": "404 404", "A-10=kept": "200 404",
		"A-11=accepted": "200", "A-11=refused": "400",
		"A-13=accepted": "200 200", "A-13=refused": "200 400",
		"A-15=user": "user", "A-15=service-account": "service_account",
		"A-17=absent": "Olive Owner Max Member", "A-17=listed": "bot Olive Owner Max Member",
		"A-18=refused": "400 false", "A-18=created": "200 false", "A-18=returned": "200 true",
		"A-19=refused": "400", "A-19=accepted": "200",
		"A-20=owner-or-member": "member", "A-20=custom": "analyst",
		"A-21=refused": "400", "A-21=accepted": "200",
		"A-22=accepted": "200 200", "A-22=refused": "400 400",
		"A-23=inactive": "map[status:inactive]", "A-23=enforcing": "map[status:enforcing]",
		"A-26=created": "200", "A-26=refused": "400",
		"A-28=accepted": "200", "A-28=refused": "400",
		"A-29=refused": "400", "A-29=accepted": "200",
		"A-30=none": "200 200", "A-30=refused": "403 403",
		"A-31=sent": "true", "A-31=absent": "false",
		"A-33=enabled": "true", "A-33=disabled": "false",
		"A-35=sent": "7", "A-35=absent": "0",
		"A-36=accepted": "200", "A-36=refused": "400",
		"A-38=ignored": "false Staff g g", "A-38=honored": "true Staff g",
		"A-39=found": "200 200", "A-39=late": "404 200",
		"A-40=accepted": "200", "A-40=refused": "400",
		"A-41=none": " ", "A-41=creator": "owner@example.com owner", "A-41=owners": "owner@example.com second@example.com owner owner",
		"A-42=long":  "role-api-project-owner__api-project__ role-api-organization-owner__api-organization__",
		"A-42=short": "role-api-project-owner role-api-organization-owner",
		"A-43=sent":  "[b c a]", "A-43=other": "[a c b]",
		"A-44=selected": "200", "A-44=all": "400", "A-45=changeable": "200", "A-45=fixed": "400",
	}
	for _, assumption := range assumptions.Switched() {
		for i, name := range assumption.Answers {
			choice := assumption.ID + "=" + name
			t.Run(choice, func(t *testing.T) {
				seen, ok := want[choice]
				if !ok {
					t.Fatal("nothing is expected of it")
				}
				observe := observed[assumption.ID]
				expect(t, "answer", observe(t, assuming(t, choice)), seen)
				// The last choice counts.
				other := assumption.ID + "=" + assumption.Answers[(i+1)%len(assumption.Answers)]
				expect(t, "answer after another choice", observe(t, assuming(t, other, choice)), seen)
				if i == 0 {
					expect(t, "answer without a choice", observe(t, assuming(t)), seen)
				}
			})
		}
	}
}

// Every question has a number of its own and either answers with a source, or a
// reason for having none.
func TestAssumptionsAreComplete(t *testing.T) {
	var ids []string
	for i, a := range assumptions.All() {
		expect(t, "number", a.ID, fmt.Sprintf("A-%d", i+1))
		if (len(a.Answers) > 1) == (a.Fixed != "") || (a.Source == "") != (a.Fixed != "") || a.Question == "" {
			t.Errorf("%s needs answers and a source, or a reason for having none", a.ID)
		}
		ids = append(ids, a.ID)
	}
	if !slices.Contains(ids, "A-45") {
		t.Error("questions are missing")
	}
	for choice, message := range map[string]string{
		"A-41": "written as A-4=sent", "A-999=x": `no choice for an assumption "A-999"`, "A-41=all": "one of none, creator, owners, got \"all\"",
		"A-14=x": "Only a name",
	} {
		if err := new(api.Behavior).Assume(choice); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: got %v, expected %s", choice, err, message)
		}
	}
}
