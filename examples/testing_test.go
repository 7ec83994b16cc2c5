package examples_test

import (
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// The example of terraform test passes, for the right reason: it creates the
// objects that it checks, and destroys them.
func TestAccTestingPasses(t *testing.T) {
	mirror := acctest.NewMirror(t)
	t.Parallel()
	b := acctest.Start(t)
	c := mirror.CLI(t, b.URL, b.AdminKey)
	c.Begin(t, "testing")
	out := c.Run(t, "test")
	if !strings.Contains(out, "Success! 5 passed, 0 failed") {
		t.Errorf("it says\n%s", out)
	}
	if strings.Contains(out, "sk-svcacct-") {
		t.Error("the secret of a key is in the output")
	}
	b.Expect(t, 1, "POST", "/v1/organization/projects")
	b.Expect(t, 2, "POST", "/v1/organization/projects/{project_id}/spend_limit")
	b.Expect(t, 1, "POST", "/v1/organization/projects/{project_id}/archive")
}
