// Package workloadidentity manages the issuers of tokens that the organization
// trusts, and the rules for what their tokens may do.
package workloadidentity

import (
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{identityProvider().Resource, federationRule().Resource}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{identityProvider().ListResource, federationRule().ListResource}
}
