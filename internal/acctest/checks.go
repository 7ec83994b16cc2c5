package acctest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// TakeID remembers the id of a resource for a later step.
func TakeID(address string, id *string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		found, ok := s.RootModule().Resources[address]
		if !ok {
			return fmt.Errorf("%s is not in state", address)
		}
		*id = found.Primary.ID
		return nil
	}
}

// Message matches a diagnostic that holds this text, wherever Terraform breaks
// its lines.
func Message(text string) *regexp.Regexp {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return regexp.MustCompile(strings.Join(words, `[\s│]+`))
}

// Action asserts what the plan does to a resource.
func Action(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// Value reads an attribute of a resource in state.
func Value(s *terraform.State, address, attribute string) string {
	found, ok := s.RootModule().Resources[address]
	if !ok {
		return ""
	}
	return found.Primary.Attributes[attribute]
}

// Import imports a resource by an id made of the values of these attributes,
// and compares all of its state but what is ignored. The last attribute tells
// one resource of the type from another.
func Import(address string, attributes []string, ignore ...string) resource.TestStep {
	return resource.TestStep{
		ResourceName:                         address,
		ImportState:                          true,
		ImportStateVerify:                    true,
		ImportStateVerifyIgnore:              ignore,
		ImportStateVerifyIdentifierAttribute: attributes[len(attributes)-1],
		ImportStateIdFunc: func(s *terraform.State) (string, error) {
			parts := make([]string, len(attributes))
			for i, attribute := range attributes {
				if parts[i] = Value(s, address, attribute); parts[i] == "" {
					return "", fmt.Errorf("%s has no %s", address, attribute)
				}
			}
			return strings.Join(parts, "/"), nil
		},
	}
}

// Refused asserts for each configuration that planning fails with a message
// that holds this text. The configurations are named by what is wrong.
func Refused(t *testing.T, b *Backend, configs map[string]struct{ HCL, Message string }) {
	t.Helper()
	for name, test := range configs {
		t.Run(name, func(t *testing.T) {
			Test(t, resource.TestStep{Config: b.Config(test.HCL), PlanOnly: true, ExpectError: Message(test.Message)})
		})
	}
}
