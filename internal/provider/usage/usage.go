// Package usage reads the usage and the costs of the organization.
package usage

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
)

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{usageData().DataSource, costsData().DataSource}
}
