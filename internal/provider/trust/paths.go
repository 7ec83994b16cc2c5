package trust

import (
	"context"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// The API paths of the objects, which say which resources are about the same.

func (r *externalKeyResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/external_keys/{external_key_id}"))
}

func (r *externalStorageResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/external_storage/{external_storage_id}"))
}
