// Package tfkit holds the few helpers that all parts of the provider share.
package tfkit

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// ClientOf returns the client from the data of the provider, nil as long as the
// provider is not configured, for example in validate. It reports a client
// without the key that the object needs: the one of a project, or the admin key.
func ClientOf(data any, projectKey bool, diags *diag.Diagnostics) *adminapi.Client {
	if data == nil {
		return nil
	}
	client, ok := data.(*adminapi.Client)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Expected the API client, got %T. Please report this bug.", data))
		return nil
	}
	if client.CheckKey(projectKey) != nil {
		if projectKey {
			diags.AddError(NoProjectKey, NoProjectKeyStep)
		} else {
			diags.AddError(NoAdminKey, NoAdminKeyStep)
		}
	}
	return client
}

// A key is missing, and what to do about it.
const (
	NoAdminKey     = "No admin API key"
	NoAdminKeyStep = "Set admin_api_key in the provider block, or the environment variable OPENAI_ADMIN_KEY, to an admin key (sk-admin-…) of your organization. " +
		"An ordinary API key (OPENAI_API_KEY) cannot administer an organization. " +
		"To try the provider without an account, start its emulator with openai-admin emulate, which prints a key."
	NoProjectKey     = "No API key of a project"
	NoProjectKeyStep = "Webhook endpoints belong to the project of an API key; an admin key cannot manage them. " +
		"Set api_key in the provider block to an API key of the project. The environment variable OPENAI_API_KEY is only read when the base URL is that of api.openai.com."
)
