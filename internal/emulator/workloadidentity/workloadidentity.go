// Package workloadidentity serves the issuers of tokens that the organization
// trusts, and the rules for their tokens.
package workloadidentity

import "github.com/allthingsai/terraform-provider-openai/internal/emulator/api"

// Routes registers the endpoints of workload identity.
func Routes(router api.Router) {
	providerRoutes(router)
	ruleRoutes(router)
}
