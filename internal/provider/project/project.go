// Package project manages the projects of an organization.
package project

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{project().Resource}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{project().ListResource}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{projectData().DataSource, projectsData().DataSource}
}
