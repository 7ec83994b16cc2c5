package acctest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
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

// Action asserts the action of the plan for a resource.
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
// and compares all of its state except ignored attributes. The last attribute
// identifies the resource among those of the type.
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
// that holds this text. The configurations are named by their mistake.
//
// One plan reports the errors of them all, or two when some are refused by
// their schema and some later.
func Refused(t *testing.T, b *Backend, configs map[string]struct{ HCL, Message string }) {
	t.Helper()
	left := slices.Sorted(maps.Keys(configs))
	for len(left) > 0 {
		var silent []string
		complaints := b.complaints(t, len(left), func(i int) string { return configs[left[i]].HCL })
		for i, name := range left {
			switch said := complaints[i]; {
			case said == "":
				silent = append(silent, name)
			case !Message(configs[name].Message).MatchString(said):
				t.Errorf("%s is refused with another message:\n%s", name, said)
			}
		}
		if len(silent) == len(left) {
			t.Errorf("%q are not refused", silent)
			return
		}
		left = silent
	}
}

// blockStart begins a block with a name of its own.
var blockStart = regexp.MustCompile(`(?m)^(?:(output)|(?:resource|data|ephemeral) "(\w+)") "(\w+)"`)

// complaints plans configurations together, and returns the errors of Terraform
// for each. Their blocks have names of their own to distinguish them.
func (b *Backend) complaints(t *testing.T, count int, hcl func(i int) string) []string {
	t.Helper()
	said, mark, all := make([]string, count), make([]*regexp.Regexp, count), ""
	for i := range count {
		text, suffix := hcl(i), fmt.Sprintf("_case%d", i)
		mark[i] = regexp.MustCompile(suffix + `\b`)
		for _, found := range blockStart.FindAllStringSubmatch(text, -1) {
			kind, name := found[1]+found[2], found[3]
			text = strings.Replace(text, found[0], strings.TrimSuffix(found[0], `"`)+suffix+`"`, 1)
			text = regexp.MustCompile(`\b`+kind+`\.`+name+`\b`).ReplaceAllString(text, kind+"."+name+suffix)
		}
		all += text + "\n"
	}
	Run(t, resource.TestCase{
		ProtoV6ProviderFactories: Factories,
		ErrorCheck: func(err error) error {
			for complaint := range strings.SplitSeq(err.Error(), "Error: ") {
				for i := range count {
					if mark[i].MatchString(complaint) {
						said[i] += complaint
					}
				}
			}
			return nil
		},
		Steps: []resource.TestStep{{Config: b.Config(all), PlanOnly: true, ExpectNonEmptyPlan: true}},
	})
	return said
}
