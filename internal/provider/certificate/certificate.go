// Package certificate manages client certificates for mutual TLS, and the
// projects that they are active in.
package certificate

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{certificate(), projectCertificates()}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		certificateData().DataSource,
		certificatesData().DataSource,
		projectCertificatesData().DataSource,
	}
}
