// Package workloadidentity manages the issuers of tokens that the organization
// trusts, and the rules for their tokens.
package workloadidentity

import (
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{identityProvider(), federationRule()}
}
