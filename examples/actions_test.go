package examples_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	testresource "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// Every action has an example. Its resources are applied, and the action is
// invoked with the configuration that refers to them. Terraform before 1.14 has
// no action blocks, so the test turns them into outputs.
func TestAccEveryActionHasAnExampleThatWorks(t *testing.T) {
	for _, name := range acctest.NewDriver(t, "http://127.0.0.1/v1", "sk-admin-test", acctest.NewClock()).Actions() {
		t.Run(name, func(t *testing.T) {
			invokeExample(t, name, filepath.Join("actions", name, "action.tf"))
		})
	}
}

func invokeExample(t *testing.T, action, path string) {
	file, diags := hclwrite.ParseConfig([]byte(read(t, path)), path, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if !withoutActions(file.Body(), action) {
		t.Fatalf("%s has no action %s", path, action)
	}
	b := acctest.Start(t)
	settings := map[string]any{"admin_api_key": b.AdminKey, "base_url": b.URL}
	if strings.Contains(action, "webhook") {
		b.UseAPIKey(t, b.Project(t, "webhooks"))
		settings["api_key"] = b.APIKey
	}
	t.Parallel()
	acctest.Run(t, testresource.TestCase{ProtoV6ProviderFactories: acctest.Factories, Steps: []testresource.TestStep{{
		Config: b.Config(string(file.Bytes())),
		Check: func(s *terraform.State) error {
			var config map[string]any
			if err := json.Unmarshal([]byte(fmt.Sprint(s.RootModule().Outputs[action].Value)), &config); err != nil {
				return err
			}
			driver := acctest.NewDriverWith(t, acctest.NewClock(), settings)
			progress, diags := driver.Invoke(t, action, config)
			for _, d := range diags {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
			if len(progress) == 0 {
				t.Error("the action shows no progress")
			}
			return nil
		},
	}}})
}

// withoutActions makes an output of an action's configuration, with the name of
// the action, and removes the triggers of actions. It reports whether it found
// the action.
func withoutActions(body *hclwrite.Body, action string) (found bool) {
	for _, block := range body.Blocks() {
		switch block.Type() {
		case "resource":
			if lifecycle := block.Body().FirstMatchingBlock("lifecycle", nil); lifecycle != nil {
				for _, trigger := range lifecycle.Body().Blocks() {
					lifecycle.Body().RemoveBlock(trigger)
				}
			}
		case "action":
			var arguments []hclwrite.ObjectAttrTokens
			for name, attribute := range block.Body().FirstMatchingBlock("config", nil).Body().Attributes() {
				arguments = append(arguments, hclwrite.ObjectAttrTokens{Name: hclwrite.TokensForIdentifier(name), Value: attribute.Expr().BuildTokens(nil)})
			}
			output := body.AppendNewBlock("output", block.Labels()[:1]).Body()
			output.SetAttributeRaw("value", hclwrite.TokensForFunctionCall("jsonencode", hclwrite.TokensForObject(arguments)))
			found = found || block.Labels()[0] == action
			body.RemoveBlock(block)
		}
	}
	return found
}
