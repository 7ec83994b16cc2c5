// Package apikey manages service accounts, the API keys of projects and the
// admin keys of the organization.
package apikey

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources lists the resources of this part.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{serviceAccount().Resource, apiKey().Resource, adminKey().Resource}
}

// ListResources lists the list resources of this part.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{serviceAccount().ListResource, apiKey().ListResource, adminKey().ListResource}
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
