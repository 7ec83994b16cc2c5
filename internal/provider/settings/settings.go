// Package settings manages the settings of projects and of the organization:
// permissions for models and hosted tools, service tiers and data retention.
package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{
		modelPermissions(),
		hostedToolPermissions(),
		serviceTierSettings(),
		organizationDataRetention(),
		projectDataRetention(),
	}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		modelPermissionsData().DataSource,
		hostedToolsData().DataSource,
		serviceTiersData().DataSource,
		organizationRetentionData().DataSource,
		projectRetentionData().DataSource,
	}
}

// projectIdentity identifies a setting that a project has once.
var projectIdentity = []lifecycle.Identifier{{Name: "project_id", Description: "Id of the project."}}

// restored ends the description of a setting that cannot be removed.
const restored = "\n\nThe setting cannot be removed. `terraform destroy` restores the values from before the resource was created. " +
	"The values from before an import are unknown: after an import, `terraform destroy` changes nothing, and a warning says so."

// overwritten describes the values that a create overwrites, if any. Settings
// that always exist get a warning only where a create changes values that were
// set.
func overwritten(object string, id []string, changes []lifecycle.Change) lifecycle.Found {
	if len(changes) == 0 {
		return lifecycle.Found{}
	}
	return lifecycle.Found{Object: object, ID: id, Changes: changes, Destroy: "Destroying the resource restores the old values above. If you import the setting instead, destroying the resource changes nothing."}
}

// differenceOfSets is the change of a set that may not be known yet.
func differenceOfSets(ctx context.Context, name string, present []string, planned types.Set) []lifecycle.Change {
	var items []string
	if planned.IsUnknown() || planned.ElementsAs(ctx, &items, false).HasError() {
		return []lifecycle.Change{{Name: name, Old: lifecycle.List(present), New: "known after apply"}}
	}
	return lifecycle.DifferenceOfSets(name, present, items)
}
