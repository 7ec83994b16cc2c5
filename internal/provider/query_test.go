package provider_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// The configuration that terraform query generates for an organization is
// imported without edits, and changes nothing.
func TestAccQueryAdoptsAnOrganization(t *testing.T) {
	mirror := acctest.NewMirror(t)
	mirror.Require(t, "1.14.0", "terraform query")
	t.Parallel()
	b := acctest.Start(t)
	acctest.Populate(t, b, acctest.ManyProjects(8)...)
	c := mirror.CLI(t, b.URL, b.AdminKey)
	c.Write(t, "main.tf", "terraform {\n  required_providers {\n    openai = {\n      source = \"allthingsai/openai\"\n    }\n  }\n}\n\nprovider \"openai\" {}\n")
	// A person is one of the three resources, not all of them, and so are the
	// members of a group.
	twice := []string{"openai_organization_user", "openai_invite", "openai_group_user"}
	var query strings.Builder
	var kinds []string
	for name := range resources(t) {
		if notListed[name] == "" && !slices.Contains(twice, name) {
			kinds = append(kinds, name)
			query.WriteString("list \"" + name + "\" \"all\" {\n  provider = openai\n  limit    = 1000\n}\n\n")
		}
	}
	c.Write(t, "all.tfquery.hcl", query.String())
	c.Run(t, "init")
	if out := c.Run(t, "query"); !strings.Contains(out, "billing in Shop") {
		t.Errorf("the account of a project is not listed:\n%s", out)
	}
	c.Run(t, "query", "-generate-config-out=generated.tf")
	generated, err := os.ReadFile(filepath.Join(c.Dir, "generated.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range kinds {
		want := 1
		if slices.Contains(identityOf(t, resources(t)[name]), "project_id") {
			want = 8
		}
		if blocks := strings.Count(string(generated), "\nresource \""+name+"\" "); blocks < want {
			t.Errorf("%d of %s are generated", blocks, name)
		}
	}
	if strings.Contains(string(generated), "timeouts") {
		t.Error("timeouts are generated, which no object has")
	}
	if strings.Contains(string(generated), "sk-") {
		t.Error("a secret is generated")
	}
	if plan := c.Run(t, "plan"); !strings.Contains(plan, "0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the import changes something:\n%s", plan)
	}
	c.Run(t, "apply", "-auto-approve")
	if again := c.Run(t, "plan", "-detailed-exitcode"); !strings.Contains(again, "No changes.") { // fails unless there is nothing to do
		t.Errorf("the second plan is not empty:\n%s", again)
	}
}
