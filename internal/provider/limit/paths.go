package limit

import (
	"context"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// The API paths of the objects, which say which resources are about the same.

func (r *rateLimitResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/projects/{project_id}/rate_limits/{rate_limit_id}"), object.Path("/organization/projects/{project_id}/rate_limits?model={model}"))
}
