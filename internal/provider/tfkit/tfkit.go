// Package tfkit holds the few helpers that all resources and data sources of
// the provider share.
package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// SchemaVersion is the version of every resource schema. It is not 0, so that
// states of other providers for the same type names can be taken over.
const SchemaVersion = 1

// Resource is embedded by every resource and carries the client.
type Resource struct {
	Client *adminapi.Client
}

// Configure takes the client from the provider.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Client = clientOf(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by every data source and carries the client.
type DataSource struct {
	Client *adminapi.Client
}

// Configure takes the client from the provider.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Client = clientOf(req.ProviderData, &resp.Diagnostics)
}

// clientOf is the client in what the provider hands on, nil as long as the
// provider is not configured, for example in validate.
func clientOf(data any, diags *diag.Diagnostics) *adminapi.Client {
	if data == nil {
		return nil
	}
	client, ok := data.(*adminapi.Client)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Expected the API client, got %T. Please report this bug.", data))
	}
	return client
}
