// Package settings serves the settings of projects and of the organization:
// permissions for models and hosted tools, service tiers and data retention.
// The audit log has no events for any of them.
package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// Routes registers the endpoints of policies.
func Routes(router api.Router) {
	const project = "/organization/projects/{project_id}"
	router.Handle("GET "+project+"/model_permissions", getModels)
	router.Handle("POST "+project+"/model_permissions", setModels)
	router.Handle("DELETE "+project+"/model_permissions", removeModels)
	router.Handle("GET "+project+"/hosted_tool_permissions", getTools)
	router.Handle("POST "+project+"/hosted_tool_permissions", updateTools)
	router.Handle("GET "+project+"/service_tier_settings", getTiers)
	router.Handle("POST "+project+"/service_tier_settings", updateTiers)
	router.Handle("GET "+project+"/data_retention", getProjectRetention)
	router.Handle("POST "+project+"/data_retention", setProjectRetention)
	router.Handle("GET /organization/data_retention", getOrganizationRetention)
	router.Handle("POST /organization/data_retention", setOrganizationRetention)
}

// oneOf refuses a value that is missing or not supported.
func oneOf(param, value string, supported ...string) error {
	switch {
	case value == "":
		return api.BadRequest(param, "Missing required parameter: '%s'.", param)
	case !slices.Contains(supported, value):
		return api.BadRequest(param, "Invalid value: %q. Supported values are: %s.", value, quoted(supported))
	default:
		return nil
	}
}

func quoted(values []string) string {
	words := make([]string, len(values))
	for i, value := range values {
		words[i] = fmt.Sprintf("'%s'", value)
	}
	return strings.Join(words, ", ")
}
