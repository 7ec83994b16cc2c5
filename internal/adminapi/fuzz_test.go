package adminapi

import (
	"net/http"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// For any answer of a server, a call ends, without a panic, with an object that
// has an id or with an error that holds no secret.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"id":"proj_1","object":"organization.project","name":"dev","created_at":1,"status":"active"}`,
		`{"data":[{"id":"proj_1"}],"has_more":false,"last_id":"proj_1"}`, `{"data":[{"id":"group_1","name":"a"}],"has_more":true,"next":"x"}`,
		`{"role":{"id":"role_1","name":"a","permissions":[]}}`, `{"id":17}`, `{"id":null}`, `[]`, `null`, `"text"`, `{"error":"text"}`,
		`{"error":{"message":"no","code":5}}`, `<html>`, "", `{"id":"proj_1","created_at":1e400}`, "{\"id\":\"\xff\"}",
	} {
		f.Add(200, seed)
		f.Add(404, seed)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 || status >= 300 && status < 400 || status == http.StatusNoContent || status == http.StatusResetContent {
			return
		}
		client, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
		project, err := client.Projects.Get(t.Context(), "proj_1")
		if err == nil && project.ID == "" {
			t.Error("a project without an id")
		}
		if err != nil && strings.Contains(err.Error(), testKey) {
			t.Error("the error holds the admin key")
		}
		_, _, auditErr := client.AuditLogs.List(t.Context(), AuditFilter{}, 10)
		for name, err := range map[string]error{
			"audit":  auditErr,
			"list":   second(client.Projects.List(t.Context(), false)),
			"limit":  second(client.SpendLimits.Get(t.Context(), "proj_1")),
			"alert":  second(client.SpendAlerts.Get(t.Context(), WholeOrganization, "alert_1")),
			"key":    second(client.APIKeys.Get(t.Context(), "proj_1", "key_1")),
			"costs":  second(client.Usage.Costs(t.Context(), UsageQuery{StartTime: 1, EndTime: 2, BucketWidth: "1d"})),
			"group":  second(client.Groups.Get(t.Context(), "group_1")),
			"groups": second(client.Groups.List(t.Context())),
			"role":   second(client.RoleAssignments.Assign(transport.WithWrites(t.Context()), Assignee{UserID: "user-1"}, "role_1")),
			"delete": client.ServiceAccounts.Delete(transport.WithWrites(t.Context()), "proj_1", "svc_1"),
		} {
			if err != nil && strings.Contains(err.Error(), testKey) {
				t.Errorf("the error of %s holds the admin key", name)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
