// Package ratelimit manages how many requests and tokens a minute or a day the
// projects may use.
package ratelimit

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{rateLimit()}
}

// DataSources lists the data sources of this part.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{rateLimitData().DataSource, rateLimitsData().DataSource}
}
