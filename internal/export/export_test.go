package export

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

func TestEveryResourceIsExported(t *testing.T) {
	known := map[string]bool{}
	for _, k := range kinds {
		known[k.typeName] = true
	}
	for _, name := range acctest.ResourceTypes(t, provider.New("test")()) {
		if known[name] == (notExported[name] != "") {
			t.Errorf("%s: exported is %v, the reason not to be is %q", name, known[name], notExported[name])
		}
	}
}

// run exports the organization of a backend into a new folder.
func run(t *testing.T, b *acctest.Backend, options Options) (folder, said string, err error) {
	t.Helper()
	t.Setenv("OPENAI_BASE_URL", b.URL)
	t.Setenv("OPENAI_ADMIN_KEY", b.AdminKey)
	t.Setenv("OPENAI_API_KEY", b.APIKey)
	if options.Folder == "" {
		options.Folder = filepath.Join(t.TempDir(), "organization")
	}
	var out bytes.Buffer
	err = Run(t.Context(), options, &out)
	return options.Folder, out.String(), err
}

// files reads the exported files.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		contents[filepath.Base(path)] = string(content)
	}
	return contents
}

func expectHas(t *testing.T, name, content string, want ...string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(content, text) {
			t.Errorf("%s lacks\n%s\nin\n%s", name, text, content)
		}
	}
}

func TestWhatIsWritten(t *testing.T) {
	b := acctest.Start(t)
	ids := acctest.Populate(t, b, "Shop", "lab")
	folder, said, err := run(t, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	written := files(t, folder)
	names := []string{}
	for name := range written {
		names = append(names, name)
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "organization.tf project_default_project.tf project_lab.tf project_shop.tf versions.tf" {
		t.Errorf("the files are %s", got)
	}
	shop := written["project_shop.tf"]
	expectHas(t, "project_shop.tf", shop,
		"import {\n  to = openai_project.shop\n  id = \""+ids[0]+"\"\n}\n\nresource \"openai_project\" \"shop\" {\n  name      = \"Shop\"\n  residency = \"GLOBAL\"\n}\n",
		"resource \"openai_project_service_account\" \"shop_billing\" {\n  project_id = openai_project.shop.id\n  name       = \"billing\"\n  role       = \"owner\"\n}\n",
		"# The API returns neither the secret nor the scopes. Importing the key changes neither.\nresource \"openai_project_api_key\" \"shop_billing_nightly\" {\n"+
			"  project_id         = openai_project.shop.id\n  service_account_id = openai_project_service_account.shop_billing.id\n  name               = \"Billing: nightly\"\n}\n",
		"resource \"openai_project_user\" \"shop_member_example_com\" {\n  email      = openai_organization_member.member_example_com.email\n  project_id = openai_project.shop.id\n  role       = \"member\"\n}\n",
		"resource \"openai_project_spend_limit\" \"shop\" {\n  project_id    = openai_project.shop.id\n  threshold_usd = 5000\n}\n",
		"resource \"openai_project_spend_alert\" \"shop_123_45\" {\n  project_id                          = openai_project.shop.id\n  threshold_usd                       = 123.45\n"+
			"  notification_channel_recipients     = [\"cfo@example.com\", \"finance@example.com\"]\n  notification_channel_subject_prefix = \"[spend]\"\n}\n",
	)
	expectHas(t, "project_shop.tf", shop,
		"resource \"openai_project_group\" \"shop_engineers\" {\n  group_id   = openai_group.engineers.id\n  project_id = openai_project.shop.id\n  role       = \"role-api-project-viewer\"\n}\n",
		"resource \"openai_project_group_role\" \"shop_engineers_caller\" {\n  group_id   = openai_group.engineers.id\n  project_id = openai_project.shop.id\n  role_id    = openai_project_role.shop_caller.role_id\n}\n",
		"resource \"openai_workload_identity_federation_rule\" \"shop_github_main\" {\n  project_id                    = openai_project.shop.id\n"+
			"  service_account_id            = openai_project_service_account.shop_billing.id\n  workload_identity_provider_id = openai_workload_identity_provider.github.id\n",
		"  attribute_matchers = {\n    attempt    = 1\n    protected  = true\n    repository = \"acme/shop\"\n  }\n",
		"resource \"openai_project_certificates\" \"shop\" {\n  project_id      = openai_project.shop.id\n  certificate_ids = [openai_certificate.clients.id]\n}\n",
		"resource \"openai_project_data_retention\" \"shop\" {\n  project_id = openai_project.shop.id\n  type       = \"none\"\n}\n",
		"  mcp_enabled              = false\n", "  enabled_tiers = [\"fast\", \"flex\"]\n", "  model_ids  = [\"gpt-4o\", \"gpt-5\"]\n",
	)
	expectHas(t, "organization.tf", written["organization.tf"],
		"resource \"openai_group_members\" \"engineers\" {\n  group_id = openai_group.engineers.id\n  members  = [openai_organization_member.member_example_com.email]\n}\n",
		"resource \"openai_group_role\" \"engineers_auditor\" {\n  group_id = openai_group.engineers.id\n  role_id  = openai_role.auditor.role_id\n}\n",
		"resource \"openai_group_role\" \"engineers_reader\" {\n  group_id = openai_group.engineers.id\n  role_id  = \"role-api-organization-reader\"\n}\n",
		"  certificate = <<EOT\n-----BEGIN CERTIFICATE-----\n", "\n-----END CERTIFICATE-----\nEOT\n",
		"resource \"openai_organization_data_retention\" \"organization_data_retention\" {\n  type = \"modified_abuse_monitoring\"\n}\n",
		"resource \"openai_external_key\" \"customer_key\" {\n",
		"id = \"organization\"\n", "resource \"openai_organization_spend_alert\" \"alert_123_45\" {",
		"resource \"openai_organization_member\" \"grace_example_com\" {\n  email = \"grace@example.com\"\n  role  = \"reader\"\n}\n")
	expectHas(t, "the report", said, "     3 openai_project\n", "     4 openai_project_service_account\n", "openai_project_rate_limit is left out; add it with --include openai_project_rate_limit")
	if strings.Contains(shop, "openai_project.lab.") || strings.Contains(shop, "\"lab") || strings.Contains(shop, "rate_limit") || strings.Contains(shop, "user_role") {
		t.Errorf("project_shop.tf holds what is not of it:\n%s", shop)
	}
	if strings.Contains(written["organization.tf"], "openai_admin_api_key") {
		t.Error("admin keys are written without being asked for")
	}
	if again, _, err := run(t, b, Options{}); err != nil {
		t.Error(err)
	} else if second := files(t, again); second["project_shop.tf"] != shop || second["organization.tf"] != written["organization.tf"] {
		t.Error("a second export differs from the first")
	}
}

func TestChosenProjectsAndKinds(t *testing.T) {
	b := acctest.Start(t)
	ids := acctest.Populate(t, b, "Shop", "lab", "twin", "twin")
	b.Mark(t)
	folder, _, err := run(t, b, Options{Projects: []string{ids[1], "twin"}, Include: []string{"openai_project_rate_limit"}, Exclude: []string{"openai_project_api_key"}})
	if err != nil {
		t.Fatal(err)
	}
	written := files(t, folder)
	if len(written) != 4 || written["project_lab.tf"] == "" || written["project_twin.tf"] == "" || written["project_twin_2.tf"] == "" {
		t.Errorf("%d files are written", len(written))
	}
	lab := written["project_lab.tf"]
	expectHas(t, "project_lab.tf", lab,
		"  email      = \"member@example.com\"\n", // who is not exported is not referred to
		"resource \"openai_project_rate_limit\" \"lab_gpt_4o\" {\n  project_id                   = openai_project.lab.id\n  model                        = \"gpt-4o\"\n",
		"max_requests_per_1_minute    = 11\n")
	if strings.Contains(lab, "api_key") {
		t.Errorf("an excluded kind is written:\n%s", lab)
	}
	b.Expect(t, 0, "GET", "/v1/organization/users")
	b.Expect(t, 3, "GET", "/v1/organization/projects/{project_id}/service_accounts")
	b.ExpectWrites(t, 0)
}

func TestExportRefuses(t *testing.T) {
	b := acctest.Start(t)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "main.tf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := *b
	wrong.AdminKey = "sk-admin-wrong"
	none := *b
	none.AdminKey = ""
	for name, test := range map[string]struct {
		backend *acctest.Backend
		options Options
		message string
	}{
		"a folder in use":  {b, Options{Folder: full}, "holds configuration already"},
		"no such project":  {b, Options{Projects: []string{"none"}}, `there is no active project with the id or name "none"`},
		"no such kind":     {b, Options{Exclude: []string{"openai_invite"}}, "openai_invite is not exported. The types are: openai_project,"},
		"no projects":      {b, Options{Exclude: []string{"openai_project"}}, "openai_project cannot be excluded"},
		"a wrong key":      {&wrong, Options{}, "401 Unauthorized"},
		"no key":           {&none, Options{}, "No admin API key"},
		"an admin key":     {b, Options{Include: []string{"openai_webhook_endpoint"}}, "openai_webhook_endpoint belongs to the project of an API key: set OPENAI_API_KEY"},
		"an unknown thing": {b, Options{Include: []string{"aws_instance"}}, "aws_instance is not exported"},
	} {
		t.Run(name, func(t *testing.T) {
			if folder, _, err := run(t, test.backend, test.options); err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("the error is %v", err)
			} else if written := files(t, folder); len(written) > 1 {
				t.Errorf("it wrote %d files all the same", len(written))
			}
		})
	}
}

func TestNames(t *testing.T) {
	project, alert := &kinds[0], &kind{typeName: "openai_project_spend_alert"}
	taken := names{}
	for _, test := range []struct {
		kind       *kind
		text, want string
	}{
		{project, "Shop", "shop"}, {project, "shop", "shop_2"}, {project, "shop 2", "shop_2_2"}, {project, "SHOP!", "shop_3"},
		{project, "", "project"}, {project, "…", "project_2"}, {project, "42 Answers", "project_42_answers"},
		{project, "Zürich – Größe ½", "zürich_größe"}, {project, "日本", "日本"}, {project, "a${b}%{c}\"\n", "a_b_c"},
		{alert, "123.45", "alert_123_45"}, {alert, "shop", "shop"},
		{project, strings.Repeat("x", 59) + " y", strings.Repeat("x", 59)},
	} {
		got := taken.unique(test.kind, slug(test.text))
		if got != test.want || !hclsyntax.ValidIdentifier(got) {
			t.Errorf("%q is called %q, expected %q", test.text, got, test.want)
		}
	}
}

// A whole organization is exported, imported as it is, and nothing is left to
// do. No secret is in any of it.
func TestAccExportedOrganizationIsAdopted(t *testing.T) {
	mirror := acctest.NewMirror(t)
	const projects = 12
	b := acctest.Start(t)
	acctest.Populate(t, b, acctest.ManyProjects(projects)...)
	b.Mark(t)
	onDemand := []string{"openai_user_role", "openai_project_user_role", "openai_admin_api_key", "openai_webhook_endpoint"}
	folder, _, err := run(t, b, Options{Include: onDemand})
	if err != nil {
		t.Fatal(err)
	}
	// A request for each project and kind, and one page of everything else. Roles
	// are listed for one group or person at a time only.
	for _, path := range []string{"projects", "users", "groups", "roles", "certificates", "workload_identity_providers", "external_keys", "admin_api_keys"} {
		b.Expect(t, 1, "GET", "/v1/organization/"+path)
	}
	for _, path := range []string{"api_keys", "users", "service_accounts", "groups", "certificates", "model_permissions", "data_retention"} {
		b.Expect(t, projects+1, "GET", "/v1/organization/projects/{project_id}/"+path)
	}
	b.Expect(t, projects+1, "GET", "/v1/projects/{project_id}/roles")
	b.Expect(t, projects, "GET", "/v1/projects/{project_id}/groups/{group_id}/roles")
	b.Expect(t, 3*projects, "GET", "/v1/projects/{project_id}/users/{user_id}/roles") // a person and two accounts in each
	b.Expect(t, 2, "GET", "/v1/organization/groups/{group_id}/roles")
	b.Expect(t, 2, "GET", "/v1/organization/groups/{group_id}/users")
	b.ExpectWrites(t, 0)
	c := mirror.CLI(t, b.URL, b.AdminKey)
	c.Write(t, "key.tf", fmt.Sprintf("provider \"openai\" {\n  api_key = %q\n}\n", b.APIKey))
	written := files(t, folder)
	resources := 0
	for name, content := range written {
		c.Write(t, name, content)
		resources += strings.Count(content, "\nresource ")
		if string(hclwrite.Format([]byte(content))) != content {
			t.Errorf("%s is not formatted", name)
		}
		if strings.Contains(content, "sk-") {
			t.Errorf("%s holds a secret", name)
		}
		if strings.Contains(content, "= \"proj_") && strings.Count(content, "= \"proj_") != strings.Count(content, "  id = \"proj_") {
			t.Errorf("%s holds the id of a project outside import blocks", name)
		}
	}
	c.Run(t, "init")
	c.Run(t, "fmt", "-check")
	b.Mark(t)
	plan := c.Run(t, "plan", "-out=plan")
	expectHas(t, "the plan", plan[strings.LastIndex(plan, "Plan:"):], "0 to add, 0 to change, 0 to destroy.")
	c.Run(t, "apply", "plan")
	b.ExpectWrites(t, 0)
	expectHas(t, "the second plan", c.Run(t, "plan", "-detailed-exitcode"), "No changes.")
	if resources < projects*18 {
		t.Errorf("%d resources were exported", resources)
	}
}
