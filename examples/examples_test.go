// Package examples_test applies every example on an emulator.
package examples_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

// apply applies an example, with a secret store, and where it asks for them
// with a recipient and the identity that belongs to it. That plans afterwards
// are empty is part of every such test.
func apply(t *testing.T, path string) {
	b := acctest.Start(t)
	content := read(t, path)
	if strings.Contains(content, "openai_webhook_") {
		b.UseAPIKey(t, b.Project(t, "webhooks"))
	}
	store := acctest.NewSecretStore()
	step := testresource.TestStep{Config: b.Config(content)}
	if strings.Contains(content, "var.identity") {
		identity, err := age.GenerateHybridIdentity()
		if err != nil {
			t.Fatal(err)
		}
		step.ConfigVariables = config.Variables{"recipient": config.StringVariable(identity.Recipient().String()), "identity": config.StringVariable(identity.String())}
		step.Check = func(*terraform.State) error {
			if !b.Works(t, store.Secret("shop-prod/checkout")) {
				return errors.New("what is in the secret store opens nothing")
			}
			return nil
		}
	}
	t.Parallel()
	c := testresource.TestCase{ProtoV6ProviderFactories: acctest.WithSecretStore(store), Steps: []testresource.TestStep{step}}
	if strings.Contains(content, "provisioner ") { // only the real Terraform has them
		testresource.Test(t, c)
		return
	}
	acctest.RunToTheEnd(t, c)
}

// applyAll applies examples, each in an organization of its own.
func applyAll(t *testing.T, paths []string) {
	for _, path := range paths {
		t.Run(path, func(t *testing.T) { apply(t, path) })
	}
}

func TestAccEveryEphemeralResourceHasAnExampleThatWorks(t *testing.T) {
	for _, factory := range provider.New("test")().(frameworkprovider.ProviderWithEphemeralResources).EphemeralResources(t.Context()) {
		var meta ephemeral.MetadataResponse
		factory().Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "openai"}, &meta)
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
	applyAll(t, paths)
}

func TestAccEveryResourceHasAnExampleThatWorks(t *testing.T) {
	var paths []string
	for _, factory := range provider.New("test")().Resources(t.Context()) {
		var meta resource.MetadataResponse
		factory().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		directory := filepath.Join("resources", meta.TypeName)
		paths = append(paths, filepath.Join(directory, "resource.tf"))
	}
	applyAll(t, paths)
}

// Each page shows the import of the same object by its identity, by its id, and
// by the command.
func TestEveryResourceShowsItsImports(t *testing.T) {
	command := regexp.MustCompile(`(?m)^terraform import (\S+) (\S+)$`)
	byID := regexp.MustCompile(`(?s)^(?:#[^\n]*\n)*import {\n  to = (\S+)\n  id = "(\S+)"\n}\n$`)
	byIdentity := regexp.MustCompile(`(?s)^(?:#[^\n]*\n)*import {\n  to = (\S+)\n  identity = {\n(.*)  }\n}\n$`)
	part := regexp.MustCompile(`(?m)^    (\w+) += "(\S+)"$`)
	for _, object := range provider.Registry() {
		t.Run(object.Type, func(t *testing.T) {
			directory := filepath.Join("resources", object.Type)
			shown := command.FindStringSubmatch(read(t, filepath.Join(directory, "import.sh")))
			if shown == nil || !strings.HasPrefix(shown[1], object.Type+".") {
				t.Fatalf("the command is %q", shown)
			}
			if block := byID.FindStringSubmatch(read(t, filepath.Join(directory, "import-by-string-id.tf"))); block == nil || !slices.Equal(block[1:], shown[1:]) {
				t.Errorf("the block with an id is %q, the command %q", block, shown)
			}
			block := byIdentity.FindStringSubmatch(read(t, filepath.Join(directory, "import-by-identity.tf")))
			if block == nil || block[1] != shown[1] {
				t.Fatalf("the block with an identity is %q, the command %q", block, shown)
			}
			var names, values []string
			for _, found := range part.FindAllStringSubmatch(block[2], -1) {
				names, values = append(names, found[1]), append(values, found[2])
			}
			id := shown[2]
			if object.Type == "openai_project_group" {
				id = id[:strings.LastIndex(id, "/")] // the role is in the id, as the official provider has it, and not in the identity
			}
			if !slices.Equal(names, object.Identity) || strings.Join(values, "/") != id {
				t.Errorf("the identity has %q = %q, the definition %q, the id %s", names, values, object.Identity, id)
			}
		})
	}
}

func TestAccEveryDataSourceHasAnExampleThatWorks(t *testing.T) {
	var paths []string
	for _, factory := range provider.New("test")().DataSources(t.Context()) {
		var meta datasource.MetadataResponse
		factory().Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		paths = append(paths, filepath.Join("data-sources", meta.TypeName, "data-source.tf"))
	}
	applyAll(t, paths)
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
				clock.Advance(100*24*time.Hour + time.Second)
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
	var paths []string
	for _, factory := range p.Functions(t.Context()) {
		var meta function.MetadataResponse
		factory().Metadata(t.Context(), function.MetadataRequest{}, &meta)
		paths = append(paths, filepath.Join("functions", meta.Name, "function.tf"))
	}
	applyAll(t, paths)
}
