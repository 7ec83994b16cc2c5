// Package audit reads the audit log and the admin API keys of the organization.
package audit

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
)

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{auditLogsData().DataSource, adminAPIKeysData().DataSource}
}
