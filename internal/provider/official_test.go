package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// officialSchema is a resource of the official provider, version 1.1 or 1.2, as
// its documentation describes it.
type officialSchema struct {
	Import     string
	Attributes map[string]struct{ Mode, Type string }
}

func officialSchemas(t *testing.T) map[string]officialSchema {
	t.Helper()
	return readSchemas(t, "testdata/official.json")
}

func readSchemas(t *testing.T, file string) map[string]officialSchema {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var schemas map[string]officialSchema
	if err := json.Unmarshal(content, &schemas); err != nil {
		t.Fatal(err)
	}
	return schemas
}

// fits says whether a value of the official type is one of ours. Their lists
// are our sets where order means nothing.
func fits(official string, ours tftypes.Type) bool {
	switch official {
	case "string":
		return ours.Is(tftypes.String)
	case "number":
		return ours.Is(tftypes.Number)
	case "bool":
		return ours.Is(tftypes.Bool)
	case "list(string)", "set(string)":
		return ours.Equal(tftypes.Set{ElementType: tftypes.String}) || ours.Equal(tftypes.List{ElementType: tftypes.String})
	case "list of object":
		return ours.Is(tftypes.Set{}) || ours.Is(tftypes.List{})
	default:
		return false
	}
}

// All attributes of the resources of the official provider exist in this one.
func TestOfficialNamesAreKept(t *testing.T) {
	served := resources(t)
	for name, official := range officialSchemas(t) {
		r, ok := served[name]
		if !ok {
			t.Errorf("there is no %s", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			s := resourceSchema(t, r)
			if s.Version != 0 {
				t.Errorf("the schema version is %d: the official provider cannot read the state", s.Version)
			}
			for attribute, theirs := range official.Attributes {
				if strings.Contains(attribute, ".") {
					continue // part of a list, which is compared as a whole by the test of states
				}
				ours, ok := s.Attributes[attribute]
				switch {
				case !ok:
					t.Errorf("%s is missing", attribute)
				case !fits(theirs.Type, ours.GetType().TerraformType(t.Context())):
					t.Errorf("%s is %s there and %s here", attribute, theirs.Type, ours.GetType())
				case theirs.Mode == "computed" && !ours.IsComputed():
					t.Errorf("%s is not computed", attribute)
				case theirs.Mode != "computed" && !ours.IsRequired() && !ours.IsOptional():
					t.Errorf("%s cannot be configured", attribute)
				case theirs.Mode == "optional" && ours.IsRequired():
					t.Errorf("%s is required", attribute)
				}
			}
			for attribute, ours := range s.Attributes {
				if _, theirs := official.Attributes[attribute]; !theirs && ours.IsRequired() {
					t.Errorf("%s is required, and there is no such thing there", attribute)
				}
			}
			if got := len(strings.Split(official.Import, "/")); official.Import != "" && got != len(identityOf(t, r)) && name != "openai_project_group" { // its import id takes the role as well
				t.Errorf("the import id has %d parts there, the identity %d here", got, len(identityOf(t, r)))
			}
		})
	}
}

// leftOutOfDataSources are attributes of official data sources that this
// provider does not have, and why.
var leftOutOfDataSources = map[string]string{
	"response_json": "each attribute of the API has one of its own",
}

// All attributes of the data sources of the official provider exist in this
// one.
func TestOfficialDataSourcesAreKept(t *testing.T) {
	schemas, err := provider.NewServer("test", acctest.NewClock()).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	served := schemas.DataSourceSchemas
	for name, official := range readSchemas(t, "testdata/official_data_sources.json") {
		t.Run(name, func(t *testing.T) {
			s, ok := served[name]
			if !ok {
				t.Fatal("there is no such data source")
			}
			for attribute, theirs := range official.Attributes {
				ours := attributeAt(s.Block.Attributes, strings.Split(attribute, "."))
				switch {
				case ours == nil && leftOutOfDataSources[attribute] == "":
					t.Errorf("%s is missing", attribute)
				case ours == nil:
				case !fits(theirs.Type, ours.ValueType()):
					t.Errorf("%s is %s there and %s here", attribute, theirs.Type, ours.ValueType())
				case theirs.Mode == "required" && !ours.Required && !ours.Optional:
					t.Errorf("%s cannot be set", attribute)
				case theirs.Mode == "computed" && !ours.Computed:
					t.Errorf("%s is not computed", attribute)
				}
			}
			for _, ours := range s.Block.Attributes {
				if _, theirs := official.Attributes[ours.Name]; !theirs && ours.Required {
					t.Errorf("%s is required, and there is no such thing there", ours.Name)
				}
			}
		})
	}
}

// attributeAt follows a path through lists of objects, nil where it ends.
func attributeAt(attributes []*tfprotov6.SchemaAttribute, path []string) *tfprotov6.SchemaAttribute {
	at := slices.IndexFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == path[0] })
	switch {
	case at < 0:
		return nil
	case len(path) == 1:
		return attributes[at]
	case attributes[at].NestedType == nil:
		return nil
	default:
		return attributeAt(attributes[at].NestedType.Attributes, path[1:])
	}
}

// officialResource is a resource under the official provider:
// its configuration, and the answers of the API that make its state.
type officialResource struct {
	typeName, config string
	// read is where the API answers with the object, empty where the answer has
	// nothing of the state; own are attributes that are called otherwise in state
	// than in that answer.
	read string
	own  map[string]any
	// unset are optional attributes that are not configured, so that the state
	// does not have them either.
	unset []string
}

// officialResources is an organization under the official provider. A new
// resource is added here.
func officialResources(t *testing.T, b *acctest.Backend) []officialResource {
	project := acctest.Populate(t, b, "shop")[0]
	at := "/organization/projects/" + project
	first := func(path string) string {
		var list struct{ Data []struct{ ID string } }
		b.Do(t, "GET", path, nil, &list)
		return list.Data[0].ID
	}
	account, user := first(at+"/service_accounts"), first(at+"/users")
	alert, projectAlert, invite := first("/organization/spend_alerts"), first(at+"/spend_alerts"), first("/organization/invites")
	var tunnels struct{ Tunnels []struct{ ID string } }
	b.Do(t, "GET", "/tunnels?organization_id=org-emulator", nil, &tunnels)
	money := "threshold_amount = %d\ncurrency = \"USD\"\ninterval = \"month\"\n"
	channel := fmt.Sprintf(money, 12345) + "notification_channel_type = \"email\"\nnotification_channel_recipients = [\"finance@example.com\", \"cfo@example.com\"]\nnotification_channel_subject_prefix = \"[spend]\"\n"
	channelState := map[string]any{
		"notification_channel_type": "email", "notification_channel_recipients": []string{"finance@example.com", "cfo@example.com"},
		"notification_channel_subject_prefix": "[spend]",
	}
	in := fmt.Sprintf("project_id = %q\n", project)
	with := func(own map[string]any, name string, value any) map[string]any {
		merged := map[string]any{name: value}
		for k, v := range own {
			merged[k] = v
		}
		return merged
	}
	return append(officialAccessAndPolicies(t, b, project, user), []officialResource{
		{
			typeName: "openai_project", config: `name = "shop"`, read: at,
			own: map[string]any{"project_id": project}, unset: []string{"geography"},
		},
		{
			typeName: "openai_project_service_account", config: in + `name = "billing"`, read: at + "/service_accounts/" + account,
			own: map[string]any{"project_id": project, "service_account_id": account},
		},
		{
			typeName: "openai_project_user", config: in + fmt.Sprintf("user_id = %q\nrole = \"member\"", user), read: at + "/users/" + user,
			own: map[string]any{"project_id": project, "user_id": user}, unset: []string{"email"},
		},
		{
			typeName: "openai_project_rate_limit", config: in + "rate_limit_id = \"rl-gpt-4o\"\nmax_requests_per_1_minute = 10", read: at + "/rate_limits#rl-gpt-4o",
			own:   map[string]any{"project_id": project, "rate_limit_id": "rl-gpt-4o"},
			unset: []string{"batch_1_day_max_input_tokens", "max_audio_megabytes_per_1_minute", "max_images_per_1_minute", "max_requests_per_1_day", "max_tokens_per_1_minute"},
		},
		{
			typeName: "openai_project_spend_limit", config: in + fmt.Sprintf(money, 500000), read: at + "/spend_limit",
			own: map[string]any{"project_id": project, "enforcement_status": "inactive"},
		},
		{
			typeName: "openai_organization_spend_limit", config: fmt.Sprintf(money, 500000), read: "/organization/spend_limit",
			own: map[string]any{"singleton_id": "organization", "enforcement_status": "inactive"},
		},
		{
			typeName: "openai_project_spend_alert", config: in + channel, read: at + "/spend_alerts/" + projectAlert,
			own: with(with(channelState, "project_id", project), "alert_id", projectAlert),
		},
		{
			typeName: "openai_organization_spend_alert", config: channel, read: "/organization/spend_alerts/" + alert,
			own: with(channelState, "alert_id", alert),
		},
		{
			typeName: "openai_organization_user", config: `role = "reader"`, read: "/organization/users/" + user,
			own: map[string]any{"user_id": user}, unset: []string{"developer_persona", "technical_level"},
		},
		{
			typeName: "openai_mcp_tunnel", config: "name = \"CRM\"\ndescription = \"Customers of the shop\"", read: "/tunnels/" + tunnels.Tunnels[0].ID,
		},
		{
			typeName: "openai_webhook_endpoint", read: "/webhook_endpoints/" + first("/webhook_endpoints"), own: map[string]any{"signing_secret": "whsec_official"},
			config: "name = \"Finished jobs\"\nurl = \"https://example.com/openai\"\nevent_types = [\"response.completed\", \"batch.completed\"]",
		},
		{
			typeName: "openai_invite", config: "email = \"grace@example.com\"\nrole = \"reader\"", read: "/organization/invites/" + invite,
			own: map[string]any{"invite_id": invite}, unset: []string{"projects"},
		},
	}...)
}

// officialAccessAndPolicies creates groups, roles, policies and a certificate,
// and returns their resources under the official provider.
func officialAccessAndPolicies(t *testing.T, b *acctest.Backend, project, user string) []officialResource {
	t.Helper()
	o := accessAndPolicies(t, b, project, user)
	in, ofGroup, ofUser := fmt.Sprintf("project_id = %q\n", project), fmt.Sprintf("group_id = %q\n", o.group), fmt.Sprintf("user_id = %q\n", user)
	const inProject = "role-api-project-member"
	at, access := "/organization/projects/"+project, "/projects/"+project
	role := func(name string) string {
		return fmt.Sprintf("role_name = %q\npermissions = [\"api.model.request\", \"api.groups.read\"]\ndescription = \"Calls.\"", name)
	}
	var uploaded struct {
		Details struct {
			ValidAt   int64 `json:"valid_at"`
			ExpiresAt int64 `json:"expires_at"`
		} `json:"certificate_details"`
	}
	b.Do(t, "GET", "/organization/certificates/"+o.certificate, nil, &uploaded)
	var keys struct{ Data []struct{ ID string } }
	b.Do(t, "GET", "/organization/external_keys", nil, &keys)
	externalKey := keys.Data[0].ID
	b.Do(t, "POST", access+"/groups/"+o.group+"/roles", map[string]any{"role_id": o.projectRole}, nil)
	return []officialResource{
		{typeName: "openai_group", config: `name = "Support"`, read: "/organization/groups/" + o.group, own: map[string]any{"group_id": o.group}},
		{typeName: "openai_group_user", config: ofGroup + ofUser, own: map[string]any{"group_id": o.group, "user_id": user}},
		{
			typeName: "openai_role", config: role("Caller"), read: "/organization/roles/" + o.role,
			own: map[string]any{"role_id": o.role, "role_name": "Caller"},
		},
		{
			typeName: "openai_project_role", config: in + role("Caller of shop"), read: access + "/roles/" + o.projectRole,
			own: map[string]any{"project_id": project, "role_id": o.projectRole, "role_name": "Caller of shop"},
		},
		{
			typeName: "openai_group_role", config: ofGroup + fmt.Sprintf("role_id = %q", o.role),
			own: map[string]any{"group_id": o.group, "role_id": o.role},
		},
		// The official provider writes the id down as it was configured, or as
		// the API gives it.
		{
			typeName: "openai_user_role", config: ofUser + "role_id = \"role-api-organization-reader\"",
			own: map[string]any{"user_id": user, "role_id": "role-api-organization-reader__api-organization__org-emulator"},
		},
		{
			typeName: "openai_project_group", config: in + ofGroup + fmt.Sprintf("role = %q", inProject), read: at + "/groups/" + o.group,
			own: map[string]any{"project_id": project, "group_id": o.group, "role": inProject},
		},
		{
			typeName: "openai_project_group_role", config: in + ofGroup + fmt.Sprintf("role_id = %q", o.projectRole),
			own: map[string]any{"project_id": project, "group_id": o.group, "role_id": o.projectRole},
		},
		{
			typeName: "openai_project_user_role", config: in + ofUser + fmt.Sprintf("role_id = %q", inProject), read: access + "/users/" + user + "/roles/" + inProject,
			own: map[string]any{"project_id": project, "user_id": user, "role_id": inProject},
		},
		{
			typeName: "openai_organization_data_retention", config: `type = "modified_abuse_monitoring"`, read: "/organization/data_retention",
			own: map[string]any{"singleton_id": "organization"},
		},
		{
			typeName: "openai_project_data_retention", config: in + `type = "zero_data_retention"`, read: at + "/data_retention",
			own: map[string]any{"project_id": project},
		},
		{
			typeName: "openai_project_hosted_tool_permissions", own: map[string]any{
				"project_id": project, "code_interpreter_enabled": true, "file_search_enabled": true, "image_generation_enabled": true,
				"mcp_enabled": false, "web_search_enabled": true,
			},
			config: in + "code_interpreter_enabled = true\nfile_search_enabled = true\nimage_generation_enabled = true\nmcp_enabled = false\nweb_search_enabled = true",
		},
		{
			typeName: "openai_project_model_permissions", config: in + "mode = \"allow_list\"\nmodel_ids = [\"gpt-4o-mini\", \"gpt-4o\"]", read: at + "/model_permissions",
			own: map[string]any{"project_id": project},
		},
		{
			typeName: "openai_certificate", config: fmt.Sprintf("name = \"clients\"\ncertificate = %q", o.pem), read: "/organization/certificates/" + o.certificate,
			own: map[string]any{
				"certificate": o.pem, "certificate_id": o.certificate, "valid_at": uploaded.Details.ValidAt, "expires_at": uploaded.Details.ExpiresAt,
			},
		},
		{
			typeName: "openai_external_key", read: "/organization/external_keys/" + externalKey, own: map[string]any{"external_key_id": externalKey},
			config: "name = \"Customer key\"\nexternal_id = \"org-emulator\"\nkms_arn = \"arn:aws:kms:eu-central-1:123456789012:key/one\"\nrole_arn = \"arn:aws:iam::123456789012:role/openai\"",
		},
	}
}

// state is a state of the official provider: its attributes, no others.
func (r *officialResource) state(t *testing.T, b *acctest.Backend, official officialSchema) map[string]any {
	t.Helper()
	path, id, inList := strings.Cut(r.read, "#")
	answer := map[string]any{}
	switch {
	case path == "":
	case inList:
		var list struct{ Data []map[string]any }
		b.Do(t, "GET", path, nil, &list)
		answer = list.Data[slices.IndexFunc(list.Data, func(item map[string]any) bool { return item["id"] == id })]
	default:
		b.Do(t, "GET", path, nil, &answer)
	}
	state := map[string]any{}
	for attribute := range official.Attributes {
		if strings.Contains(attribute, ".") {
			continue
		}
		state[attribute] = answer[attribute]
		if value, ok := r.own[attribute]; ok {
			state[attribute] = value
		}
		if slices.Contains(r.unset, attribute) {
			state[attribute] = nil
		}
	}
	return state
}

// stateFile is a state with one instance of each resource, called this.
func stateFile(t *testing.T, provider string, states map[string]map[string]any) string {
	t.Helper()
	var resources []any
	for typeName, attributes := range states {
		resources = append(resources, map[string]any{
			"mode": "managed", "type": typeName, "name": "this", "provider": fmt.Sprintf("provider[%q]", provider),
			"instances": []any{map[string]any{"schema_version": 0, "attributes": attributes, "sensitive_attributes": sensitivePaths(typeName)}},
		})
	}
	content, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "6f0d1d5c-1c0e-4c0e-9a6b-0d0f2a3b4c5d", "outputs": map[string]any{}, "resources": resources,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// sensitivePaths are the sensitive attributes of the official provider, as a
// state lists them.
func sensitivePaths(typeName string) []any {
	paths := []any{}
	for _, name := range map[string][]string{"openai_certificate": {"certificate"}, "openai_webhook_endpoint": {"signing_secret", "url"}}[typeName] {
		paths = append(paths, []any{map[string]string{"type": "get_attr", "value": name}})
	}
	return paths
}

const requireProvider = "terraform {\n  required_providers {\n    openai = {\n      source = \"allthingsai/openai\"\n    }\n  }\n}\n\nprovider \"openai\" {}\n\n"

// A state of the official provider becomes one of this provider, by the command
// for it or by another source alone, and nothing is left to do.
func TestAccOfficialStateIsMigrated(t *testing.T) {
	mirror := acctest.NewMirror(t)
	t.Parallel()
	b := acctest.Start(t)
	official := officialSchemas(t)
	states := map[string]map[string]any{}
	all := officialResources(t, b)
	config := strings.Replace(requireProvider, "provider \"openai\" {}", fmt.Sprintf("provider \"openai\" {\n  api_key = %q\n}", b.APIKey), 1)
	for _, r := range all {
		config += fmt.Sprintf("resource %q \"this\" {\n%s\n}\n\n", r.typeName, r.config)
		states[r.typeName] = r.state(t, b, official[r.typeName])
	}
	for name := range official {
		if states[name] == nil {
			t.Errorf("%s of the official provider is not tested: add it to officialResources", name)
		}
	}
	theirs, ours := mirror.Registry()+"/openai/openai", mirror.Registry()+"/allthingsai/openai"
	b.Mark(t)
	for name, replace := range map[string]func(c *acctest.CLI){
		"replace-provider": func(c *acctest.CLI) { c.Run(t, "state", "replace-provider", "-auto-approve", theirs, ours) },
		"another source":   func(*acctest.CLI) {},
	} {
		c := mirror.CLI(t, b.URL, b.AdminKey)
		c.Write(t, "main.tf", config)
		c.Write(t, "terraform.tfstate", stateFile(t, theirs, states))
		replace(c)
		c.Run(t, "init")
		if plan := c.Run(t, "plan", "-detailed-exitcode"); !strings.Contains(plan, "No changes.") {
			t.Errorf("%s: something is planned:\n%s", name, plan)
		}
		c.Run(t, "apply", "-auto-approve")
		if list := c.Run(t, "providers"); strings.Contains(list, theirs) {
			t.Errorf("%s: the other provider is still needed:\n%s", name, list)
		}
		expectOfficialCanRead(t, c.Run(t, "state", "pull"), official)
	}
	b.ExpectWrites(t, 0)
}

// expectOfficialCanRead asserts that the official provider can read a state of
// this one: at its schema version, Terraform drops the attributes that its schema
// lacks, and all others must be there with the right type.
func expectOfficialCanRead(t *testing.T, pulled string, official map[string]officialSchema) {
	t.Helper()
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct {
				SchemaVersion int64 `json:"schema_version"`
				Attributes    map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(pulled), &state); err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, r := range state.Resources {
		read[r.Type] = true
		instance := r.Instances[0]
		if instance.SchemaVersion != 0 {
			t.Errorf("%s: the schema version is %d", r.Type, instance.SchemaVersion)
		}
		for attribute, theirs := range official[r.Type].Attributes {
			for _, object := range objectsAt(instance.Attributes, attribute) {
				name := attribute[strings.LastIndex(attribute, ".")+1:]
				value, exists := object[name]
				if !exists || value == nil && theirs.Mode == "required" || value != nil && !isOfType(value, theirs.Type) {
					t.Errorf("%s: %s is %v (%T), expected %s", r.Type, attribute, value, value, theirs.Type)
				}
			}
		}
	}
	for name := range official {
		if !read[name] {
			t.Errorf("the state has no %s", name)
		}
	}
}

// objectsAt are the objects of a state that have an attribute: the whole one, or
// the elements of the list that a dot leads into.
func objectsAt(object map[string]any, attribute string) []map[string]any {
	list, _, nested := strings.Cut(attribute, ".")
	if !nested {
		return []map[string]any{object}
	}
	var inner []map[string]any
	elements, _ := object[list].([]any)
	for _, element := range elements {
		if found, ok := element.(map[string]any); ok {
			inner = append(inner, found)
		}
	}
	return inner
}

// isOfType says whether a value of a state is of a type of the official schemas.
func isOfType(value any, kind string) bool {
	switch value.(type) {
	case string:
		return kind == "string"
	case float64:
		return kind == "number"
	case bool:
		return kind == "bool"
	case []any:
		return kind == "list(string)" || kind == "set(string)" || kind == "list of object"
	default:
		return false
	}
}
