package planreview

import (
	"encoding/json"
	"strings"
	"unicode"
)

// actionInvocation is an action that the plan invokes.
type actionInvocation struct {
	Address   string          `json:"address"`
	Type      string          `json:"type"`
	Values    json.RawMessage `json:"config_values"`
	Sensitive json.RawMessage `json:"config_sensitive"`
	Unknown   json.RawMessage `json:"config_unknown"`
	Lifecycle *struct {
		Resource string `json:"triggering_resource_address"`
		Event    string `json:"action_trigger_event"`
	} `json:"lifecycle_action_trigger"`
}

func (a *actionInvocation) config() value {
	return value{decoded(a.Values), decoded(a.Unknown), decoded(a.Sensitive)}
}

func (d *decoder) actionInvocation() error {
	var a actionInvocation
	if err := d.Decode(&a); err != nil || !strings.HasPrefix(a.Type, ours) {
		return err
	}
	config := a.config()
	collect(config.raw, config.sensitive, d.secrets)
	d.actions = append(d.actions, &a)
	return nil
}

// action says how an action of the provider is reviewed.
type action struct {
	// rule finds it. An action without a rule is harmless.
	rule string
	// object names what it acts on.
	object func(r *reviewer, config value) string
}

const harmless = ""

// actions are all actions of the provider. A test over the registered ones finds
// a missing one, and so does a review, by ruleActionUnknown.
var actions = map[string]action{
	"openai_project_api_key_revoke": {ruleActionRevokes, func(r *reviewer, config value) string {
		if name := config.get("name"); name.known() {
			return "key " + name.text() + " (" + config.get("api_key_id").show("?") + ")" + r.ofProject(config)
		}
		return "key " + r.idOf(config, "api_key_id") + r.ofProject(config)
	}},
	"openai_project_api_key_revoke_previous": {ruleActionRevokes, func(r *reviewer, config value) string {
		return "previous keys " + r.idOf(config, "previous_ids") + " of key " + r.idOf(config, "api_key_id") + r.ofProject(config)
	}},
	"openai_service_account_revoke_keys": {ruleActionRevokes, func(r *reviewer, config value) string {
		return "all keys of service account " + r.idOf(config, "service_account_id") + r.ofProject(config)
	}},
	"openai_organization_member_reinvite": {ruleActionReinvites, func(r *reviewer, config value) string {
		return config.get("email").show("?")
	}},
	"openai_external_key_validate": {harmless, func(r *reviewer, config value) string {
		return "external key " + r.idOf(config, "external_key_id")
	}},
	"openai_external_storage_validate": {harmless, func(r *reviewer, config value) string {
		return "external storage " + r.idOf(config, "external_storage_id")
	}},
	"openai_webhook_endpoint_test": {harmless, func(r *reviewer, config value) string {
		return "webhook endpoint " + r.idOf(config, "webhook_endpoint_id")
	}},
}

// idOf shows the name and the id, or ids, of an attribute. Names of keys are not
// unique, so the id is shown too.
func (r *reviewer) idOf(config value, attribute string) string {
	given := config.get(attribute)
	if ids := given.strings(); ids != nil {
		return strings.Join(ids, ", ")
	}
	id := given.show("?")
	if name := r.names.of(id); name != id {
		return name + " (" + id + ")"
	}
	return id
}

func (r *reviewer) ofProject(config value) string {
	return " of project " + r.names.of(config.get("project_id").show("?"))
}

// invoke reviews an action that the plan invokes.
func (r *reviewer) invoke(a *actionInvocation) {
	known, ok := actions[a.Type]
	object, rule := "unknown object", ruleActionUnknown
	if ok {
		object, rule = known.object(r, a.config()), known.rule
	}
	trigger := "-invoke"
	if a.Lifecycle != nil {
		trigger = snakeCase(a.Lifecycle.Event) + " of " + a.Lifecycle.Resource
	}
	c := &change{resourceChange: &resourceChange{Address: a.Address, Change: &planChange{}}}
	if rule != harmless {
		r.find(rule, c, object+", by "+trigger)
	}
	r.report.Counts.Invoke++
	r.report.Actions = append(r.report.Actions, ActionChange{
		r.common(c, strings.TrimPrefix(a.Type, ours)), r.clean.text(object), r.clean.text(trigger),
	})
}

// snakeCase writes an event as configuration does: Terraform's JSON has
// AfterUpdate.
func snakeCase(event string) string {
	var b strings.Builder
	for i, letter := range event {
		if unicode.IsUpper(letter) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(letter))
	}
	return b.String()
}
