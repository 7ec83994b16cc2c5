package adminapi

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	identityProvidersPath = "/organization/workload_identity_providers"
	identityProviderPath  = identityProvidersPath + "/{workload_identity_provider_id}"
)

// IdentityProvider issues the tokens that workloads identify themselves with.
type IdentityProvider struct {
	ID, Name, Issuer, Audience string
	// Description is nil when there is none.
	Description *string
	Enabled     bool
	// Transformations are expressions by the attribute they make.
	Transformations map[string]string
	// DiscoveryURL is where the issuer's keys are found, nil for the place that
	// the issuer implies.
	DiscoveryURL *string
	// JWKS are the issuer's keys as JSON, empty when they are discovered.
	JWKS string
	// CreatedAt is in Unix seconds.
	CreatedAt int64
}

var identityProvider = converted(func(p *openai.WorkloadIdentityProvider) (*IdentityProvider, error) {
	if !isText(p.JSON.ID) || !validID(p.ID) || !isText(p.JSON.Issuer) || !p.JSON.Enabled.Valid() || !p.JSON.CreatedAt.Valid() ||
		!p.JSON.AttributeTransformations.Valid() || !isText(p.Verification.JSON.Type) {
		return nil, errIncomplete
	}
	out := &IdentityProvider{
		ID: p.ID, Name: p.Name, Issuer: p.Issuer, Audience: p.Audience, Enabled: p.Enabled, CreatedAt: p.CreatedAt,
		Transformations: map[string]string{},
	}
	if p.JSON.Description.Valid() {
		out.Description = &p.Description
	}
	for _, t := range p.AttributeTransformations {
		out.Transformations[t.Attribute] = t.Expression
	}
	if p.Verification.JSON.DiscoveryURL.Valid() {
		out.DiscoveryURL = &p.Verification.DiscoveryURL
	}
	if p.Verification.JSON.Jwks.Valid() {
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(p.Verification.JSON.Jwks.Raw())); err != nil {
			return nil, errIncomplete
		}
		out.JWKS = compact.String()
	}
	return out, nil
})

// IdentityProviders are the workload identity providers of the organization.
type IdentityProviders struct {
	client *Client
	sdk    openai.AdminOrganizationWorkloadIdentityProviderService
	shared *cache.Collection[IdentityProvider]
}

func newIdentityProviders(c *Client, sdk openai.AdminOrganizationWorkloadIdentityProviderService) *IdentityProviders {
	return &IdentityProviders{client: c, sdk: sdk, shared: itemList(c, transport.Read("list workload identity providers", identityProvidersPath), identityProvider,
		func(p IdentityProvider) string { return p.ID },
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[openai.WorkloadIdentityProvider], error) {
			return sdk.List(ctx, openai.AdminOrganizationWorkloadIdentityProviderListParams{}, opts...)
		})}
}

// Create registers a provider, exactly once.
func (p *IdentityProviders) Create(ctx context.Context, want IdentityProvider) (*IdentityProvider, error) {
	return p.creation(want).run(ctx, p.client)
}

func (p *IdentityProviders) creation(want IdentityProvider) creation[IdentityProvider, IdentityProvider] {
	return creation[IdentityProvider, IdentityProvider]{
		operation: "create workload identity provider",
		object:    "workload_identity_provider",
		alike:     want.Name,
		send: func(ctx context.Context) (*IdentityProvider, error) {
			params, err := newProviderParams(want)
			if err != nil {
				return nil, err
			}
			return call(ctx, p.client, transport.Create("create workload identity provider", identityProvidersPath),
				func(ctx context.Context, opts ...option.RequestOption) (*IdentityProvider, error) {
					return identityProvider(p.sdk.New(ctx, params, opts...))
				})
		},
		record: func(item IdentityProvider) {
			p.client.recent.Add(item.ID)
			p.shared.Put(item)
		},
		list:      p.shared,
		equal:     want.sameAs,
		createdAt: func(item IdentityProvider) int64 { return item.CreatedAt },
		adopt:     func(item IdentityProvider) IdentityProvider { return item },
	}
}

// sameAs compares the fields that a create sends.
func (p IdentityProvider) sameAs(other IdentityProvider) bool {
	return sameName(p.Name, other.Name) && p.Issuer == other.Issuer && p.Audience == other.Audience && p.Enabled == other.Enabled &&
		orNothing(p.Description) == orNothing(other.Description) && maps.Equal(p.Transformations, other.Transformations) &&
		(p.DiscoveryURL == nil || orNothing(p.DiscoveryURL) == orNothing(other.DiscoveryURL)) && sortedJSON(p.JWKS) == sortedJSON(other.JWKS)
}

// sortedJSON orders the keys of an object, so that equal texts mean equal values.
func sortedJSON(text string) string {
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	sorted, err := json.Marshal(value)
	if err != nil {
		return text
	}
	return string(sorted)
}

// keys reads the issuer's keys.
func (p IdentityProvider) keys() (keys map[string]any, err error) {
	return keys, json.Unmarshal([]byte(p.JWKS), &keys)
}

// discoveryURL is sent as null when there is none: the API wants it to be
// there.
func (p IdentityProvider) discoveryURL() param.Opt[string] {
	if p.DiscoveryURL == nil {
		return param.Null[string]()
	}
	return openai.String(*p.DiscoveryURL)
}

func newProviderParams(want IdentityProvider) (params openai.AdminOrganizationWorkloadIdentityProviderNewParams, err error) {
	params = openai.AdminOrganizationWorkloadIdentityProviderNewParams{
		Name: want.Name, Issuer: want.Issuer, Audience: want.Audience,
		Description: optional(want.Description), Enabled: openai.Bool(want.Enabled),
	}
	for attribute, expression := range want.Transformations {
		params.AttributeTransformations = append(params.AttributeTransformations,
			openai.AdminOrganizationWorkloadIdentityProviderNewParamsAttributeTransformation{Attribute: attribute, Expression: expression})
	}
	if want.JWKS == "" {
		params.Verification.OfDiscovery = &openai.AdminOrganizationWorkloadIdentityProviderNewParamsVerificationDiscovery{DiscoveryURL: want.discoveryURL()}
		return params, nil
	}
	keys, err := want.keys()
	params.Verification.OfUploadedJwks = &openai.AdminOrganizationWorkloadIdentityProviderNewParamsVerificationUploadedJwks{Jwks: keys}
	return params, err
}

// Get returns a provider.
func (p *IdentityProviders) Get(ctx context.Context, id string) (*IdentityProvider, error) {
	return getListed(ctx, p.client, p.shared, id, transport.Read("read workload identity provider", identityProviderPath),
		func(ctx context.Context, opts ...option.RequestOption) (*IdentityProvider, error) {
			return identityProvider(p.sdk.Get(ctx, id, opts...))
		})
}

// List returns the providers of the organization.
func (p *IdentityProviders) List(ctx context.Context) ([]IdentityProvider, error) {
	return p.shared.All(ctx)
}

// Update sets everything of the provider with this id.
func (p *IdentityProviders) Update(ctx context.Context, want IdentityProvider) (*IdentityProvider, error) {
	params, err := changedProviderParams(want)
	if err != nil {
		return nil, err
	}
	return updateListed(ctx, p.client, p.shared, transport.Update("update workload identity provider", identityProviderPath),
		func(ctx context.Context, opts ...option.RequestOption) (*IdentityProvider, error) {
			return identityProvider(p.sdk.Update(ctx, want.ID, params, opts...))
		})
}

func changedProviderParams(want IdentityProvider) (params openai.AdminOrganizationWorkloadIdentityProviderUpdateParams, err error) {
	params = openai.AdminOrganizationWorkloadIdentityProviderUpdateParams{
		Name: openai.String(want.Name), Issuer: openai.String(want.Issuer), Audience: openai.String(want.Audience),
		Description: orNull(want.Description), Enabled: openai.Bool(want.Enabled),
		// Must not be nil: an empty list takes the previous ones away.
		AttributeTransformations: []openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsAttributeTransformation{},
	}
	for attribute, expression := range want.Transformations {
		params.AttributeTransformations = append(params.AttributeTransformations,
			openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsAttributeTransformation{Attribute: attribute, Expression: expression})
	}
	if want.JWKS == "" {
		params.Verification.OfAdminOrganizationWorkloadIdentityProviderUpdatesVerificationDiscoveryVerificationParam =
			&openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsVerificationDiscoveryVerificationParam{DiscoveryURL: want.discoveryURL()}
		return params, nil
	}
	keys, err := want.keys()
	params.Verification.OfAdminOrganizationWorkloadIdentityProviderUpdatesVerificationUploadedJwksVerificationParam =
		&openai.AdminOrganizationWorkloadIdentityProviderUpdateParamsVerificationUploadedJwksVerificationParam{Jwks: keys}
	return params, err
}

// Delete removes a provider, which must have no rules. One that is not there is
// a success.
func (p *IdentityProviders) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, p.client, p.shared, id, transport.Remove("remove workload identity provider", identityProviderPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.WorkloadIdentityProviderDeleted, error) {
			return p.sdk.Delete(ctx, id, opts...)
		})
}

// orNull sends null when there is no text, so that a previous one goes away.
func orNull(text *string) param.Opt[string] {
	if text == nil {
		return param.Null[string]()
	}
	return openai.String(*text)
}
