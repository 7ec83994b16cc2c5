// Package audit reads what was done in the organization, and which keys
// administer it.
package audit

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
)

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{auditLogsData().DataSource, adminAPIKeysData().DataSource}
}
