// Package examples_test applies every example on an emulator.
package examples_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-testing/config"
	testresource "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

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

// apply applies an example; that plans afterwards are empty is part of every
// such test. Where it asks for them it is given a recipient with its identity,
// and a secret store.
func apply(t *testing.T, path string) {
	b := acctest.Start(t)
	content := read(t, path)
	step := testresource.TestStep{Config: b.Config(content)}
	if !strings.Contains(content, "var.identity") {
		acctest.Test(t, step)
		return
	}
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	store := acctest.NewSecretStore()
	step.ConfigVariables = config.Variables{"recipient": config.StringVariable(identity.Recipient().String()), "identity": config.StringVariable(identity.String())}
	step.Check = func(*terraform.State) error {
		if !b.Works(t, store.Secret("shop-prod/checkout")) {
			return errors.New("what is in the secret store opens nothing")
		}
		return nil
	}
	testresource.ParallelTest(t, testresource.TestCase{ProtoV6ProviderFactories: acctest.WithSecretStore(store), Steps: []testresource.TestStep{step}})
}

func TestAccEveryEphemeralResourceHasAnExampleThatWorks(t *testing.T) {
	for _, make := range provider.New("test")().(frameworkprovider.ProviderWithEphemeralResources).EphemeralResources(t.Context()) {
		var meta ephemeral.MetadataResponse
		make().Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			apply(t, filepath.Join("ephemeral-resources", meta.TypeName, "ephemeral-resource.tf"))
		})
	}
}

func TestAccEveryExampleOfAGuideWorks(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("guides", "*", "*.tf"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) { apply(t, path) })
	}
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

// failed asserts that a check of the plan fails, with this message.
type failed struct{ message string }

func (f failed) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	var problems []string
	for _, check := range req.Plan.Checks {
		for _, instance := range check.Instances {
			for _, problem := range instance.Problems {
				problems = append(problems, problem.Message)
			}
		}
	}
	if !slices.Equal(problems, []string{f.message}) {
		resp.Error = fmt.Errorf("the checks say %q", problems)
	}
}

func TestAccCheckOfKeysFailsWhenOneIsOld(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	config := b.Config(read(t, filepath.Join("guides", "rotating-keys", "check.tf")))
	var project string
	acctest.TestAt(t, clock,
		testresource.TestStep{Config: config, Check: acctest.TakeID("openai_project.prod", &project)},
		testresource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", "/organization/projects/"+project+"/service_accounts", map[string]string{"name": "billing"}, nil)
				clock.Advance(90*24*time.Hour + time.Second)
			},
			Config:           config,
			ConfigPlanChecks: testresource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{failed{"Not rotated in time: Secret Key."}}},
		},
	)
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
