package tfkit

import "github.com/hashicorp/terraform-plugin-framework/schema/validator"

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
	"api.organization.projects.api_keys.read", "api.organization.projects.api_keys.write",
	"api.project.read", "api.project.write",
	"api.responses.read", "api.responses.write",
	"api.usage.read",
	"api.vector_stores.read", "api.vector_stores.write",
	"api.webhooks.read", "api.webhooks.write",
	"model.request",
}

// Permission warns about a scope or permission that is not known.
func Permission() validator.String { return OpenEnum(Permissions...) }
