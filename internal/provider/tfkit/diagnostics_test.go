package tfkit_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// An error says what happened, to which object, what the API answered, and what
// to do next.
func TestAddAPIError(t *testing.T) {
	for name, test := range map[string]struct {
		err   error
		parts []string
	}{
		"refused": {
			&adminapi.Error{Operation: "create project", Status: http.StatusBadRequest, Code: "some_code", Param: "name", Message: "Too long.", RequestID: "req_1"},
			[]string{`project "dev"`, "400 Bad Request", "Too long.", "some_code", "Parameter: name", "req_1"},
		},
		"permission": {&adminapi.Error{Operation: "read project", Status: http.StatusUnauthorized}, []string{"OPENAI_ADMIN_KEY"}},
		"throttled":  {&adminapi.Error{Operation: "read project", Status: http.StatusTooManyRequests}, []string{"max_wait", "requests_per_minute"}},
		"archived":   {&adminapi.Error{Operation: "update project", Status: http.StatusBadRequest, Code: adminapi.CodeProjectArchived}, []string{"cannot be changed"}},
		"lost":       {&adminapi.Error{Operation: "create project", OutcomeUnknown: true}, []string{"the outcome of the change is unknown"}},
		"deleted":    {&adminapi.Error{Operation: "update project", Status: http.StatusNotFound}, []string{"deleted outside Terraform"}},
		"no parent":  {&adminapi.Error{Operation: "create role", Status: http.StatusNotFound, Creates: true}, []string{"The parent of the object does not exist", "base_url"}},
		"no list":    {&adminapi.Error{Operation: "list projects", Status: http.StatusNotFound}, []string{"does not have this list", "base_url"}},
		"conflict":   {&adminapi.Error{Operation: "update project", Status: http.StatusConflict}, []string{"at the same time"}},
		"down":       {&adminapi.Error{Operation: "read project", Status: http.StatusBadGateway}, []string{"502 Bad Gateway", "plan or apply again later"}},
		"no answer":  {&adminapi.Error{Operation: "read project", Message: "connection refused"}, []string{"connection refused", "base_url"}},
		"other":      {errors.New("a broken list"), []string{`project "dev"`, "a broken list"}},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			tfkit.AddAPIError(&diags, `project "dev"`, test.err)
			if diags.ErrorsCount() != 1 {
				t.Fatalf("%v", diags)
			}
			text := diags[0].Summary() + "\n" + diags[0].Detail()
			for _, part := range test.parts {
				if !strings.Contains(text, part) {
					t.Errorf("%q is not in:\n%s", part, text)
				}
			}
		})
	}
}
