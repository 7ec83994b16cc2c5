package tfkit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Permissions are the scopes of keys and the permissions of roles that OpenAI's
// documentation, error messages and SDKs name. There is no complete list.
var Permissions = []string{
	"api.all.read",
	"api.audit_logs.read",
	"api.external_keys.read", "api.external_keys.write",
	"api.files.read", "api.files.write",
	"api.groups.read", "api.groups.write",
	"api.management.read", "api.management.write",
	"api.model.read", "api.model.request",
	"api.mtls.read", "api.mtls.write",
	"api.organization.projects.api_keys.read", "api.organization.projects.api_keys.write",
	"api.organization.tunnel.read", "api.organization.tunnel.use", "api.organization.tunnel.write",
	"api.project.read", "api.project.write",
	"api.responses.read", "api.responses.write",
	"api.usage.read",
	"api.vector_stores.read", "api.vector_stores.write",
	"api.webhooks.read", "api.webhooks.write",
	"model.request",
}

// Permission warns about a scope or permission that is not known.
func Permission() validator.String { return OpenEnum(Permissions...) }

// AdministrationScope is the prefix of the scopes of the Administration API.
const AdministrationScope = "api.management."

// ownersOnly begin the permissions that OpenAI's documentation does not offer
// for custom roles. An example of the reference has one of them all the same.
var ownersOnly = []string{AdministrationScope, "api.external_keys.", "api.groups.", "api.project."}

// RolePermission is Permission for custom roles, and warns of permissions that
// only predefined roles have.
func RolePermission() validator.String { return rolePermission{Permission()} }

type rolePermission struct{ validator.String }

func (v rolePermission) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	v.String.ValidateString(ctx, req, resp)
	value := req.ConfigValue.ValueString()
	if slices.ContainsFunc(ownersOnly, func(prefix string) bool { return strings.HasPrefix(value, prefix) }) {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Permission may be refused", fmt.Sprintf(
			"OpenAI's documentation does not offer %s for custom roles. If the API refuses it, assign a predefined role instead.", value))
	}
}
