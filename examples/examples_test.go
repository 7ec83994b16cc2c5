// Package examples_test applies every example on an emulator.
package examples_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	testresource "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// apply applies an example, and expects nothing to do afterwards.
func apply(t *testing.T, path string) {
	b := acctest.Start(t)
	config := b.Config(read(t, path))
	acctest.Test(t,
		testresource.TestStep{Config: config},
		testresource.TestStep{
			Config:           config,
			ConfigPlanChecks: testresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}

func TestAccEveryResourceHasAnExampleThatWorks(t *testing.T) {
	for _, make := range provider.New("test")().Resources(t.Context()) {
		var meta resource.MetadataResponse
		make().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			directory := filepath.Join("resources", meta.TypeName)
			read(t, filepath.Join(directory, "import.sh"))
			apply(t, filepath.Join(directory, "resource.tf"))
		})
	}
}

func TestAccEveryDataSourceHasAnExampleThatWorks(t *testing.T) {
	for _, make := range provider.New("test")().DataSources(t.Context()) {
		var meta datasource.MetadataResponse
		make().Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			apply(t, filepath.Join("data-sources", meta.TypeName, "data-source.tf"))
		})
	}
}

func TestAccEveryFunctionHasAnExampleThatWorks(t *testing.T) {
	p, ok := provider.New("test")().(frameworkprovider.ProviderWithFunctions)
	if !ok {
		t.Fatal("the provider has no functions")
	}
	for _, make := range p.Functions(t.Context()) {
		var meta function.MetadataResponse
		make().Metadata(t.Context(), function.MetadataRequest{}, &meta)
		t.Run(meta.Name, func(t *testing.T) {
			apply(t, filepath.Join("functions", meta.Name, "function.tf"))
		})
	}
}
