// Package policy manages what projects may use and how data are kept:
// permissions for models and hosted tools, service tiers and data retention.
package policy

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		newModelPermissionsResource,
		newHostedToolsResource,
		newServiceTiersResource,
		newOrganizationRetentionResource,
		newProjectRetentionResource,
	}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{
		newModelPermissionsList,
		newHostedToolsList,
		newServiceTiersList,
		newOrganizationRetentionList,
		newProjectRetentionList,
	}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newModelPermissionsDataSource,
		newHostedToolsDataSource,
		newServiceTiersDataSource,
		newOrganizationRetentionDataSource,
		newProjectRetentionDataSource,
	}
}

// putBack ends the description of a setting that cannot be removed.
const putBack = "\n\nThe setting cannot be removed. `terraform destroy` puts back what was found when the resource was created. " +
	"After an import that is not known, and the setting is left as it is, with a warning."

// notKnown is why an imported setting is left.
const notKnown = "it was imported, so what it was before is not known."
