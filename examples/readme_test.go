package examples_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// The numbers of the README's comparison are those of this tree.
func TestReadmeCounts(t *testing.T) {
	text := read(t, filepath.Join("..", "README.md"))
	for _, row := range []struct {
		name, official string
		count          int
	}{
		{"Resources", "official.json", len(provider.Registry())},
		{"Data sources", "official_data_sources.json", len(provider.New("test")().DataSources(t.Context()))},
	} {
		names := regexp.MustCompile(`(?m)^ {0,4}"openai_\w+":`).FindAllString(read(t, filepath.Join("..", "internal", "provider", "testdata", row.official)), -1)
		if len(names) == 0 {
			t.Fatalf("%s has no types", row.official)
		}
		want := fmt.Sprintf("| %s | %d | %d, including", row.name, len(names), row.count)
		if !strings.Contains(text, want) {
			t.Errorf("the README has no row that begins with %q", want)
		}
	}
}

// The quick start of the README is applied as it is.
func TestReadmeQuickStart(t *testing.T) {
	found := regexp.MustCompile("(?s)```terraform\n(.*?)```").FindStringSubmatch(read(t, filepath.Join("..", "README.md")))
	if found == nil {
		t.Fatal("the README has no configuration")
	}
	configuration := strings.Replace(found[1], "provider \"openai\" {}\n", "", 1)
	_, configuration, _ = strings.Cut(configuration, "\n}\n") // the terraform block
	b := acctest.Start(t)
	acctest.Test(t, resource.TestStep{Config: b.Config(configuration)})
}

// The page of the provider shows every argument, with a value that is accepted.
func TestEveryArgumentOfTheProviderIsShown(t *testing.T) {
	var described frameworkprovider.SchemaResponse
	provider.New("test")().Schema(t.Context(), frameworkprovider.SchemaRequest{}, &described)
	text := read(t, filepath.Join("provider", "arguments.tf"))
	for name := range described.Schema.Attributes {
		if !regexp.MustCompile(`(?m)^  ` + name + ` += `).MatchString(text) {
			t.Errorf("arguments.tf does not show %s", name)
		}
	}
	b := acctest.Start(t)
	text = strings.NewReplacer("var.admin_key", fmt.Sprintf("%q", b.AdminKey), "var.project_key", `"sk-proj-1"`, "https://api.openai.com/v1", b.URL, "  organization = ", "  # organization = ", "  project      = ", "  # project = ").Replace(text)
	acctest.Test(t, resource.TestStep{Config: text + "data \"openai_projects\" \"all\" {}\n"})
}
