package acctest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// The search for secrets must be able to find one: the logs exist, they contain
// the calls, and a secret in them is found.
func TestAccTraces(t *testing.T) {
	for name, run := range map[string]func(*testing.T, ...resource.TestStep){"core": Test, "terraform": Terraform} {
		t.Run(name, func(t *testing.T) { traces(t, name, run) })
	}
}

func traces(t *testing.T, name string, run func(*testing.T, ...resource.TestStep)) {
	t.Helper()
	b := Start(t)
	folder, seen := logFolder(), ""
	run(t, resource.TestStep{
		Config: b.Config(`resource "openai_project" "dev" {
  name = "dev"
}

resource "openai_project_service_account" "app" {
  project_id = openai_project.dev.id
  name       = "app"
}

resource "openai_project_api_key" "app" {
  project_id         = openai_project.dev.id
  service_account_id = openai_project_service_account.app.id
  name               = "app"
}
`),
		Check: func(s *terraform.State) error {
			content, err := os.ReadFile(filepath.Join(folder, "TestAccTraces__"+name+".log"))
			seen = string(content)
			secret := Value(s, "openai_project_api_key.app", "value")
			if secret == "" || len(b.secrets.in("… "+secret+" …")) != 1 {
				t.Error("the secret of the key would not be noticed")
			}
			return err
		},
	})
	for _, expected := range []string{"OpenAI API call", "/v1/organization/projects", "[TRACE]"} {
		if !strings.Contains(seen, expected) {
			t.Errorf("the log does not contain %q", expected)
		}
	}
	if len(b.secrets.in(b.AdminKey)) != 1 {
		t.Error("the admin key would not be noticed")
	}
}
