package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const readsProjects = "data \"openai_projects\" \"all\" {}\n"

// configured is a configuration that reads the projects under these settings.
func configured(settings string) string {
	return "provider \"openai\" {\n" + settings + "\n}\n" + readsProjects
}

func TestAccProvider_settingsFromTheConfiguration(t *testing.T) {
	b := acctest.Start(t)
	acctest.Test(t, resource.TestStep{
		Config: configured(fmt.Sprintf("base_url = %q\nadmin_api_key = %q\norganization = \"org-emulator\"\nmax_wait = \"10s\"\nrequests_per_minute = 600", b.URL, b.AdminKey)),
		Check:  resource.TestCheckResourceAttr("data.openai_projects.all", "projects.#", "1"),
	})
}

func TestAccProvider_settingsFromTheEnvironment(t *testing.T) {
	b := acctest.Start(t)
	t.Setenv("OPENAI_BASE_URL", b.URL)
	t.Setenv("OPENAI_ADMIN_KEY", b.AdminKey)
	t.Setenv("OPENAI_API_KEY", "sk-proj-of-another-user")
	acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories, Steps: []resource.TestStep{{
		Config: readsProjects,
		Check:  resource.TestCheckResourceAttr("data.openai_projects.all", "projects.#", "1"),
	}}})
}

// A project key is no admin key, and is not taken for one.
func TestAccProvider_noKey(t *testing.T) {
	t.Setenv("OPENAI_ADMIN_KEY", "")
	t.Setenv("OPENAI_API_KEY", "sk-proj-123")
	acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories, Steps: []resource.TestStep{{
		Config:      configured(""),
		ExpectError: acctest.Message("Set admin_api_key in the provider block, or the environment variable OPENAI_ADMIN_KEY"),
	}}})
}

func TestAccProvider_badSettings(t *testing.T) {
	for name, test := range map[string]struct{ settings, message string }{
		"project key":       {`admin_api_key = "sk-proj-123"`, "the value is not an admin key: it is a project key"},
		"no URL":            {"admin_api_key = \"sk-admin-1\"\nbase_url = \"nowhere\"", "base_url cannot be used: it must be a URL such as https://api.openai.com/v1"},
		"unencrypted":       {"admin_api_key = \"sk-admin-1\"\nbase_url = \"http://example.com/v1\"", "the admin key would travel unencrypted"},
		"password":          {"admin_api_key = \"sk-admin-1\"\nbase_url = \"https://user:secret@example.com/v1\"", "it must not hold a user name, a query or a fragment"},
		"path too long":     {"admin_api_key = \"sk-admin-1\"\nbase_url = \"https://example.com/v1/organization\"", "it must end before /organization"},
		"no duration":       {"admin_api_key = \"sk-admin-1\"\nmax_wait = \"long\"", `max_wait must be a duration such as 30m, 12h or 7d, longer than 0s, got "long"`},
		"negative duration": {"admin_api_key = \"sk-admin-1\"\nmax_wait = \"-1s\"", "max_wait must be a duration"},
		"no requests":       {"admin_api_key = \"sk-admin-1\"\nrequests_per_minute = 0", "requests_per_minute value must be at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			acctest.Test(t, resource.TestStep{Config: configured(test.settings), ExpectError: acctest.Message(test.message)})
		})
	}
}

func TestAccProvider_keyRefused(t *testing.T) {
	b := acctest.Start(t)
	acctest.Test(t, resource.TestStep{
		Config:      configured(fmt.Sprintf("base_url = %q\nadmin_api_key = \"sk-admin-wrong\"", b.URL)),
		ExpectError: acctest.Message("Check that admin_api_key (OPENAI_ADMIN_KEY) is an admin key (sk-admin-…) of this organization"),
	})
}

// unknownKey is a configuration whose admin key is not known while planning.
func unknownKey(b *acctest.Backend, more string) string {
	return fmt.Sprintf("resource \"terraform_data\" \"made\" {}\nprovider \"openai\" {\n  base_url = %q\n  admin_api_key = terraform_data.made.id == \"\" ? \"\" : %q\n}\n%s",
		b.URL, b.AdminKey, more)
}

// A configuration that only creates objects can be planned before the settings
// are known.
func TestAccProvider_unknownSettings(t *testing.T) {
	b := acctest.Start(t)
	acctest.Test(t, resource.TestStep{
		Config: unknownKey(b, "resource \"openai_project\" \"dev\" {\n  name = \"dev\"\n}\n"),
		Check:  resource.TestCheckResourceAttr("openai_project.dev", "status", "active"),
	})
}

// A read before the settings are known is an error with the reason.
func TestAccProvider_unknownSettingsAndSomethingToRead(t *testing.T) {
	b := acctest.Start(t)
	acctest.Test(t, resource.TestStep{
		Config:      unknownKey(b, readsProjects),
		PlanOnly:    true,
		ExpectError: acctest.Message("the provider's admin_api_key will only be known after apply"),
	})
}

// Validation needs neither a key nor the API.
func TestAccProvider_validateNeedsNoKey(t *testing.T) {
	t.Setenv("OPENAI_ADMIN_KEY", "")
	acctest.Run(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories, Steps: []resource.TestStep{{
		Config:      "resource \"openai_organization_spend_limit\" \"dev\" {\n  threshold_amount = 0\n}\n",
		ExpectError: acctest.Message("threshold_amount value must be between 1"),
	}}})
}
