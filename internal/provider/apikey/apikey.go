// Package apikey manages service accounts, the API keys of projects and the
// admin keys of the organization.
package apikey

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{serviceAccount(), apiKey(), adminKey()}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		serviceAccountData().DataSource,
		serviceAccountsData().DataSource,
		apiKeyData().DataSource,
		apiKeysData().DataSource,
		keyReportData().DataSource,
	}
}

// EphemeralResources lists the ephemeral resources of this part.
func EphemeralResources() []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newUnsealedSecret, newEphemeralAPIKey}
}

// Actions lists the actions of this part.
func Actions() []func() action.Action {
	return []func() action.Action{revokeKeyAction().Action, revokePreviousAction().Action, revokeAccountKeysAction().Action}
}
