package shapes_test

import (
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/shapes"
)

// The check itself: a right answer passes, and each wrong one is found.
func TestWrongAnswersAreFound(t *testing.T) {
	all := shapes.All()
	const invite = `{"id":"invite-1","object":"organization.invite","email":"a@example.com","role":"reader","status":"pending","created_at":1,"expires_at":2,"accepted_at":null,"projects":[{"id":"proj_1","role":"member"}]}`
	const usage = `{"object":"page","has_more":false,"next_page":null,"data":[{"object":"bucket","start_time":1,"end_time":2,"results":[{"object":"organization.costs.result","amount":{"value":0.1,"currency":"usd"}}]}]}`
	for name, test := range map[string]struct{ operation, body, old, new, wrong string }{
		"right":             {"organization.invites.retrieve", invite, "", "", ""},
		"missing":           {"organization.invites.retrieve", invite, `"email":"a@example.com",`, ``, "Invite.email is not sent"},
		"missing, optional": {"organization.invites.retrieve", invite, `"expires_at":2,`, ``, ""},
		"wrong type":        {"organization.invites.retrieve", invite, `"created_at":1`, `"created_at":"1"`, `Invite.created_at is no integer: "1"`},
		"half a second":     {"organization.invites.retrieve", invite, `"created_at":1`, `"created_at":1.5`, `Invite.created_at is no integer: 1.5`},
		"null":              {"organization.invites.retrieve", invite, `"email":"a@example.com"`, `"email":null`, "Invite.email is null"},
		"null list":         {"organization.invites.retrieve", invite, `[{"id":"proj_1","role":"member"}]`, `null`, "Invite.projects is null"},
		"wrong object":      {"organization.invites.retrieve", invite, "organization.invite", "invite", `Invite.object is "invite", not one of organization.invite`},
		"inner field":       {"organization.invites.retrieve", invite, `"role":"member"`, `"role":1`, "Invite.projects[].role is no string: 1"},
		"list":              {"organization.invites.list", `{"object":"list","data":[` + invite + `],"first_id":"a","last_id":null,"has_more":false}`, "", "", ""},
		"list, no end":      {"organization.invites.list", `{"object":"list","data":[],"first_id":null,"last_id":null}`, "", "", "has_more is not sent"},
		"list, null":        {"organization.invites.list", `{"object":"list","data":null,"first_id":null,"last_id":null,"has_more":false}`, "", "", "Invite is no list: null"},
		"union":             {"organization.usage.costs", usage, "", "", ""},
		"union, wrong":      {"organization.usage.costs", usage, `"value":0.1`, `"value":"0.1"`, `UsagePage.data[].results[].amount.value is no number: "0.1"`},
		"no such operation": {"organization.tea.make", "{}", "", "", "answers.txt does not know the operation"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(test.body, test.old) {
				t.Fatalf("%s is not there to be replaced", test.old)
			}
			if got := strings.Join(all.Check(test.operation, []byte(strings.Replace(test.body, test.old, test.new, 1))).Wrong, "; "); got != test.wrong {
				t.Errorf("%q", got)
			}
		})
	}
}

// Fields that the type does not have are found at each level.
func TestUnknownFieldsAreFound(t *testing.T) {
	found := shapes.All().Check("organization.invites.list", []byte(`{"object":"list","total":1,"first_id":null,"last_id":null,"has_more":false,"data":[
		{"id":"invite-1","object":"organization.invite","email":"a@example.com","role":"reader","status":"pending","created_at":1,"projects":[{"id":"proj_1","role":"member","name":"dev"}],"teams":[]}]}`))
	if got := strings.Join(found.Unknown, " "); got != "total Invite[].projects[].name Invite[].teams" || len(found.Wrong) > 0 {
		t.Errorf("unknown: %s; wrong: %v", got, found.Wrong)
	}
}
