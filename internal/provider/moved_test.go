package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// foreignObject is an object under another provider, with the attributes of that
// provider.
type foreignObject struct {
	provider, fromType, toType string
	// state is that provider's JSON, with the ids of the organization in braces.
	// Without one, it is the instance of the type in testdata/states.
	state string
	// keeps are attributes of the object as it is read afterwards.
	keeps map[string]string
}

const (
	jianyuan = "registry.terraform.io/jianyuan/openai"
	mkdev    = "registry.terraform.io/mkdev-me/openai"
	official = "registry.terraform.io/openai/openai"
	own      = "registry.terraform.io/allthingsai/openai"
)

// movedObjects covers each type of the other providers that can be moved or
// adopted. A new one is added to testdata/states and here. States that stand
// here are those of earlier versions.
var movedObjects = []foreignObject{
	{jianyuan, "openai_admin_api_key", "openai_admin_api_key", "", map[string]string{"value": "sk-admin-of-jianyuan", "admin_api_key_id": "{adminKey}"}},
	{mkdev, "openai_admin_api_key", "openai_admin_api_key", "", map[string]string{"value": "sk-admin-of-mkdev", "admin_api_key_id": "{adminKey}"}},
	{jianyuan, "openai_project", "openai_project", "", map[string]string{"project_id": "{project}"}},
	{mkdev, "openai_project", "openai_project", "", map[string]string{"name": "shop"}},
	{mkdev, "openai_project", "openai_project", `{"id":"{project}","title":"shop","created":1,"is_initial":false,"status":"active","archived_at":null,"timeouts":null}`, map[string]string{"name": "shop"}},
	{jianyuan, "openai_project_service_account", "openai_project_service_account", "", map[string]string{"service_account_id": "{account}", "role": "owner"}},
	{mkdev, "openai_project_service_account", "openai_project_service_account", "", map[string]string{"id": "{account}"}},
	{jianyuan, "openai_project_user", "openai_project_user", "", map[string]string{"email": "member@example.com"}},
	{mkdev, "openai_project_user", "openai_project_user", "", map[string]string{"id": "{user}", "role": "member"}},
	{mkdev, "openai_project_user", "openai_project_user", `{"id":"{project}:{user}","project_id":"{project}","user_id":"{user}","role":"member","email":"member@example.com","added_at":1}`, map[string]string{"id": "{user}"}},
	{jianyuan, "openai_project_rate_limit", "openai_project_rate_limit", "", map[string]string{"model": "gpt-4o"}},
	{mkdev, "openai_rate_limit", "openai_project_rate_limit", "", map[string]string{"id": "rl-gpt-4o", "model": "gpt-4o"}},
	{mkdev, "openai_rate_limit", "openai_project_rate_limit", `{"id":"{project}:gpt-4o","project_id":"{project}","model":"gpt-4o","rate_limit_id":"rl-gpt-4o","max_requests_per_minute":10,"api_key":null}`, map[string]string{"id": "rl-gpt-4o"}},
	{jianyuan, "openai_spend_limit", "openai_organization_spend_limit", "", map[string]string{"singleton_id": "organization"}},
	{jianyuan, "openai_project_spend_limit", "openai_project_spend_limit", "", map[string]string{"project_id": "{project}"}},
	{jianyuan, "openai_spend_alert", "openai_organization_spend_alert", "", map[string]string{"alert_id": "{alert}", "notification_channel_subject_prefix": "[spend]"}},
	{jianyuan, "openai_project_spend_alert", "openai_project_spend_alert", "", map[string]string{"alert_id": "{projectAlert}"}},
	{jianyuan, "openai_user_role", "openai_organization_user", "", map[string]string{"email": "member@example.com"}},
	{mkdev, "openai_organization_user", "openai_organization_user", "", map[string]string{"user_id": "{user}"}},
	{jianyuan, "openai_invite", "openai_invite", "", map[string]string{"invite_id": "{invite}"}},
	{mkdev, "openai_invite", "openai_invite", "", map[string]string{"status": "pending"}},
	{mkdev, "openai_invite", "openai_invite", `{"id":"{invite}","invite_id":"{invite}","email":"grace@example.com","role":"reader","projects":[{"id":"{project}","role":"member"}],"created_at":1,"expires_at":2,"status":"pending"}`, map[string]string{"status": "pending"}},
	{jianyuan, "openai_group", "openai_group", "", map[string]string{"group_id": "{group}", "group_type": "group"}},
	{mkdev, "openai_group", "openai_group", "", map[string]string{"group_id": "{group}"}},
	{jianyuan, "openai_group_user", "openai_group_user", "", map[string]string{"user_id": "{user}"}},
	{mkdev, "openai_group_user", "openai_group_user", "", map[string]string{"group_id": "{group}"}},
	{jianyuan, "openai_organization_role", "openai_role", "", map[string]string{"role_id": "{role}", "role_name": "Caller"}},
	{mkdev, "openai_organization_role", "openai_role", "", map[string]string{"role_id": "{role}", "id": "{role}"}},
	{jianyuan, "openai_project_role", "openai_project_role", "", map[string]string{"role_id": "{projectRole}", "role_name": "Caller of shop"}},
	{mkdev, "openai_project_role", "openai_project_role", "", map[string]string{"role_id": "{projectRole}", "id": "{projectRole}"}},
	{jianyuan, "openai_group_role_assignment", "openai_group_role", "", map[string]string{"name": "Caller"}},
	{mkdev, "openai_organization_group_role", "openai_group_role", "", map[string]string{"name": "Caller"}},
	{jianyuan, "openai_user_role_assignment", "openai_user_role", "", map[string]string{"name": "reader", "role_id": "role-api-organization-reader__api-organization__org-emulator"}},
	{mkdev, "openai_organization_user_role", "openai_user_role", "", map[string]string{"name": "reader"}},
	{mkdev, "openai_project_group", "openai_project_group", "", map[string]string{"role": "role-api-project-member", "group_name": "Support"}},
	{mkdev, "openai_project_group", "openai_project_group", `{"id":"{project}:{group}","project_id":"{project}","group_id":"{group}","role_id":"role-api-project-member__api-project__{project}","group_name":"Support","created_at":1}`, map[string]string{"group_name": "Support"}},
	{jianyuan, "openai_project_group_role_assignment", "openai_project_group_role", "", map[string]string{"name": "member"}},
	{jianyuan, "openai_project_user_role_assignment", "openai_project_user_role", "", map[string]string{"name": "member"}},
	{jianyuan, "openai_data_retention", "openai_organization_data_retention", "", map[string]string{"singleton_id": "organization"}},
	{jianyuan, "openai_organization_data_retention", "openai_organization_data_retention", `{"type":"modified_abuse_monitoring"}`, map[string]string{"type": "modified_abuse_monitoring"}},
	{jianyuan, "openai_project_model_permissions", "openai_project_model_permissions", "", map[string]string{"mode": "allow_list", "object": "project.model_permissions"}},
	// A person, of the parts that others have.
	{jianyuan, "openai_user_role", "openai_organization_member", "", map[string]string{"email": "member@example.com", "status": "active"}},
	{jianyuan, "openai_invite", "openai_organization_member", "", map[string]string{"id": "grace@example.com", "status": "pending"}},
	{mkdev, "openai_organization_user", "openai_organization_member", "", map[string]string{"id": "member@example.com"}},
	{official, "openai_invite", "openai_organization_member", `{"id":"{invite}","invite_id":"{invite}","email":"grace@example.com","role":"reader","status":"pending","projects":null}`, map[string]string{"status": "pending"}},
	{own, "openai_organization_user", "openai_organization_member", `{"id":"{user}","user_id":"{user}","role":"reader","email":"member@example.com"}`, map[string]string{"status": "active"}},
}

// foreignState is a file of testdata/states, with the ids filled in: the state
// of a provider's newest version, or the configuration of the same objects here.
func foreignState(t *testing.T, file string, fill *strings.Replacer) string {
	t.Helper()
	content, err := os.ReadFile("testdata/states/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return fill.Replace(string(content))
}

// foreignInstances are the attributes of the instances in the states of both
// providers, by provider and type.
func foreignInstances(t *testing.T, fill *strings.Replacer) map[string]map[string][]byte {
	t.Helper()
	return map[string]map[string][]byte{jianyuan: instancesOf(t, jianyuan, fill), mkdev: instancesOf(t, mkdev, fill)}
}

// stateIn is the state of the object, with the ids filled in.
func (e *foreignObject) stateIn(t *testing.T, instances map[string]map[string][]byte, fill *strings.Replacer) []byte {
	t.Helper()
	if e.state != "" {
		return []byte(fill.Replace(e.state))
	}
	state := instances[e.provider][e.fromType]
	if state == nil {
		t.Fatalf("testdata/states has no %s of %s", e.fromType, e.provider)
	}
	return state
}

// instancesOf are those of one provider.
func instancesOf(t *testing.T, provider string, fill *strings.Replacer) map[string][]byte {
	t.Helper()
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct{ Attributes json.RawMessage }
		}
	}
	if err := json.Unmarshal([]byte(foreignState(t, strings.Split(provider, "/")[1]+".state.json", fill)), &state); err != nil {
		t.Fatal(err)
	}
	instances := map[string][]byte{}
	for _, r := range state.Resources {
		instances[r.Type] = r.Instances[0].Attributes
	}
	return instances
}

// ids fills the ids of an organization in.
func ids(t *testing.T, b *acctest.Backend) *strings.Replacer {
	t.Helper()
	project := acctest.Populate(t, b, "shop")[0]
	first := func(path string) string {
		var list struct{ Data []struct{ ID string } }
		b.Do(t, "GET", "/organization/"+path, nil, &list)
		return list.Data[0].ID
	}
	in := "projects/" + project + "/"
	user := first(in + "users")
	o := accessAndPolicies(t, b, project, user)
	return strings.NewReplacer("{group}", o.group, "{role}", o.role, "{projectRole}", o.projectRole,
		"{project}", project, "{projectEnd}", project[len(project)-8:], "{adminKey}", nightly(t, b), "{account}", first(in+"service_accounts"), "{user}", user,
		"{alert}", first("spend_alerts"), "{projectAlert}", first(in+"spend_alerts"), "{invite}", first("invites"))
}

// nightly is the id of the admin key that Populate creates.
func nightly(t *testing.T, b *acctest.Backend) string {
	t.Helper()
	var keys struct{ Data []struct{ ID, Name string } }
	b.Do(t, "GET", "/organization/admin_api_keys?limit=100", nil, &keys)
	return keys.Data[slices.IndexFunc(keys.Data, func(key struct{ ID, Name string }) bool { return key.Name == "Nightly report" })].ID
}

// A state of another provider is read as the object that it is, whether it
// comes by a moved block or by another source, and its own configuration,
// generated again, changes nothing.
func TestStatesOfOtherProvidersAreMigrated(t *testing.T) {
	b := acctest.Start(t)
	fill := ids(t, b)
	states := foreignInstances(t, fill)
	for provider, instances := range states {
		for typeName := range instances {
			if !slices.ContainsFunc(movedObjects, func(e foreignObject) bool { return e.provider == provider && e.fromType == typeName && e.state == "" }) {
				t.Errorf("%s of %s is not tested: add it to movedObjects", typeName, provider)
			}
		}
	}
	b.Mark(t)
	for _, e := range movedObjects {
		t.Run(e.provider[strings.Index(e.provider, "/")+1:]+"/"+e.fromType+" to "+e.toType, func(t *testing.T) {
			driver := newDriver(t, b)
			state := e.stateIn(t, states, fill)
			taken := map[string]*acctest.Object{}
			moved, diags := driver.Move(t, e.provider, e.fromType, e.toType, state)
			expectNone(t, "move", diags)
			taken["moved"] = moved
			if e.fromType == e.toType {
				upgraded, diags := driver.Upgrade(t, e.toType, state)
				expectNone(t, "upgrade", diags)
				taken["upgraded"] = upgraded
			}
			for how, object := range taken {
				if object == nil {
					t.Fatalf("it is %s to nothing", how)
				}
				for attribute, want := range e.keeps {
					if got := object.Attribute(attribute); got != fill.Replace(want) {
						t.Errorf("%s: %s is %q, expected %q", how, attribute, got, fill.Replace(want))
					}
				}
				changed, diags := driver.Changes(t, object, driver.Generate(t, object))
				expectNone(t, how, diags)
				if len(changed) > 0 {
					t.Errorf("%s: the plan changes %s", how, strings.Join(changed, ", "))
				}
			}
		})
	}
	b.ExpectWrites(t, 0)
}

// Terraform drops attributes with other names from a state of the same schema
// version. The role of a group is then read, in another form than the one that
// the configuration has, and stays as it is.
func TestRoleOfAnotherProviderStays(t *testing.T) {
	b := acctest.Start(t)
	fill := ids(t, b)
	object, diags := newDriver(t, b).Upgrade(t, "openai_project_group", []byte(fill.Replace(`{"id":"{project}:{group}","project_id":"{project}","group_id":"{group}","created_at":1}`)))
	expectNone(t, "upgrade", diags)
	for _, role := range []string{"role-api-project-member", "role-api-project-member__api-project__{project}"} {
		p := newDriver(t, b).Plan(t, "openai_project_group", object, attributes{
			"project_id": fill.Replace("{project}"), "group_id": fill.Replace("{group}"), "role": fill.Replace(role),
		})
		if p.Action != acctest.ActionNoOp {
			t.Errorf("with role %s, the plan is %s: %v", role, p.Action, p.Diagnostics)
		}
	}
}

// nowhere is the state of an object that does not exist, for any type.
var nowhere = []byte(`{"id":"none","user_id":"user-none","project_id":"proj_none","email":"unknown@example.com",` +
	`"group_id":"group_none","role_id":"role_none","certificate_id":"cert_none","external_key_id":"extkey_none","external_storage_id":"extstorage_none","api_key_id":"key_none",` +
	`"fine_tuned_model_checkpoint":"none","workload_identity_provider_id":"wip_none","workload_identity_federation_rule_id":"wifr_none"}`)

// Every resource can be moved from the official provider under another name, and
// from no unknown provider.
func TestEveryResourceCanBeMoved(t *testing.T) {
	b := acctest.Start(t)
	b.UseAPIKey(t, b.Project(t, "webhooks"))
	driver := newDriver(t, b)
	for name, r := range resources(t) {
		if _, ok := r.(resource.ResourceWithMoveState); !ok {
			t.Errorf("%s cannot be moved", name)
			continue
		}
		moved, diags := driver.Move(t, official, name, name, nowhere)
		if name == "openai_organization_data_retention" {
			continue // there always is one
		}
		if moved != nil || len(diags) > 0 {
			t.Errorf("%s: an object that is not there is read as %v, %v", name, moved, diags)
		}
		for _, from := range []string{"registry.terraform.io/hashicorp/aws", "example.com/unknown/openai"} {
			if _, diags := driver.Move(t, from, name, name, []byte(`{}`)); len(diags) != 1 || !strings.Contains(diags[0].Summary, "Unable to Move Resource State") {
				t.Errorf("%s: a move from %s is answered with %v", name, from, diags)
			}
		}
	}
}

// A group of mkdev-me/openai that has several roles in a project keeps them: the
// configuration says which one is managed here.
func TestSeveralRolesOfMkdevAreKept(t *testing.T) {
	b := acctest.Start(t)
	fill := ids(t, b)
	roles := fill.Replace("/projects/{project}/groups/{group}/roles")
	b.Do(t, "POST", roles, map[string]string{"role_id": "role-api-project-viewer"}, nil)
	moved, diags := newDriver(t, b).Move(t, mkdev, "openai_project_group", "openai_project_group",
		[]byte(fill.Replace(`{"id":"{project}:{group}","project_id":"{project}","group_id":"{group}","role_ids":["role-api-project-member","role-api-project-viewer"]}`)))
	expectNone(t, "move", diags)
	if role := moved.Attribute("role"); role != "" {
		t.Errorf("%q is taken for the one role", role)
	}
}

// The openai_user_role of jianyuan/openai is another object than ours, and is
// not migrated to it.
func TestRolesByNameOfJianyuanAreNotTakenForAssignments(t *testing.T) {
	b := acctest.Start(t)
	driver := newDriver(t, b)
	state := []byte(ids(t, b).Replace(`{"user_id":"{user}","role":"reader"}`))
	if _, diags := driver.Move(t, jianyuan, "openai_user_role", "openai_user_role", state); len(diags) != 1 {
		t.Errorf("the move is answered with %v", diags)
	}
	if _, diags := driver.Upgrade(t, "openai_user_role", state); len(diags) != 1 || !strings.Contains(diags[0].Detail, "openai_organization_user") {
		t.Errorf("the other source is answered with %v", diags)
	}
}

// OpenTofu before 1.11.12 and 1.12.4 sends the last part of the provider's
// address, which all the providers share, with a move from another type.
func TestMovesWithoutTheWholeProviderAddress(t *testing.T) {
	b := acctest.Start(t)
	fill := ids(t, b)
	driver := newDriver(t, b)
	states := foreignInstances(t, fill)
	for _, e := range movedObjects {
		state := e.stateIn(t, states, fill)
		for _, address := range []string{"openai", strings.TrimPrefix(e.provider, "registry.terraform.io/")} {
			if e.fromType == e.toType && address == "openai" {
				continue // it moves only between types
			}
			moved, diags := driver.Move(t, address, e.fromType, e.toType, state)
			expectNone(t, e.fromType+" of "+address, diags)
			if moved == nil {
				t.Errorf("%s of %s is moved to nothing", e.fromType, address)
			}
		}
	}
	// Of the two types with this name, it is the one whose roles have ids.
	assigned := []byte(fill.Replace(`{"user_id":"{user}","role_id":"{role}"}`))
	for _, toType := range []string{"openai_organization_user", "openai_organization_member"} {
		if _, diags := driver.Move(t, "openai", "openai_user_role", toType, assigned); len(diags) != 1 {
			t.Errorf("the move to %s is answered with %v", toType, diags)
		}
	}
	for _, address := range []string{"", "aws", "notopenai"} {
		if _, diags := driver.Move(t, address, "openai_spend_limit", "openai_organization_spend_limit", states[jianyuan]["openai_spend_limit"]); len(diags) != 1 {
			t.Errorf("the move from %q is answered with %v", address, diags)
		}
	}
}

// A key of jianyuan/openai has its secret for an id, which must not come into
// an attribute that is shown.
func TestKeysOfJianyuanAreNotMoved(t *testing.T) {
	driver, state := newDriver(t, acctest.Start(t)), []byte(`{"id":"sk-secret","name":"app","project_id":"proj_1","service_account_id":"app"}`)
	_, moved := driver.Move(t, jianyuan, "openai_project_api_key", "openai_project_api_key", state)
	_, upgraded := driver.Upgrade(t, "openai_project_api_key", state)
	for how, diags := range map[string][]*tfprotov6.Diagnostic{"move": moved, "other source": upgraded} {
		if len(diags) != 1 || strings.Contains(fmt.Sprint(diags[0]), "sk-secret") {
			t.Errorf("the %s is answered with %v", how, diags)
		}
	}
}

// A state of another provider becomes one of this provider, with a real
// Terraform, and nothing is left to do. The secrets of admin keys stay in it.
func TestAccForeignStateIsMigrated(t *testing.T) {
	mirror := acctest.NewMirror(t)
	mirror.Require(t, "1.8.0", "moving between providers")
	for namespace, moves := range map[string]int{"jianyuan": 9, "mkdev-me": 5} {
		t.Run(namespace, func(t *testing.T) {
			t.Parallel()
			b := acctest.Start(t)
			fill := ids(t, b)
			c := mirror.CLI(t, b.URL, b.AdminKey)
			c.Write(t, "main.tf", requireProvider+foreignState(t, namespace+".tf", fill))
			c.Write(t, "terraform.tfstate", strings.ReplaceAll(foreignState(t, namespace+".state.json", fill), "{registry}", mirror.Registry()))
			b.Mark(t)
			c.Run(t, "init")
			if plan := c.Run(t, "plan"); !strings.Contains(plan, "Plan: 0 to add, 0 to change, 0 to destroy.") || strings.Count(plan, "has moved to") != moves {
				t.Errorf("the migration changes something:\n%s", plan)
			}
			c.Run(t, "apply", "-auto-approve")
			if again := c.Run(t, "plan", "-detailed-exitcode"); !strings.Contains(again, "No changes.") {
				t.Errorf("the second plan is not empty:\n%s", again)
			}
			if list := c.Run(t, "providers"); strings.Contains(list, namespace) {
				t.Errorf("the other provider is still needed:\n%s", list)
			}
			state := c.Run(t, "state", "pull")
			for secret, kept := range map[string]bool{`"value": "sk-admin-of-`: true, "sk-svcacct-of-": false} {
				if strings.Contains(state, secret) != kept {
					t.Errorf("whether the state has %s is not %t", secret, kept)
				}
			}
			b.ExpectWrites(t, 0)
		})
	}
}
