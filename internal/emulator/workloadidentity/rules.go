package workloadidentity

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

const maxRules = 50

func ruleRoutes(router api.Router) {
	const rules = providersPath + "/{provider_id}/federation_rules"
	router.Handle("GET "+rules, listRules)
	router.Handle("POST "+rules, createRule)
	router.Handle("GET "+rules+"/{rule_id}", getRule)
	router.Handle("POST "+rules+"/{rule_id}", updateRule)
	router.Handle("DELETE "+rules+"/{rule_id}", removeRule)
}

type ruleReply struct {
	ID               string          `json:"id"`
	Object           string          `json:"object"`
	ProviderID       string          `json:"workload_identity_provider_id"`
	ProjectID        string          `json:"project_id"`
	ServiceAccountID string          `json:"service_account_id"`
	Matchers         json.RawMessage `json:"attribute_matchers"`
	Name             *string         `json:"name"`
	Description      *string         `json:"description"`
	Enabled          bool            `json:"enabled"`
	Permissions      permissions     `json:"permissions"`
	CreatedAt        int64           `json:"created_at"`
	UpdatedAt        int64           `json:"updated_at"`
}

type permissions struct {
	Type   string          `json:"type"`
	Scopes json.RawMessage `json:"scopes,omitempty"`
}

func newRuleReply(r store.FederationRule) ruleReply {
	reply := ruleReply{
		ID: r.ID, Object: "organization.workload_identity_federation_rule", ProviderID: r.ProviderID, ProjectID: r.ProjectID,
		ServiceAccountID: r.ServiceAccountID, Matchers: json.RawMessage(r.Matchers), Name: r.Name, Description: r.Description,
		Enabled: r.Enabled, Permissions: permissions{Type: "service_account_default"}, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	if r.Scopes != nil {
		reply.Permissions = permissions{Type: "restricted", Scopes: json.RawMessage(*r.Scopes)}
	}
	return reply
}

func pathRule(r *api.Request) (store.FederationRule, error) {
	provider, err := pathProvider(r)
	if err != nil {
		return store.FederationRule{}, err
	}
	id := r.PathValue("rule_id")
	rule, err := r.Tx.FederationRule(provider.ID, id)
	return rule, api.Or(err, api.NotFound("federation rule", id))
}

func listRules(r *api.Request) (any, error) {
	provider, err := pathProvider(r)
	if err != nil {
		return nil, err
	}
	rules, err := r.Tx.FederationRules(provider.ID)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	if account := query.Get("service_account_id"); account != "" {
		rules = slices.DeleteFunc(rules, func(rule store.FederationRule) bool { return rule.ServiceAccountID != account })
	}
	replies := make([]ruleReply, len(rules))
	for i, rule := range rules {
		replies[i] = newRuleReply(rule)
	}
	return api.Paginate(r, replies, func(rule ruleReply) string { return rule.ID }, api.Usual, "asc")
}

func getRule(r *api.Request) (any, error) {
	rule, err := pathRule(r)
	if err != nil {
		return nil, err
	}
	return newRuleReply(rule), nil
}

// ruleBody has the fields for creating and changing a rule.
type ruleBody struct {
	Matchers    api.Optional[map[string]json.RawMessage] `json:"attribute_matchers"`
	Name        api.Optional[string]                     `json:"name"`
	Description api.Optional[string]                     `json:"description"`
	Enabled     api.Optional[bool]                       `json:"enabled"`
	Permissions api.Optional[struct {
		Type   string   `json:"type"`
		Scopes []string `json:"scopes"`
	}] `json:"permissions"`
}

// apply copies the fields in the request into a rule.
func (b ruleBody) apply(rule *store.FederationRule) error {
	if b.Matchers.Set() {
		for name, value := range b.Matchers.Value {
			// A text, a truth value or a number.
			if kind := value[0]; kind == '{' || kind == '[' || kind == 'n' {
				return api.BadRequest("attribute_matchers", "The value of '%s' must be a string, a boolean or a number.", name)
			}
			var text string
			if json.Unmarshal(value, &text) == nil && !isPattern(text) {
				return api.BadRequest("attribute_matchers", "The value of '%s' may have one wildcard, at the end of a non-empty prefix.", name)
			}
		}
		rule.Matchers = encode(b.Matchers.Value)
	}
	rule.Name, rule.Description = changed(rule.Name, b.Name), changed(rule.Description, b.Description)
	if b.Enabled.Set() {
		rule.Enabled = b.Enabled.Value
	}
	if !b.Permissions.Set() {
		return nil
	}
	switch asked := b.Permissions.Value; {
	case asked.Type == "service_account_default":
		rule.Scopes = nil
	case asked.Type != "restricted":
		return api.BadRequest("permissions.type", "Invalid value: %q. Supported values are: 'service_account_default', 'restricted'.", asked.Type)
	case len(asked.Scopes) == 0:
		return api.BadRequest("permissions.scopes", "'permissions.scopes' must have at least one item.")
	case slices.ContainsFunc(asked.Scopes, func(scope string) bool { return strings.HasPrefix(scope, "api.management.") }):
		return api.BadRequest("permissions.scopes", "'permissions.scopes' must not have administration scopes.")
	default:
		rule.Scopes = new(encode(asked.Scopes))
	}
	return nil
}

// isPattern says whether the value of a matcher is a text, or a prefix with a
// wildcard.
func isPattern(text string) bool {
	prefix, isPrefix := strings.CutSuffix(text, "*")
	return !strings.Contains(prefix, "*") && (prefix != "" || !isPrefix)
}

// checkRuleName refuses a name that another rule of the provider has.
func checkRuleName(r *api.Request, rule store.FederationRule) error {
	all, err := r.Tx.FederationRules(rule.ProviderID)
	if rule.Name != nil && slices.ContainsFunc(all, func(other store.FederationRule) bool {
		return other.ID != rule.ID && other.Name != nil && *other.Name == *rule.Name
	}) {
		return api.BadRequest("name", "A federation rule named %q already exists.", *rule.Name)
	}
	return err
}

// auditRule has the fields of a rule in the audit log, which calls it a mapping.
type auditRule struct {
	ID               string     `json:"id"`
	ProviderID       string     `json:"identity_provider_id"`
	ProjectID        string     `json:"project_id,omitempty"`
	ServiceAccountID string     `json:"service_account_id,omitempty"`
	Data             *ruleReply `json:"data,omitempty"`
	Requested        *ruleReply `json:"changes_requested,omitempty"`
}

func createRule(r *api.Request) (any, error) {
	var body struct {
		ProjectID        string `json:"project_id"`
		ServiceAccountID string `json:"service_account_id"`
		ruleBody
	}
	provider, err := pathProvider(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	for name, value := range map[string]bool{"project_id": body.ProjectID != "", "service_account_id": body.ServiceAccountID != "", "attribute_matchers": body.Matchers.Set()} {
		if !value {
			return nil, api.BadRequest(name, "Missing required parameter: '%s'.", name)
		}
	}
	if _, err := r.Tx.ServiceAccount(body.ProjectID, body.ServiceAccountID); err != nil {
		return nil, api.Or(err, api.NotFound("service account", body.ServiceAccountID))
	}
	all, err := r.Tx.FederationRules(provider.ID)
	if err != nil {
		return nil, err
	}
	if len(all) >= maxRules {
		return nil, api.BadRequest("", "A workload identity provider can have up to %d federation rules.", maxRules)
	}
	rule := store.FederationRule{
		ProviderID: provider.ID, ProjectID: body.ProjectID, ServiceAccountID: body.ServiceAccountID,
		Enabled: true, CreatedAt: r.Now(), UpdatedAt: r.Now(),
	}
	if err := body.apply(&rule); err != nil {
		return nil, err
	}
	if err := checkRuleName(r, rule); err != nil {
		return nil, err
	}
	if rule, err = r.Tx.AddFederationRule(rule); err != nil {
		return nil, err
	}
	reply := newRuleReply(rule)
	return reply, r.LogDetails("workload_identity_provider_mapping.created", rule.ID, auditRule{ID: rule.ID, ProviderID: rule.ProviderID, Data: &reply})
}

func updateRule(r *api.Request) (any, error) {
	var body ruleBody
	rule, err := pathRule(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if err := body.apply(&rule); err != nil {
		return nil, err
	}
	if err := checkRuleName(r, rule); err != nil {
		return nil, err
	}
	rule.UpdatedAt = r.Now()
	if err := r.Tx.UpdateFederationRule(rule); err != nil {
		return nil, err
	}
	reply := newRuleReply(rule)
	return reply, r.LogDetails("workload_identity_provider_mapping.updated", rule.ID, auditRule{ID: rule.ID, ProviderID: rule.ProviderID, Requested: &reply})
}

func removeRule(r *api.Request) (any, error) {
	rule, err := pathRule(r)
	if err != nil {
		return nil, err
	}
	return api.Deleted{ID: rule.ID, Object: "organization.workload_identity_federation_rule.deleted", Deleted: true},
		errors.Join(r.Tx.RemoveFederationRule(rule.ID), r.LogDetails("workload_identity_provider_mapping.deleted", rule.ID,
			auditRule{ID: rule.ID, ProviderID: rule.ProviderID, ProjectID: rule.ProjectID, ServiceAccountID: rule.ServiceAccountID}))
}
