package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// resourceConfig is a resource named test.
func resourceConfig(kind, body string) string {
	return fmt.Sprintf("resource \"openai_%s\" \"test\" {\n  %s\n}\n", kind, body)
}

// dataSource is a data source named test.
func dataSource(kind, body string) string {
	return fmt.Sprintf("data \"openai_%s\" \"test\" {\n  %s\n}\n", kind, body)
}

// projectResource is a resource of a project, named test.
func projectResource(kind, project, body string) string {
	return resourceConfig("project_"+kind, fmt.Sprintf("project_id = %q\n  %s", project, body))
}

// projectDataSource is a data source of a project, named test.
func projectDataSource(kind, project, body string) string {
	return dataSource("project_"+kind, fmt.Sprintf("project_id = %q\n  %s", project, body))
}

// quoted are the elements of a list of strings.
func quoted(ids []string) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = fmt.Sprintf("%q", id)
	}
	return strings.Join(words, ", ")
}

// jsonText is a piece of JSON.
type jsonText string

func (x *jsonText) UnmarshalJSON(data []byte) error { *x = jsonText(data); return nil }

// newServiceAccount creates a service account outside Terraform.
func newServiceAccount(t *testing.T, b *acctest.Backend, project, name string) string {
	t.Helper()
	var account struct{ ID string }
	b.Do(t, "POST", "/organization/projects/"+project+"/service_accounts",
		struct {
			Name string `json:"name"`
			Only bool   `json:"create_service_account_only"`
		}{name, true}, &account)
	b.Do(t, "POST", "/organization/projects/"+project+"/service_accounts/"+account.ID, map[string]string{"role": "member"}, nil)
	return account.ID
}

// settingIs asserts the value of a setting, as another client reads it.
func settingIs[T comparable](t *testing.T, b *acctest.Backend, path string, want T) func(*terraform.State) error {
	return func(*terraform.State) error {
		var got T
		b.Do(t, "GET", path, nil, &got)
		if got != want {
			return fmt.Errorf("%s is %+v, expected %+v", path, got, want)
		}
		return nil
	}
}
