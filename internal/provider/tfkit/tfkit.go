// Package tfkit holds the few helpers that all parts of the provider share.
package tfkit

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// ClientOf returns the client from the data of the provider, nil as long as the
// provider is not configured, for example in validate.
func ClientOf(data any, diags *diag.Diagnostics) *adminapi.Client {
	if data == nil {
		return nil
	}
	client, ok := data.(*adminapi.Client)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Expected the API client, got %T. Please report this bug.", data))
	}
	return client
}
