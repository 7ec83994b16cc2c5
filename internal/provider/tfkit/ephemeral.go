package tfkit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// EphemeralResource is embedded by every ephemeral resource that calls the API
// and carries the client.
type EphemeralResource struct {
	Client *adminapi.Client
}

// Configure takes the client from the provider.
func (r *EphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	r.Client = ClientOf(req.ProviderData, false, &resp.Diagnostics)
}
