package export

// kind is a type of object that is exported.
type kind struct {
	typeName string
	// label are the attributes after which an object is named, behind its
	// project. Without any, there is one object in a project at most.
	label []string
	// named are the attributes that hold the id of another object, after which
	// this one is named, too: behind its project, before its label.
	named []string
	// referred are the places where other objects hold a value of this one.
	referred []reference
	// onDemand kinds are left out unless asked for.
	onDemand bool
	// projectKey kinds are those of the project of OPENAI_API_KEY.
	projectKey bool
	// note is written above every object.
	note string
}

// TypeNames lists the types that can be exported.
func TypeNames() []string { return typeNames(func(kind) bool { return true }) }

// OnRequest lists the types that are exported only when they are included.
func OnRequest() []string { return typeNames(func(k kind) bool { return k.onDemand }) }

func typeNames(chosen func(kind) bool) []string {
	var names []string
	for _, k := range kinds {
		if chosen(k) {
			names = append(names, k.typeName)
		}
	}
	return names
}

// reference says that attributes at a path, such as project_id or projects.id,
// hold the value of an attribute of the kind.
type reference struct{ path, attribute string }

// kinds are all that is exported, projects first. A new resource is added here, or to
// notExported.
var kinds = []kind{
	{
		typeName: "openai_project", label: []string{"name"},
		referred: []reference{{"project_id", "id"}, {"projects.id", "id"}},
	},
	{
		typeName: "openai_organization_member", label: []string{"email"},
		referred: []reference{{"email", "email"}, {"members", "email"}, {"user_id", "user_id"}},
	},
	{
		typeName: "openai_role", label: []string{"role_name"},
		referred: []reference{{"role_id", "role_id"}},
	},
	{
		typeName: "openai_group", label: []string{"name"},
		referred: []reference{{"group_id", "id"}},
	},
	{typeName: "openai_group_members", named: []string{"group_id"}},
	{typeName: "openai_group_role", named: []string{"group_id"}, label: []string{"name"}},
	{typeName: "openai_user_role", named: []string{"user_id"}, label: []string{"name"}, onDemand: true},
	{
		typeName: "openai_admin_api_key", label: []string{"name"}, onDemand: true,
		note: "The API does not return the secret. Remove the key that Terraform itself uses.",
	},
	{typeName: "openai_organization_spend_limit"},
	{typeName: "openai_organization_spend_alert", label: []string{"threshold_usd"}},
	{typeName: "openai_organization_data_retention"},
	{
		typeName: "openai_certificate", label: []string{"name"},
		referred: []reference{{"certificate_ids", "id"}},
	},
	{
		typeName: "openai_workload_identity_provider", label: []string{"name"},
		referred: []reference{{"workload_identity_provider_id", "id"}},
	},
	{
		typeName: "openai_external_key", label: []string{"name"},
		referred: []reference{{"external_key_id", "external_key_id"}},
	},
	{typeName: "openai_mcp_tunnel", label: []string{"name"}},
	{
		typeName: "openai_webhook_endpoint", label: []string{"name"}, onDemand: true, projectKey: true,
		note: "The API does not return the signing secret. The provider block needs api_key, an API key of the project.",
	},
	{typeName: "openai_project_user", label: []string{"email"}},
	{
		typeName: "openai_project_service_account", label: []string{"name"},
		referred: []reference{{"service_account_id", "id"}, {"user_id", "id"}, {"members", "id"}},
	},
	{
		typeName: "openai_project_api_key", label: []string{"name"},
		note: "The API returns neither the secret nor the scopes. Importing the key changes neither.",
	},
	{
		typeName: "openai_project_role", label: []string{"role_name"},
		referred: []reference{{"role", "role_id"}, {"role_id", "role_id"}},
	},
	{typeName: "openai_project_group", label: []string{"group_name"}},
	{typeName: "openai_project_group_role", named: []string{"group_id"}, label: []string{"name"}},
	{typeName: "openai_project_user_role", named: []string{"user_id"}, label: []string{"name"}, onDemand: true},
	{
		typeName: "openai_workload_identity_federation_rule",
		named:    []string{"workload_identity_provider_id"}, label: []string{"name"},
	},
	{typeName: "openai_project_spend_limit"},
	{typeName: "openai_project_spend_alert", label: []string{"threshold_usd"}},
	{typeName: "openai_project_rate_limit", label: []string{"model"}, onDemand: true},
	{typeName: "openai_external_storage", label: []string{"type"}},
	{typeName: "openai_project_model_permissions"},
	{typeName: "openai_project_hosted_tool_permissions"},
	{typeName: "openai_project_service_tier_settings"},
	{typeName: "openai_project_data_retention"},
	{typeName: "openai_project_certificates"},
}

// notExported are the other resources, and why.
var notExported = map[string]string{
	"openai_fine_tuning_checkpoint_permissions": "the API lists the checkpoints of fine-tuned models only for keys of projects",

	"openai_organization_user": "people are exported as openai_organization_member",
	"openai_invite":            "invitations are exported as openai_organization_member",
	"openai_group_user":        "the members of a group are exported as openai_group_members, which conflicts with it",
}
