// Package webhook manages the webhook endpoints of a project.
package webhook

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition { return []lifecycle.Definition{endpoint()} }

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		endpointData().DataSource,
		endpointsData().DataSource,
		eventTypesData().DataSource,
	}
}

// keyNote says which key the objects need.
const keyNote = "It belongs to the project of `api_key` in the provider block; an admin key cannot manage it. The key needs the scope `api.webhooks.read`, and for changes `api.webhooks.write` and an owner of the project as its owner."

// Actions lists the actions of this part.
func Actions() []func() action.Action { return []func() action.Action{sendSampleEvent().Action} }
