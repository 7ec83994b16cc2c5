// Package usage reads usage and costs.
package usage

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
)

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{}
}
