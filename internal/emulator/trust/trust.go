// Package trust serves what the organization trusts from outside: client
// certificates, identity providers, and keys and storage in other clouds.
package trust

import (
	"net/url"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// Routes registers the endpoints of trust.
func Routes(router api.Router) {
	certificateRoutes(router)
	providerRoutes(router)
	ruleRoutes(router)
	externalKeyRoutes(router)
	externalStorageRoutes(router)
}

// withOrder is the query of a list whose order is this one by default.
func withOrder(query url.Values, order string) url.Values {
	if query.Get("order") == "" {
		query.Set("order", order)
	}
	return query
}
