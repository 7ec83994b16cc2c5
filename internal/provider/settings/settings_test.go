package settings_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// setting is a policy resource of a project.
func setting(kind, project, body string) string {
	return fmt.Sprintf("resource \"openai_project_%s\" \"test\" {\n  project_id = %q\n  %s\n}\n", kind, project, body)
}

// data is a data source for a policy of a project.
func data(kind, project string) string {
	return fmt.Sprintf("data \"openai_project_%s\" \"test\" {\n  project_id = %q\n}\n", kind, project)
}

// holds asserts what a setting is, as somebody else reads it.
func holds[T comparable](t *testing.T, b *acctest.Backend, path string, want T) func(*terraform.State) error {
	return func(*terraform.State) error {
		var got T
		b.Do(t, "GET", path, nil, &got)
		if got != want {
			return fmt.Errorf("%s is %+v, expected %+v", path, got, want)
		}
		return nil
	}
}
