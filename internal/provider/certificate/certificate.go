// Package certificate manages client certificates for mutual TLS, and the
// projects that they are active in.
package certificate

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{certificate().Resource, projectCertificates().Resource}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{certificate().ListResource, projectCertificates().ListResource}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		certificateData().DataSource,
		certificatesData().DataSource,
		projectCertificatesData().DataSource,
	}
}
