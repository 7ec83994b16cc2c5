package adminapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// cursorPages answers with one body for each cursor.
func cursorPages(bodies map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, bodies[r.URL.Query().Get("after")])
	}
}

func TestListsFollowTheirCursor(t *testing.T) {
	client, _, requests := serve(t, cursorPages(map[string]string{
		"":  `{"data":[{"id":"group_1","name":"a"}],"has_more":true,"next":"x"}`,
		"x": `{"data":[],"has_more":true,"next":"y"}`,
		"y": `{"data":[{"id":"group_2","name":"b"}],"has_more":false,"next":null}`,
	}))
	// A page without objects that announces more gives no way to it.
	if _, err := client.Groups.List(t.Context()); err == nil || !strings.Contains(err.Error(), "the list is broken") {
		t.Errorf("the error is %v", err)
	}
	if *requests != 2 {
		t.Errorf("%d requests", *requests)
	}
	client, _, _ = serve(t, cursorPages(map[string]string{
		"":  `{"data":[{"id":"group_1","name":"a"}],"has_more":true,"next":"x"}`,
		"x": `{"data":[{"id":"group_2","name":"b"}],"has_more":false,"next":null}`,
	}))
	if groups, err := client.Groups.List(t.Context()); err != nil || len(groups) != 2 || groups[1].ID != "group_2" {
		t.Errorf("%v, %v", groups, err)
	}
}

// A list that is cut short must not look complete.
func TestListsThatAreBroken(t *testing.T) {
	for name, body := range map[string]string{
		"no data":           `{"has_more":false}`,
		"no word of more":   `{"data":[]}`,
		"more without way":  `{"data":[{"id":"group_1","name":"a"}],"has_more":true,"next":null}`,
		"object without id": `{"data":[{"name":"a"}],"has_more":false}`,
		"null":              `null`,
		"wrong type":        `{"data":[{"id":17,"name":"a"}],"has_more":false}`,
	} {
		t.Run(name, func(t *testing.T) {
			client, _, _ := serve(t, cursorPages(map[string]string{"": body}))
			if groups, err := client.Groups.List(t.Context()); err == nil {
				t.Errorf("%v", groups)
			}
		})
	}
}

func TestSameRole(t *testing.T) {
	for _, pair := range [][2]string{
		{"role-api-project-owner", "role-api-project-owner__api-project__proj_1"},
		{"role-api-organization-reader__api-organization__org-1", "role-api-organization-reader"},
		{"role_1", "role_1"},
	} {
		if !SameRole(pair[0], pair[1]) {
			t.Errorf("%s is not %s", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"role_1", "role_2"}, {"role-api-project-owner", "role-api-organization-owner"}, {"role_1", "role_1_api-project"}} {
		if SameRole(pair[0], pair[1]) {
			t.Errorf("%s is %s", pair[0], pair[1])
		}
	}
}

// Values that the answer to an addition does not contain are read when they are
// needed, and only then.
func TestAddedMembersAreReadWhenAskedFor(t *testing.T) {
	client, _, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			answer(w, http.StatusOK, `{"object":"group.user","group_id":"group_1","user_id":"user-1"}`)
		case strings.HasSuffix(r.URL.Path, "/users"):
			answer(w, http.StatusOK, `{"data":[{"id":"user-1","email":"a@example.com","name":"A"}],"has_more":false}`)
		default:
			answer(w, http.StatusOK, `{"id":"user-1","email":"a@example.com","name":"A","is_service_account":false,"user_type":"user"}`)
		}
	})
	if err := client.GroupUsers.Add(transport.WithWrites(t.Context()), "group_1", "user-1"); err != nil || *requests != 1 {
		t.Fatalf("%v, %d requests", err, *requests)
	}
	for range 2 {
		users, err := client.GroupUsers.List(t.Context(), "group_1")
		if err != nil || len(users) != 1 || users[0].Email == nil || *users[0].Email != "a@example.com" || *requests != 3 {
			t.Errorf("%v, %v, %d requests", users, err, *requests)
		}
	}
}

// The addition of a member or an assignment that exists already is a success.
func TestAdditionsThatAreThere(t *testing.T) {
	client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			answer(w, http.StatusBadRequest, `{"error":{"message":"It already exists."}}`)
			return
		}
		answer(w, http.StatusOK, `{"id":"role_1","name":"a","permissions":[]}`)
	})
	if err := client.GroupUsers.Add(transport.WithWrites(t.Context()), "group_1", "user-1"); err != nil {
		t.Error(err)
	}
	if role, err := client.RoleAssignments.Assign(transport.WithWrites(t.Context()), Assignee{GroupID: "group_1"}, "role_1"); err != nil || role.Name != "a" {
		t.Errorf("%v, %v", role, err)
	}
}

func TestAuditLogs(t *testing.T) {
	entry := func(n int) string {
		return fmt.Sprintf(`{"id":"audit_log-%d","type":"api_key.created","effective_at":%d,"actor":{"type":"session","session":{"ip_address":"::1","user":{"id":"user-1","email":"a@example.com"}}},`+
			`"api_key.created":{"id":"key_1","value":"sk-proj-0123456789abcdef"},"a.new.field":1}`, n, n)
	}
	client, _, requests := serve(t, cursorPages(map[string]string{
		"":            `{"data":[` + entry(1) + `,` + entry(2) + `],"has_more":true,"last_id":"audit_log-2"}`,
		"audit_log-2": `{"data":[` + entry(3) + `],"has_more":true,"last_id":"audit_log-3"}`,
		"audit_log-3": `{"data":[],"has_more":false,"last_id":null}`,
	}))
	entries, more, err := client.AuditLogs.List(t.Context(), AuditFilter{}, 10)
	if err != nil || more || len(entries) != 3 || *requests != 3 {
		t.Fatalf("%d entries, more %t, %d requests, %v", len(entries), more, *requests, err)
	}
	// A value that looks like a secret is redacted.
	if details := *entries[0].Details; details != `{"id":"key_1","value":"(redacted)"}` {
		t.Errorf("the details are %s", details)
	}
	if email := *entries[0].Actor.Session.User.Email; email != "a@example.com" {
		t.Errorf("the actor is %s", email)
	}
	for most, want := range map[int]int{1: 1, 2: 1, 3: 2} {
		*requests = 0
		entries, more, err := client.AuditLogs.List(t.Context(), AuditFilter{}, most)
		if err != nil || !more || len(entries) != most || *requests != want {
			t.Errorf("at most %d: %d entries, more %t, %d requests, %v", most, len(entries), more, *requests, err)
		}
	}
	client, _, _ = serve(t, cursorPages(map[string]string{"": `{"data":[{"id":"audit_log-1"}],"has_more":false}`}))
	if _, _, err := client.AuditLogs.List(t.Context(), AuditFilter{}, 10); err == nil || !strings.Contains(err.Error(), "an entry is broken") {
		t.Errorf("the error is %v", err)
	}
	client, _, _ = serve(t, cursorPages(map[string]string{"": `{"data":[` + entry(1) + `],"has_more":true,"last_id":null}`}))
	if _, _, err := client.AuditLogs.List(t.Context(), AuditFilter{}, 10); err == nil || !strings.Contains(err.Error(), "the list is broken") {
		t.Errorf("the error is %v", err)
	}
}
