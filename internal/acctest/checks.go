package acctest

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
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
