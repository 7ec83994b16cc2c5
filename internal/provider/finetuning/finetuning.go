// Package finetuning manages which projects may use fine-tuned models.
package finetuning

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{checkpointPermissions()}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{checkpointPermissionsData().DataSource}
}
