// Package usage reads what the organisation used, and what that cost.
package usage

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
)

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{newUsageDataSource, newCostsDataSource}
}
