// Package trust manages what the organization trusts from outside: client
// certificates, identity providers, and keys and storage in other clouds.
package trust

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		certificate().Resource,
		projectCertificates().Resource,
		identityProvider().Resource,
		federationRule().Resource,
		externalKey().Resource,
		externalStorage().Resource,
	}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{
		certificate().ListResource,
		projectCertificates().ListResource,
		identityProvider().ListResource,
		federationRule().ListResource,
		externalKey().ListResource,
		externalStorage().ListResource,
	}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		certificateData().DataSource,
		certificatesData().DataSource,
		projectCertificatesData().DataSource,
	}
}
