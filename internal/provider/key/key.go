// Package key manages service accounts and the API keys of projects.
package key

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{newServiceAccountResource, newAPIKeyResource}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{newServiceAccountList, newAPIKeyList}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newServiceAccountDataSource,
		newServiceAccountsDataSource,
		newAPIKeyDataSource,
		newAPIKeysDataSource,
	}
}
