// Package usage reads what the organization used, and what that cost.
package usage

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
)

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{usageData().DataSource, costsData().DataSource}
}
