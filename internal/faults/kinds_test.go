package faults_test

import "testing"

// kind says who names an object, which decides the rules that apply to it.
type kind string

const (
	// serverNamed objects get their id from the API and hold no secret.
	serverNamed kind = "server-named"
	// secret objects get their id from the API, with a secret shown once.
	secret kind = "secret"
	// removable settings are named by the caller and can be removed.
	removable kind = "removable setting"
	// permanent settings always exist; destroying one restores its previous value.
	permanent kind = "permanent setting"
	// membership objects connect two objects that exist.
	membership kind = "membership"
	// set objects manage all members of a set.
	set kind = "set"
)

// kinds lists the kind of every resource.
var kinds = map[string]kind{
	"openai_project":                           serverNamed,
	"openai_project_service_account":           serverNamed,
	"openai_invite":                            serverNamed,
	"openai_organization_spend_alert":          serverNamed,
	"openai_project_spend_alert":               serverNamed,
	"openai_group":                             serverNamed,
	"openai_role":                              serverNamed,
	"openai_project_role":                      serverNamed,
	"openai_certificate":                       serverNamed,
	"openai_workload_identity_provider":        serverNamed,
	"openai_workload_identity_federation_rule": serverNamed,
	"openai_external_key":                      serverNamed,
	"openai_external_storage":                  serverNamed,

	"openai_project_api_key": secret,
	"openai_admin_api_key":   secret,

	"openai_organization_spend_limit":  removable,
	"openai_project_spend_limit":       removable,
	"openai_project_model_permissions": removable,

	"openai_project_rate_limit":              permanent,
	"openai_organization_data_retention":     permanent,
	"openai_project_data_retention":          permanent,
	"openai_project_hosted_tool_permissions": permanent,
	"openai_project_service_tier_settings":   permanent,

	"openai_organization_user":   membership,
	"openai_organization_member": membership,
	"openai_project_user":        membership,
	"openai_group_user":          membership,
	"openai_project_group":       membership,
	"openai_user_role":           membership,
	"openai_group_role":          membership,
	"openai_project_user_role":   membership,
	"openai_project_group_role":  membership,

	"openai_group_members":        set,
	"openai_project_certificates": set,
}

// subjectsOf returns the subjects of these kinds, all when none is given.
func subjectsOf(wanted ...kind) []subject {
	var found []subject
	for _, s := range subjects {
		matches := len(wanted) == 0
		for _, k := range wanted {
			matches = matches || kinds[s.typeName] == k
		}
		if matches {
			found = append(found, s)
		}
	}
	return found
}

func TestEveryResourceHasAKind(t *testing.T) {
	registered := resourceTypes(t)
	for _, name := range registered {
		if kinds[name] == "" {
			t.Errorf("%s has no kind", name)
		}
	}
	if len(kinds) != len(registered) {
		t.Errorf("%d kinds for %d resources", len(kinds), len(registered))
	}
	for _, s := range subjects {
		if kinds[s.typeName] == "" {
			t.Errorf("subject %s has no kind", s.typeName)
		}
	}
	if n := len(subjectsOf(serverNamed, secret)); n < 15 {
		t.Errorf("%d subjects are named by the server", n)
	}
}
