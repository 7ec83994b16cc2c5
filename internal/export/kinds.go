package export

// kind is a type of object that is exported.
type kind struct {
	typeName string
	// id are the parts of the identity that make the import id, in its order.
	id []string
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
	// note is written above every object.
	note string
}

// reference says that attributes at a path, such as project_id or projects.id,
// hold the value of an attribute of the kind.
type reference struct{ path, attribute string }

// kinds are all that is exported, projects first. A new resource is added here, or to
// notExported.
var kinds = []kind{
	{
		typeName: "openai_project", id: []string{"id"}, label: []string{"name"},
		referred: []reference{{"project_id", "id"}, {"projects.id", "id"}},
	},
	{
		typeName: "openai_organization_member", id: []string{"email"}, label: []string{"email"},
		referred: []reference{{"email", "email"}, {"members", "email"}, {"user_id", "user_id"}},
	},
	{
		typeName: "openai_role", id: []string{"role_id"}, label: []string{"role_name"},
		referred: []reference{{"role_id", "role_id"}},
	},
	{
		typeName: "openai_group", id: []string{"id"}, label: []string{"name"},
		referred: []reference{{"group_id", "id"}},
	},
	{typeName: "openai_group_members", id: []string{"group_id"}, named: []string{"group_id"}},
	{typeName: "openai_group_role", id: []string{"group_id", "role_id"}, named: []string{"group_id"}, label: []string{"name"}},
	{typeName: "openai_user_role", id: []string{"user_id", "role_id"}, named: []string{"user_id"}, label: []string{"name"}, onDemand: true},
	{
		typeName: "openai_admin_api_key", id: []string{"admin_api_key_id"}, label: []string{"name"}, onDemand: true,
		note: "The API does not tell the secret. Take the key out that Terraform itself uses.",
	},
	{typeName: "openai_organization_spend_limit", id: []string{"singleton_id"}},
	{typeName: "openai_organization_spend_alert", id: []string{"alert_id"}, label: []string{"threshold_usd"}},
	{typeName: "openai_organization_data_retention", id: []string{"singleton_id"}},
	{
		typeName: "openai_certificate", id: []string{"certificate_id"}, label: []string{"name"},
		referred: []reference{{"certificate_ids", "id"}},
	},
	{
		typeName: "openai_workload_identity_provider", id: []string{"workload_identity_provider_id"}, label: []string{"name"},
		referred: []reference{{"workload_identity_provider_id", "id"}},
	},
	{
		typeName: "openai_external_key", id: []string{"external_key_id"}, label: []string{"name"},
		referred: []reference{{"external_key_id", "external_key_id"}},
	},
	{typeName: "openai_project_user", id: []string{"project_id", "user_id"}, label: []string{"email"}},
	{
		typeName: "openai_project_service_account", id: []string{"project_id", "service_account_id"}, label: []string{"name"},
		referred: []reference{{"service_account_id", "id"}, {"user_id", "id"}, {"members", "id"}},
	},
	{
		typeName: "openai_project_api_key", id: []string{"project_id", "api_key_id"}, label: []string{"name"},
		note: "The API tells neither the secret nor the scopes: the key keeps both as they are.",
	},
	{
		typeName: "openai_project_role", id: []string{"project_id", "role_id"}, label: []string{"role_name"},
		referred: []reference{{"role", "role_id"}, {"role_id", "role_id"}},
	},
	{typeName: "openai_project_group", id: []string{"project_id", "group_id"}, label: []string{"group_name"}},
	{typeName: "openai_project_group_role", id: []string{"project_id", "group_id", "role_id"}, named: []string{"group_id"}, label: []string{"name"}},
	{typeName: "openai_project_user_role", id: []string{"project_id", "user_id", "role_id"}, named: []string{"user_id"}, label: []string{"name"}, onDemand: true},
	{
		typeName: "openai_workload_identity_federation_rule", id: []string{"workload_identity_provider_id", "workload_identity_federation_rule_id"},
		named: []string{"workload_identity_provider_id"}, label: []string{"name"},
	},
	{typeName: "openai_project_spend_limit", id: []string{"project_id"}},
	{typeName: "openai_project_spend_alert", id: []string{"project_id", "alert_id"}, label: []string{"threshold_usd"}},
	{typeName: "openai_project_rate_limit", id: []string{"project_id", "rate_limit_id"}, label: []string{"model"}, onDemand: true},
	{typeName: "openai_external_storage", id: []string{"external_storage_id"}, label: []string{"type"}},
	{typeName: "openai_project_model_permissions", id: []string{"project_id"}},
	{typeName: "openai_project_hosted_tool_permissions", id: []string{"project_id"}},
	{typeName: "openai_project_service_tier_settings", id: []string{"project_id"}},
	{typeName: "openai_project_data_retention", id: []string{"project_id"}},
	{typeName: "openai_project_certificates", id: []string{"project_id"}},
}

// notExported are the other resources, and why.
var notExported = map[string]string{
	"openai_organization_user": "people are exported as openai_organization_member",
	"openai_invite":            "invitations are exported as openai_organization_member",
	"openai_group_user":        "the members of a group are exported as openai_group_members, which must not stand beside it",
}
