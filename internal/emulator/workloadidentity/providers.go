package workloadidentity

import (
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

const (
	maxProviders       = 50
	maxTransformations = 20
	maxAttribute       = 256
	maxExpression      = 4096
)

const providersPath = "/organization/workload_identity_providers"

func providerRoutes(router api.Router) {
	router.Handle("GET "+providersPath, listProviders)
	router.Handle("POST "+providersPath, createProvider)
	router.Handle("GET "+providersPath+"/{provider_id}", getProvider)
	router.Handle("POST "+providersPath+"/{provider_id}", updateProvider)
	router.Handle("DELETE "+providersPath+"/{provider_id}", removeProvider)
}

type providerReply struct {
	ID              string          `json:"id"`
	Object          string          `json:"object"`
	Type            string          `json:"type"`
	Name            string          `json:"name"`
	Issuer          string          `json:"issuer"`
	Audience        string          `json:"audience"`
	Description     *string         `json:"description"`
	Enabled         bool            `json:"enabled"`
	Transformations json.RawMessage `json:"attribute_transformations"`
	Verification    json.RawMessage `json:"verification"`
	CreatedAt       int64           `json:"created_at"`
	UpdatedAt       int64           `json:"updated_at"`
}

func newProviderReply(p store.IdentityProvider) providerReply {
	return providerReply{
		ID: p.ID, Object: "organization.workload_identity_provider", Type: "oidc", Name: p.Name, Issuer: p.Issuer, Audience: p.Audience,
		Description: p.Description, Enabled: p.Enabled, Transformations: json.RawMessage(p.Transformations), Verification: json.RawMessage(p.Verification),
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}

func pathProvider(r *api.Request) (store.IdentityProvider, error) {
	id := r.PathValue("provider_id")
	provider, err := r.Tx.IdentityProvider(id)
	return provider, api.Or(err, api.NotFound("workload identity provider", id))
}

func listProviders(r *api.Request) (any, error) {
	providers, err := r.Tx.IdentityProviders()
	if err != nil {
		return nil, err
	}
	replies := make([]providerReply, len(providers))
	for i, p := range providers {
		replies[i] = newProviderReply(p)
	}
	return api.Paginate(r, replies, func(p providerReply) string { return p.ID }, api.Usual, "asc")
}

func getProvider(r *api.Request) (any, error) {
	provider, err := pathProvider(r)
	if err != nil {
		return nil, err
	}
	return newProviderReply(provider), nil
}

// transformation makes an attribute out of a token.
type transformation struct {
	Attribute  string `json:"attribute"`
	Expression string `json:"expression"`
}

// providerBody has the fields for creating and changing a provider.
type providerBody struct {
	Type            api.Optional[string]           `json:"type"`
	Name            api.Optional[string]           `json:"name"`
	Issuer          api.Optional[string]           `json:"issuer"`
	Audience        api.Optional[string]           `json:"audience"`
	Description     api.Optional[string]           `json:"description"`
	Enabled         api.Optional[bool]             `json:"enabled"`
	Transformations api.Optional[[]transformation] `json:"attribute_transformations"`
	Verification    api.Optional[json.RawMessage]  `json:"verification"`
}

// apply copies the fields in the request into a provider.
func (b providerBody) apply(p *store.IdentityProvider) error {
	for _, field := range []struct {
		name  string
		asked api.Optional[string]
		into  *string
	}{{"name", b.Name, &p.Name}, {"issuer", b.Issuer, &p.Issuer}, {"audience", b.Audience, &p.Audience}} {
		if field.asked.Set() {
			*field.into = field.asked.Value
		}
		if *field.into == "" {
			return api.BadRequest(field.name, "Missing required parameter: '%s'.", field.name)
		}
	}
	p.Description = changed(p.Description, b.Description)
	if b.Enabled.Set() {
		p.Enabled = b.Enabled.Value
	}
	if b.Transformations.Set() {
		if err := checkTransformations(b.Transformations.Value); err != nil {
			return err
		}
		p.Transformations = encode(append([]transformation{}, b.Transformations.Value...))
	}
	if b.Verification.Set() {
		if err := checkVerification(b.Verification.Value); err != nil {
			return err
		}
		p.Verification = string(b.Verification.Value)
	}
	return nil
}

// changed is a text that null takes away.
func changed(present *string, asked api.Optional[string]) *string {
	switch {
	case asked.Null:
		return nil
	case asked.Present:
		return &asked.Value
	default:
		return present
	}
}

// encode writes a value that can always be encoded.
func encode(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func checkTransformations(list []transformation) error {
	if len(list) > maxTransformations {
		return api.BadRequest("attribute_transformations", "'attribute_transformations' must have %d items at most.", maxTransformations)
	}
	for _, t := range list {
		if t.Attribute == "" || len(t.Attribute) > maxAttribute || t.Expression == "" || len(t.Expression) > maxExpression {
			return api.BadRequest("attribute_transformations", "An attribute has 1 to %d characters, its expression 1 to %d.", maxAttribute, maxExpression)
		}
	}
	return nil
}

func checkVerification(data json.RawMessage) error {
	var body struct {
		Type         string                                   `json:"type"`
		DiscoveryURL api.Optional[string]                     `json:"discovery_url"`
		JWKS         api.Optional[map[string]json.RawMessage] `json:"jwks"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		return api.BadRequest("verification", "Invalid 'verification'.")
	}
	switch {
	case body.Type == "discovery" && !body.DiscoveryURL.Present:
		return api.BadRequest("verification.discovery_url", "Missing required parameter: 'verification.discovery_url'.")
	case body.Type == "discovery" && body.DiscoveryURL.Set() && !isPublic(body.DiscoveryURL.Value):
		return api.BadRequest("verification.discovery_url", "'verification.discovery_url' must be a public HTTPS URL without credentials, port, query and fragment.")
	case body.Type == "uploaded_jwks" && !body.JWKS.Set():
		return api.BadRequest("verification.jwks", "Missing required parameter: 'verification.jwks'.")
	case body.Type == "uploaded_jwks" && !haveIDs(body.JWKS.Value["keys"]):
		return api.BadRequest("verification.jwks", "Every key of 'verification.jwks' must have a unique 'kid'.")
	case body.Type != "discovery" && body.Type != "uploaded_jwks":
		return api.BadRequest("verification.type", "Invalid value: %q. Supported values are: 'discovery', 'uploaded_jwks'.", body.Type)
	default:
		return nil
	}
}

// isPublic says whether OpenAI can fetch a URL.
func isPublic(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.User == nil && u.Hostname() != "" && u.Hostname() != "localhost" &&
		net.ParseIP(u.Hostname()) == nil && u.Port() == "" && !strings.ContainsAny(text, "?#")
}

// haveIDs says whether each key of a set has an id of its own.
func haveIDs(keys json.RawMessage) bool {
	var list []struct {
		ID string `json:"kid"`
	}
	if json.Unmarshal(keys, &list) != nil {
		return false
	}
	seen := map[string]bool{"": true}
	for _, key := range list {
		if seen[key.ID] {
			return false
		}
		seen[key.ID] = true
	}
	return true
}

// checkName refuses a name that another provider has.
func checkName(r *api.Request, p store.IdentityProvider) error {
	all, err := r.Tx.IdentityProviders()
	if slices.ContainsFunc(all, func(other store.IdentityProvider) bool { return other.ID != p.ID && other.Name == p.Name }) {
		return api.BadRequest("name", "A workload identity provider named %q already exists.", p.Name)
	}
	return err
}

// createProvider assumes, where the request does not say, that a provider is
// enabled and its keys are discovered. Assumption A-33.
func createProvider(r *api.Request) (any, error) {
	var body providerBody
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if body.Type.Value != "oidc" {
		return nil, api.BadRequest("type", "Invalid value: %q. Supported values are: 'oidc'.", body.Type.Value)
	}
	all, err := r.Tx.IdentityProviders()
	if err != nil {
		return nil, err
	}
	if len(all) >= maxProviders {
		return nil, api.BadRequest("", "An organization can have up to %d workload identity providers.", maxProviders)
	}
	provider := store.IdentityProvider{
		Enabled: !r.Behavior.NewProvidersDisabled, Transformations: "[]", Verification: `{"type":"discovery","discovery_url":null}`, CreatedAt: r.Now(), UpdatedAt: r.Now(),
	}
	if err := body.apply(&provider); err != nil {
		return nil, err
	}
	if err := checkName(r, provider); err != nil {
		return nil, err
	}
	if provider, err = r.Tx.AddIdentityProvider(provider); err != nil {
		return nil, err
	}
	reply := newProviderReply(provider)
	return reply, r.Log("workload_identity_provider.created", api.Change{ID: provider.ID, Data: reply})
}

func updateProvider(r *api.Request) (any, error) {
	var body providerBody
	provider, err := pathProvider(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if err := body.apply(&provider); err != nil {
		return nil, err
	}
	if err := checkName(r, provider); err != nil {
		return nil, err
	}
	provider.UpdatedAt = r.Now()
	if err := r.Tx.UpdateIdentityProvider(provider); err != nil {
		return nil, err
	}
	reply := newProviderReply(provider)
	return reply, r.Log("workload_identity_provider.updated", api.Change{ID: provider.ID, Requested: reply})
}

// auditRemoval has the fields of a deleted provider in the audit log.
type auditRemoval struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func removeProvider(r *api.Request) (any, error) {
	provider, err := pathProvider(r)
	if err != nil {
		return nil, err
	}
	rules, err := r.Tx.FederationRules(provider.ID)
	if err != nil {
		return nil, err
	}
	if len(rules) > 0 {
		return nil, api.BadRequest("", "Workload identity provider %s still has %d federation rules. Delete them first.", provider.ID, len(rules))
	}
	return api.Deleted{ID: provider.ID, Object: "organization.workload_identity_provider.deleted", Deleted: true},
		errors.Join(r.Tx.RemoveIdentityProvider(provider.ID), r.LogDetails("workload_identity_provider.deleted", provider.ID, auditRemoval{provider.ID, provider.Name}))
}
