// Package spend manages the hard limits and spend alerts of the organization
// and its projects.
package spend

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{
		organizationSpendLimit(),
		projectSpendLimit(),
		organizationSpendAlert(),
		projectSpendAlert(),
	}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		organizationSpendLimitData().DataSource,
		projectSpendLimitData().DataSource,
		organizationSpendAlertData().DataSource,
		organizationSpendAlertsData().DataSource,
		projectSpendAlertData().DataSource,
		projectSpendAlertsData().DataSource,
	}
}

// Functions lists the functions of this part.
func Functions() []func() function.Function {
	return []func() function.Function{newUSDToCentsFunction, newCentsToUSDFunction, newLimitWithHeadroomFunction}
}
