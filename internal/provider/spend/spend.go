// Package spend manages what the organization and its projects may spend: hard
// limits and alerts.
package spend

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{
		organizationSpendLimit().Resource,
		projectSpendLimit().Resource,
		organizationSpendAlert().Resource,
		projectSpendAlert().Resource,
	}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{
		organizationSpendLimit().ListResource,
		projectSpendLimit().ListResource,
		organizationSpendAlert().ListResource,
		projectSpendAlert().ListResource,
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
	return []func() function.Function{newUSDFunction, newCentsFunction, newHardLimitFunction}
}
