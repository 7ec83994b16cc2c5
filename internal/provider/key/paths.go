package key

import (
	"context"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// The API paths of the objects, which say which resources are about the same.

func (r *serviceAccountResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/projects/{project_id}/service_accounts/{service_account_id}"))
}

func (r *apiKeyResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/projects/{project_id}/api_keys/{api_key_id}"))
}

func (r *adminKeyResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/admin_api_keys/{admin_api_key_id}"))
}
