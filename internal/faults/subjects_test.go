package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// subject is a resource of the matrix: two configurations, where the second is
// an update in place of the first, and the content that the organization must
// have for each.
type subject struct {
	typeName string
	first    func(w *world) map[string]any
	second   func(w *world) map[string]any
	// found lists the subject's objects and values in the organization, in words
	// that differ between the two configurations.
	found func(t testing.TB, w *world) []string
	// planning is how many requests it takes to plan a creation.
	planning int
	// one and two are the results of found with the configurations, none its
	// result without the resource.
	one, two, none []string
	// special is in the first entry of a type.
	special special
}

// special has properties of a type that tests need and its definition does not
// have.
type special struct {
	// createdIn is the list in which objects are created, if it is not their own.
	createdIn string
	// query are further parameters that a list needs to show all objects.
	query string
	// onlyActive says that an inactive object is no member of the list.
	onlyActive bool
	// routes are the writes of a change that differ from those of its kind.
	routes func(r routes) routes
	// rewrites are writes of settings with the value that they have.
	rewrites []string
	// verbs are the ends of the paths of writes that are about the object before.
	verbs []string
	// neverWritten is a part of declared paths that no request of the resource has.
	neverWritten string
	// overwrites are words of the plan of a create of the second configuration
	// over the first one. Without any, it is another object.
	overwrites []string
	// alwaysThere says that something exists before any create.
	alwaysThere bool
	// cannotReturn says that a removed object cannot be created again.
	cannotReturn bool
	// uniqueName says that the API refuses a second equal object.
	uniqueName bool
	// notListed is why nothing is listed of the first configuration. Tests of
	// other packages import such objects.
	notListed string
	// outlivesProject says that an object of the organization that is about a
	// project can still be destroyed when that is archived.
	outlivesProject bool
	// ageless says that the API does not return the age of the parent.
	ageless bool
	// keepsParent is the attribute of a parent that cannot be deleted as long as
	// the object is there.
	keepsParent string
	// set has the members of a set.
	set *manyMembers
}

// specialOf returns the special properties of a type.
func specialOf(typeName string) special {
	for _, s := range subjects {
		if s.typeName == typeName {
			return s.special
		}
	}
	return special{}
}

func named(name string) func(*world) map[string]any {
	return func(*world) map[string]any { return map[string]any{"name": name} }
}

func words(items []map[string]any, keep func(map[string]any) bool, fields ...string) []string {
	found := []string{}
	for _, item := range items {
		if !keep(item) {
			continue
		}
		text := ""
		for _, field := range fields {
			text += fmt.Sprint(item[field]) + " "
		}
		found = append(found, text[:len(text)-1])
	}
	return found
}

func all(map[string]any) bool { return true }

func is(field string, values ...string) func(map[string]any) bool {
	return func(item map[string]any) bool { return !isNot(field, values...)(item) }
}

func isCustom(role map[string]any) bool { return role["predefined_role"] == false }

func groupMembers(group func(w *world) string) func(t testing.TB, w *world) []string {
	return func(t testing.TB, w *world) []string {
		return words(w.list(t, "/groups/"+group(w)+"/users"), all, "email")
	}
}

func isNot(field string, values ...string) func(map[string]any) bool {
	return func(item map[string]any) bool {
		for _, value := range values {
			if item[field] == value {
				return false
			}
		}
		return true
	}
}

func singleton(path string) func(t testing.TB, w *world) []string {
	return fields(func(*world) string { return path }, "threshold_amount")
}

// fields reads a setting, which exists at most once.
func fields(path func(w *world) string, names ...string) func(t testing.TB, w *world) []string {
	return func(t testing.TB, w *world) []string {
		var setting map[string]any
		if w.get(t, path(w), &setting) == http.StatusNotFound {
			return []string{}
		}
		return words([]map[string]any{setting}, all, names...)
	}
}

func hostedTools(w *world, mcp bool) map[string]any {
	return map[string]any{
		"project_id": w.project, "mcp_enabled": mcp, "web_search_enabled": false,
		"code_interpreter_enabled": true, "file_search_enabled": true, "image_generation_enabled": true,
	}
}

func identityProvider(name string, enabled bool) map[string]any {
	return map[string]any{"name": name, "issuer": "https://token.actions.githubusercontent.com", "audience": "https://api.openai.com/v1", "enabled": enabled}
}

func federationRule(w *world, repository string, scopes []string) map[string]any {
	rule := map[string]any{
		"workload_identity_provider_id": w.identityProvider, "project_id": w.project, "service_account_id": w.account,
		// The type and the value, as Terraform writes an attribute of dynamic type.
		"attribute_matchers": map[string]any{"type": []any{"object", map[string]string{"repository": "string"}}, "value": map[string]string{"repository": repository}},
		"enabled":            true,
	}
	if scopes != nil {
		rule["scopes"] = scopes
	}
	return rule
}

func checkpointPermissions(w *world, projects ...string) map[string]any {
	return map[string]any{"fine_tuned_model_checkpoint": w.checkpoint, "project_ids": projects}
}

func externalKey(w *world, name string) map[string]any {
	return map[string]any{
		"name": name, "purpose": "ekm", "external_id": w.project,
		"kms_arn": "arn:aws:kms:eu-central-1:123456789012:key/abc", "role_arn": "arn:aws:iam::123456789012:role/openai",
	}
}

func externalStorage(w *world, bucket string) map[string]any {
	return map[string]any{
		"project_id": w.project, "validate": true,
		"aws": map[string]string{"bucket": bucket, "role_arn": "arn:aws:iam::123456789012:role/openai"},
	}
}

func alert(w *world, cents int, own map[string]any) map[string]any {
	own["threshold_amount"] = cents
	own["notification_channel_recipients"] = []string{"a@example.com", "b@example.com"}
	return own
}

func rotated(w *world, trigger string) map[string]any {
	return map[string]any{"project_id": w.project, "service_account_id": w.account, "name": "rotated", "rotation_triggers": map[string]string{"by": trigger}}
}

// webhook is the endpoint with this name, for these events.
func webhook(name string, eventTypes ...string) map[string]any {
	return map[string]any{"name": name, "url": "https://example.com/" + name, "event_types": eventTypes}
}

func rotatedWebhook(trigger string) map[string]any {
	endpoint := webhook("rotated", "batch.failed")
	endpoint["rotation_triggers"] = map[string]string{"by": trigger}
	return endpoint
}

var subjects = []subject{
	{
		typeName: "openai_project", first: named("one"), second: named("two"),
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects?limit=100"), isNot("name", "Default project", "world", "hooks"), "name")
		},
		one: []string{"one"}, two: []string{"two"}, none: []string{},
		special: special{
			verbs: []string{"/archive"}, // a project cannot be deleted
			routes: func(r routes) routes {
				r.remove = []string{"POST " + inProject + "/archive"}
				return r
			},
		},
	},
	{
		typeName: "openai_project_service_account",
		first:    func(w *world) map[string]any { return map[string]any{"project_id": w.project, "name": "one"} },
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "name": "two", "role": "owner"}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/service_accounts?limit=100"), isNot("name", "world"), "name", "role")
		},
		one: []string{"one member"}, two: []string{"two owner"}, none: []string{},
	},
	{
		typeName: "openai_project_api_key",
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "service_account_id": w.account, "name": "key"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "service_account_id": w.account, "name": "key", "scopes": []string{"api.all.read"}}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/api_keys?limit=100&owner_project_access=any"), is("name", "key"), "name")
		},
		planning: 1, one: []string{"key"}, two: []string{"key"}, none: []string{},
		special: special{
			// A key is created below its account, and managed below its project.
			createdIn: inProject + "/service_accounts/*/api_keys",
			query:     "&owner_project_access=any",
			routes: func(r routes) routes {
				r.create = []string{"POST " + inProject + "/service_accounts/*/api_keys"}
				return r.updating(r.create[0], r.remove[0])
			},
		},
	},
	{
		// A rotation; the old key stays valid with the new one.
		typeName: "openai_project_api_key",
		first:    func(w *world) map[string]any { return rotated(w, "1") },
		second:   func(w *world) map[string]any { return rotated(w, "2") },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/api_keys?limit=100&owner_project_access=any"), is("name", "rotated"), "name")
		},
		planning: 1, one: []string{"rotated"}, two: []string{"rotated", "rotated"}, none: []string{},
	},
	{
		// The API changes nothing of an admin key, so the second replaces it.
		typeName: "openai_admin_api_key", first: named("one"), second: named("two"),
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/admin_api_keys?limit=100"), isNot("name", "emulator"), "name")
		},
		one: []string{"one"}, two: []string{"two"}, none: []string{},
	},
	{
		typeName: "openai_webhook_endpoint",
		first:    func(*world) map[string]any { return webhook("one", "batch.failed") },
		second:   func(*world) map[string]any { return webhook("two", "batch.failed", "response.completed") },
		found: func(t testing.TB, w *world) []string {
			return words(w.listBelow(t, "", "/webhook_endpoints?limit=100"), isNot("name", "rotated"), "name", "url", "event_types")
		},
		one: []string{"one https://example.com/one [batch.failed]"}, two: []string{"two https://example.com/two [batch.failed response.completed]"}, none: []string{},
		special: special{
			verbs:  []string{"/rotate_secret"}, // changes the secret
			routes: func(r routes) routes { return r.updating("POST /webhook_endpoints/*/rotate_secret") },
		},
	},
	{
		// A rotation of the signing secret.
		typeName: "openai_webhook_endpoint",
		first:    func(*world) map[string]any { return rotatedWebhook("1") },
		second:   func(*world) map[string]any { return rotatedWebhook("2") },
		found: func(t testing.TB, w *world) []string {
			return words(w.listBelow(t, "", "/webhook_endpoints?limit=100"), is("name", "rotated"), "name")
		},
		one: []string{"rotated"}, two: []string{"rotated"}, none: []string{},
	},
	{
		typeName: "openai_organization_spend_limit", planning: 1,
		first:  func(*world) map[string]any { return map[string]any{"threshold_amount": 100} },
		second: func(*world) map[string]any { return map[string]any{"threshold_amount": 200} },
		found:  singleton("/spend_limit"), one: []string{"100"}, two: []string{"200"}, none: []string{},
		special: special{overwrites: []string{"1 USD → 2 USD"}},
	},
	{
		typeName: "openai_project_spend_limit", planning: 1,
		first:  func(w *world) map[string]any { return map[string]any{"project_id": w.project, "threshold_amount": 100} },
		second: func(w *world) map[string]any { return map[string]any{"project_id": w.project, "threshold_amount": 200} },
		found: func(t testing.TB, w *world) []string {
			return singleton("/projects/"+w.project+"/spend_limit")(t, w)
		},
		one: []string{"100"}, two: []string{"200"}, none: []string{},
		special: special{overwrites: []string{"1 USD → 2 USD"}},
	},
	{
		typeName: "openai_organization_spend_alert",
		first:    func(w *world) map[string]any { return alert(w, 100, map[string]any{}) },
		second:   func(w *world) map[string]any { return alert(w, 200, map[string]any{}) },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/spend_alerts?limit=100"), all, "threshold_amount")
		},
		one: []string{"100"}, two: []string{"200"}, none: []string{},
		special: special{
			// The API was seen to change the limit when an alert of its scope is
			// written, so the limit is written again.
			rewrites: []string{"POST /organization/spend_limit"},
		},
	},
	{
		typeName: "openai_project_spend_alert",
		first:    func(w *world) map[string]any { return alert(w, 100, map[string]any{"project_id": w.project}) },
		second:   func(w *world) map[string]any { return alert(w, 200, map[string]any{"project_id": w.project}) },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/spend_alerts?limit=100"), all, "threshold_amount")
		},
		one: []string{"100"}, two: []string{"200"}, none: []string{},
		special: special{rewrites: []string{"POST " + inProject + "/spend_limit"}},
	},
	{
		typeName: "openai_project_rate_limit", planning: 1,
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "model": "gpt-4o", "max_requests_per_1_minute": 10}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "model": "gpt-4o", "max_requests_per_1_minute": 20}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/rate_limits?limit=100"), is("model", "gpt-4o"), "max_requests_per_1_minute")
		},
		one: []string{"10"}, two: []string{"20"}, none: []string{"500"},
		special: special{
			overwrites:  []string{"max_requests_per_1_minute: 10 → 20"},
			alwaysThere: true, // every project has one for each model
		},
	},
	{
		typeName: "openai_organization_user", planning: 1,
		first:  func(*world) map[string]any { return map[string]any{"email": "member@example.com", "role": "owner"} },
		second: func(*world) map[string]any { return map[string]any{"email": "member@example.com", "role": "reader"} },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/users?limit=100"), isNot("email", "owner@example.com"), "email", "role")
		},
		one: []string{"member@example.com owner"}, two: []string{"member@example.com reader"}, none: []string{},
		special: special{
			overwrites:  []string{"role: owner → reader"},
			alwaysThere: true, // adopts, and never invites
			// Who was removed has to be invited before the user can be managed.
			cannotReturn: true,
			routes: func(r routes) routes {
				r.create = r.update
				return r
			},
		},
	},
	{
		typeName: "openai_organization_member", planning: 2,
		first:  func(*world) map[string]any { return map[string]any{"email": "ada@example.com", "role": "reader"} },
		second: func(*world) map[string]any { return map[string]any{"email": "ada@example.com", "role": "owner"} },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/invites?limit=100"), func(invite map[string]any) bool {
				return invite["email"] == "ada@example.com" && invite["status"] == "pending"
			}, "email", "role")
		},
		one: []string{"ada@example.com reader"}, two: []string{"ada@example.com owner"}, none: []string{},
		special: special{
			overwrites: []string{"role: reader → owner"},
			// An invitation, or a person who has accepted it.
			routes: func(r routes) routes {
				r.create = []string{"POST /organization/invites", "POST /organization/users/*"}
				r.update = append(r.create, "DELETE /organization/invites/*")
				r.remove = append(r.remove, "DELETE /organization/invites/*")
				return r
			},
		},
	},
	{
		typeName: "openai_invite", planning: 1,
		first:  func(*world) map[string]any { return map[string]any{"email": "bea@example.com", "role": "reader"} },
		second: func(*world) map[string]any { return map[string]any{"email": "bea@example.com", "role": "owner"} },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/invites?limit=100"), is("email", "bea@example.com"), "email", "role")
		},
		one: []string{"bea@example.com reader"}, two: []string{"bea@example.com owner"}, none: []string{},
		special: special{
			overwrites: []string{"role: reader → owner", "prevents the create"},
			uniqueName: true,
			routes: func(r routes) routes {
				return r.updating(r.create[0], r.remove[0])
			},
		},
	},
	{
		typeName: "openai_project_user", planning: 1,
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "email": "member@example.com", "role": "member"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "email": "member@example.com", "role": "owner"}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/projects/"+w.project+"/users?limit=100"), all, "email", "role")
		},
		one: []string{"member@example.com member"}, two: []string{"member@example.com owner"}, none: []string{},
		special: special{overwrites: []string{"role: member → owner"}},
	},
	{
		typeName: "openai_project_model_permissions", planning: 1,
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "mode": "allow_list", "model_ids": []string{"a"}}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "mode": "deny_list", "model_ids": []string{"b"}}
		},
		found: fields(func(w *world) string { return "/projects/" + w.project + "/model_permissions" }, "mode", "model_ids"),
		one:   []string{"allow_list [a]"}, two: []string{"deny_list [b]"}, none: []string{},
		special: special{overwrites: []string{"mode: allow_list → deny_list", "model_ids: [a] → [b]"}},
	},
	{
		typeName: "openai_project_hosted_tool_permissions", planning: 1,
		first:  func(w *world) map[string]any { return hostedTools(w, false) },
		second: func(w *world) map[string]any { return hostedTools(w, true) },
		found: fields(func(w *world) string { return "/projects/" + w.project + "/hosted_tool_permissions" },
			"mcp", "web_search"),
		one: []string{"map[enabled:false] map[enabled:false]"}, two: []string{"map[enabled:true] map[enabled:false]"}, none: []string{"map[enabled:true] map[enabled:true]"},
		special: special{overwrites: []string{"mcp_enabled: false → true"}},
	},
	{
		typeName: "openai_project_service_tier_settings", planning: 1,
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "default": "fast", "enabled_tiers": []string{"fast"}}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "default": "scale", "enabled_tiers": []string{}}
		},
		found: fields(func(w *world) string { return "/projects/" + w.project + "/service_tier_settings" }, "default", "enabled_tiers"),
		one:   []string{"fast [fast]"}, two: []string{"scale []"}, none: []string{"standard all"},
		special: special{overwrites: []string{"default: fast → scale", "enabled_tiers: [fast] → []"}},
	},
	{
		typeName: "openai_organization_data_retention", planning: 1,
		first:  func(*world) map[string]any { return map[string]any{"type": "zero_data_retention"} },
		second: func(*world) map[string]any { return map[string]any{"type": "modified_abuse_monitoring"} },
		found:  fields(func(*world) string { return "/data_retention" }, "type"),
		one:    []string{"zero_data_retention"}, two: []string{"modified_abuse_monitoring"}, none: []string{"enhanced_zero_data_retention"},
		special: special{
			overwrites:  []string{"zero_data_retention → modified_abuse_monitoring"},
			alwaysThere: true, // of the world, which is no default
		},
	},
	{
		typeName: "openai_project_data_retention", planning: 1,
		first: func(w *world) map[string]any { return map[string]any{"project_id": w.project, "type": "none"} },
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "type": "zero_data_retention"}
		},
		found: fields(func(w *world) string { return "/projects/" + w.project + "/data_retention" }, "type"),
		one:   []string{"none"}, two: []string{"zero_data_retention"}, none: []string{"organization_default"},
		special: special{overwrites: []string{"none → zero_data_retention"}},
	},
	{
		typeName: "openai_group", first: named("one"), second: named("two"),
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/groups"), isNot("name", "world"), "name")
		},
		one: []string{"one"}, two: []string{"two"}, none: []string{},
	},
	{
		// Every change of a member or of an assignment replaces.
		typeName: "openai_group_user", planning: 2,
		first:  func(w *world) map[string]any { return map[string]any{"group_id": w.people, "user_id": w.owner} },
		second: func(w *world) map[string]any { return map[string]any{"group_id": w.people, "user_id": w.member} },
		found:  groupMembers(func(w *world) string { return w.people }),
		one:    []string{"owner@example.com"}, two: []string{"member@example.com"}, none: []string{},
	},
	{
		typeName: "openai_group_members", planning: 2,
		first: func(w *world) map[string]any {
			return map[string]any{"group_id": w.crew, "members": []string{"owner@example.com"}}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"group_id": w.crew, "members": []string{"member@example.com"}}
		},
		found: groupMembers(func(w *world) string { return w.crew }),
		one:   []string{"owner@example.com"}, two: []string{"member@example.com"}, none: []string{},
		special: special{
			overwrites: []string{"owner@example.com", "removed by the apply after this one"},
			routes: func(r routes) routes {
				return r.updating(r.create[0], r.remove[0])
			},
			set: &manyMembers{
				attribute: "members",
				configure: func(w *world, members ...string) map[string]any {
					return map[string]any{"group_id": w.crew, "members": members}
				},
				members: func(*world) []string {
					return []string{"owner@example.com", "member@example.com", "third-1@example.com"}
				},
				add: func(t *testing.T, w *world, member string) {
					users := words(w.list(t, "/users?limit=100"), is("email", member), "id")
					w.post(t, "/groups/"+w.crew+"/users", map[string]any{"user_id": users[0]})
				},
				present: func(t *testing.T, w *world) []string {
					return words(w.list(t, "/groups/"+w.crew+"/users?limit=100"), all, "email")
				},
			},
		},
	},
	{
		typeName: "openai_role",
		first: func(*world) map[string]any {
			return map[string]any{"role_name": "one", "permissions": []string{"api.files.read"}}
		},
		second: func(*world) map[string]any {
			return map[string]any{"role_name": "two", "permissions": []string{"api.files.write", "api.files.read"}}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/roles"), isCustom, "name", "permissions")
		},
		one: []string{"one [api.files.read]"}, two: []string{"two [api.files.read api.files.write]"}, none: []string{},
		special: special{uniqueName: true},
	},
	{
		typeName: "openai_project_role",
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "role_name": "one", "permissions": []string{}}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "role_name": "two", "permissions": []string{"api.model.request"}}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.listBelow(t, "/projects/"+w.project, "/roles"), isCustom, "name", "permissions")
		},
		one: []string{"one []"}, two: []string{"two [api.model.request]"}, none: []string{},
		special: special{uniqueName: true},
	},
	{
		typeName: "openai_group_role", planning: 1,
		first: func(w *world) map[string]any {
			return map[string]any{"group_id": w.team, "role_id": "role-api-organization-reader"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"group_id": w.team, "role_id": "role-api-organization-owner"}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/groups/"+w.team+"/roles"), all, "name")
		},
		one: []string{"reader"}, two: []string{"owner"}, none: []string{},
	},
	{
		typeName: "openai_user_role",
		first: func(w *world) map[string]any {
			return map[string]any{"user_id": w.member, "role_id": "role-api-organization-reader"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"user_id": w.member, "role_id": "role-api-organization-owner"}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/users/"+w.member+"/roles"), all, "name")
		},
		planning: 2, one: []string{"reader"}, two: []string{"owner"}, none: []string{},
		special: special{notListed: "the role is predefined, and belongs to openai_organization_member"},
	},
	{
		typeName: "openai_project_group", planning: 2,
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "group_id": w.guild, "role": "role-api-project-member"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "group_id": w.guild, "role": "role-api-project-owner"}
		},
		found: func(t testing.TB, w *world) []string {
			found := words(w.list(t, "/projects/"+w.project+"/groups"), all, "group_name")
			return append(found, words(w.listBelow(t, "/projects/"+w.project, "/groups/"+w.guild+"/roles"), is("name", "member", "owner"), "name")...)
		},
		one: []string{"world", "member"}, two: []string{"world", "owner"}, none: []string{},
		special: special{
			overwrites:   []string{"role-api-project-member", "role-api-project-owner"},
			neverWritten: "/roles/", // openai_project_group_role manages it as well
			routes: func(r routes) routes {
				return r.updating("POST /projects/*/groups/*/roles", "DELETE /projects/*/groups/*/roles/*")
			},
		},
	},
	{
		typeName: "openai_project_group_role", planning: 1,
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "group_id": w.team, "role_id": "role-api-project-viewer"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "group_id": w.team, "role_id": "role-api-project-member"}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.listBelow(t, "/projects/"+w.project, "/groups/"+w.team+"/roles"), all, "name")
		},
		one: []string{"viewer"}, two: []string{"member"}, none: []string{},
		special: special{notListed: "the role is predefined, and belongs to openai_project_group"},
	},
	{
		typeName: "openai_project_user_role", planning: 1,
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "user_id": w.member, "role_id": "role-api-project-viewer"}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "user_id": w.owner, "role_id": "role-api-project-member"}
		},
		// openai_project_user gives the member the roles of members and owners.
		found: func(t testing.TB, w *world) []string {
			users := "/projects/" + w.project
			return append(words(w.listBelow(t, users, "/users/"+w.member+"/roles"), is("name", "viewer"), "name"),
				words(w.listBelow(t, users, "/users/"+w.owner+"/roles"), all, "name")...)
		},
		one: []string{"viewer"}, two: []string{"member"}, none: []string{},
		special: special{notListed: "the role is predefined, and belongs to openai_project_user"},
	},
	{
		typeName: "openai_certificate",
		first:    func(w *world) map[string]any { return map[string]any{"certificate": w.authority, "name": "one"} },
		second: func(w *world) map[string]any {
			return map[string]any{"certificate": w.authority, "name": "two", "active": true}
		},
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/certificates?limit=100"), isNot("name", "world"), "name", "active")
		},
		one: []string{"one false"}, two: []string{"two true"}, none: []string{},
		special: special{
			// The certificates of an organization are switched together, by a request
			// that names them in its body.
			verbs: []string{"/activate", "/deactivate"},
			routes: func(r routes) routes {
				return r.writing("POST /organization/certificates/activate", "POST /organization/certificates/deactivate").removing("POST /organization/certificates/deactivate")
			},
		},
	},
	{
		typeName: "openai_project_certificates", planning: 1,
		first: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "certificate_ids": w.certificates[:1]}
		},
		second: func(w *world) map[string]any {
			return map[string]any{"project_id": w.project, "certificate_ids": w.certificates[1:]}
		},
		found: func(t testing.TB, w *world) []string {
			active := func(item map[string]any) bool { return item["active"] == true }
			found := []string{}
			for i, id := range w.certificates {
				for range words(w.list(t, "/projects/"+w.project+"/certificates?limit=100"), func(item map[string]any) bool { return active(item) && item["id"] == id }, "id") {
					found = append(found, fmt.Sprint(i))
				}
			}
			return found
		},
		one: []string{"0"}, two: []string{"1"}, none: []string{},
		special: special{
			// As those of the organization.
			verbs:        []string{"/activate", "/deactivate"},
			neverWritten: "/certificates/", // named in the body of activate and deactivate
			onlyActive:   true,
			overwrites:   []string{"removed by the apply after this one"},
			routes: func(r routes) routes {
				r.create = []string{"POST " + inProject + "/certificates/activate"}
				r.remove = []string{"POST " + inProject + "/certificates/deactivate"}
				r.update = append(r.create, r.remove...)
				return r
			},
			set: &manyMembers{
				attribute: "certificate_ids",
				configure: func(w *world, members ...string) map[string]any {
					return map[string]any{"project_id": w.project, "certificate_ids": members}
				},
				members: func(w *world) []string { return w.certificates },
				add: func(t *testing.T, w *world, member string) {
					w.post(t, "/projects/"+w.project+"/certificates/activate", map[string]any{"certificate_ids": []string{member}})
				},
				present: func(t *testing.T, w *world) []string {
					active := func(item map[string]any) bool { return item["active"] == true }
					return words(w.list(t, "/projects/"+w.project+"/certificates?limit=100"), active, "id")
				},
			},
		},
	},
	{
		typeName: "openai_fine_tuning_checkpoint_permissions", planning: 1,
		first:  func(w *world) map[string]any { return checkpointPermissions(w, w.other) },
		second: func(w *world) map[string]any { return checkpointPermissions(w, w.project) },
		found: func(t testing.TB, w *world) []string {
			found := []string{}
			for _, permission := range w.listBelow(t, "/fine_tuning/checkpoints/"+w.checkpoint, "/permissions?limit=100") {
				found = append(found, strings.NewReplacer(w.other, "other", w.project, "world").Replace(fmt.Sprint(permission["project_id"])))
			}
			return found
		},
		one: []string{"other"}, two: []string{"world"}, none: []string{},
		special: special{
			neverWritten: "/permissions/proj_", // named in the body, and deleted by the id of the permission
			overwrites:   []string{"removed by the apply after this one"},
			ageless:      true,
			notListed:    "no list has the checkpoints",
			routes: func(r routes) routes {
				return r.updating(r.create[0], r.remove[0])
			},
			set: &manyMembers{
				attribute: "project_ids",
				configure: checkpointPermissions,
				members:   func(w *world) []string { return []string{w.other, w.project, w.third} },
				add: func(t *testing.T, w *world, member string) {
					w.postBelow(t, "/fine_tuning/checkpoints/"+w.checkpoint, "/permissions", map[string]any{"project_ids": []string{member}})
				},
				present: func(t *testing.T, w *world) []string {
					return words(w.listBelow(t, "/fine_tuning/checkpoints/"+w.checkpoint, "/permissions?limit=100"), all, "project_id")
				},
			},
		},
	},
	{
		typeName: "openai_workload_identity_provider",
		first:    func(*world) map[string]any { return identityProvider("one", true) },
		second:   func(*world) map[string]any { return identityProvider("two", false) },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/workload_identity_providers?limit=100"), isNot("name", "world"), "name", "enabled")
		},
		one: []string{"one true"}, two: []string{"two false"}, none: []string{},
		special: special{uniqueName: true},
	},
	{
		typeName: "openai_workload_identity_federation_rule",
		first:    func(w *world) map[string]any { return federationRule(w, "acme/one", nil) },
		second:   func(w *world) map[string]any { return federationRule(w, "acme/two", []string{"api.all.read"}) },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/workload_identity_providers/"+w.identityProvider+"/federation_rules?limit=100"), all, "attribute_matchers", "permissions")
		},
		one:     []string{"map[repository:acme/one] map[type:service_account_default]"},
		two:     []string{"map[repository:acme/two] map[scopes:[api.all.read] type:restricted]"},
		none:    []string{},
		special: special{keepsParent: "workload_identity_provider_id"},
	},
	{
		typeName: "openai_external_key",
		first:    func(w *world) map[string]any { return externalKey(w, "one") },
		second:   func(w *world) map[string]any { return externalKey(w, "two") },
		found: func(t testing.TB, w *world) []string {
			return words(w.list(t, "/external_keys?limit=100"), all, "name", "type")
		},
		one: []string{"one aws"}, two: []string{"two aws"}, none: []string{},
		special: special{
			verbs: []string{"/validate"}, // checks the key, and changes its status
			routes: func(r routes) routes {
				return r.writing("POST /organization/external_keys/*/validate")
			},
		},
	},
	{
		typeName: "openai_mcp_tunnel",
		first:    func(*world) map[string]any { return map[string]any{"name": "one", "description": ""} },
		second:   func(*world) map[string]any { return map[string]any{"name": "two", "description": "Customers"} },
		found: func(t testing.TB, w *world) []string {
			return words(w.listBelow(t, "", "/tunnels?organization_id=org-emulator"), all, "name", "description")
		},
		one: []string{"one "}, two: []string{"two Customers"}, none: []string{},
		special: special{query: "&organization_id=org-emulator"},
	},
	{
		typeName: "openai_external_storage",
		first:    func(w *world) map[string]any { return externalStorage(w, "one") },
		second:   func(w *world) map[string]any { return externalStorage(w, "two") },
		found: func(t testing.TB, w *world) []string {
			found := []string{}
			for _, storage := range w.list(t, "/external_storage?limit=100") {
				provider, _ := storage["provider"].(map[string]any)
				found = append(found, fmt.Sprint(provider["bucket"], " ", storage["status"]))
			}
			return found
		},
		one: []string{"one validated"}, two: []string{"two validated"}, none: []string{},
		special: special{
			verbs:           []string{"/validate"}, // checks the storage, and changes its status
			outlivesProject: true,
			routes: func(r routes) routes {
				return r.writing("POST /organization/external_storage/*/validate")
			},
		},
	},
}
