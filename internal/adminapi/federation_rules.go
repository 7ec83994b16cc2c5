package adminapi

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	federationRulesPath = identityProviderPath + "/federation_rules"
	federationRulePath  = federationRulesPath + "/{workload_identity_federation_rule_id}"
)

// Matcher is the value that an attribute of a token must have.
type Matcher struct {
	Kind MatcherKind
	// Value is the text, true or false, or the number in decimal.
	Value string
}

// MatcherKind is the type of an attribute.
type MatcherKind int

// Attributes are texts, truth values or numbers.
const (
	MatchText MatcherKind = iota
	MatchBool
	MatchNumber
)

// FederationRule lets the holders of certain tokens act as a service account.
type FederationRule struct {
	ID, ProviderID, ProjectID, ServiceAccountID string
	// Name and Description are nil when there is none.
	Name, Description *string
	Enabled           bool
	// Matchers must all hold.
	Matchers map[string]Matcher
	// Scopes is nil when the rule gives all that the account may do.
	Scopes []string
	// CreatedAt is in Unix seconds.
	CreatedAt int64
}

var federationRule = converted(func(r *openai.FederationRule) (*FederationRule, error) {
	if !isText(r.JSON.ID) || !validID(r.ID) || !isText(r.JSON.ServiceAccountID) || !r.JSON.AttributeMatchers.Valid() || !r.JSON.Enabled.Valid() ||
		!r.JSON.CreatedAt.Valid() || !isText(r.Permissions.JSON.Type) {
		return nil, errIncomplete
	}
	out := &FederationRule{
		ID: r.ID, ProviderID: r.WorkloadIdentityProviderID, ProjectID: r.ProjectID, ServiceAccountID: r.ServiceAccountID,
		Enabled: r.Enabled, Matchers: map[string]Matcher{}, CreatedAt: r.CreatedAt,
	}
	if r.JSON.Name.Valid() {
		out.Name = &r.Name
	}
	if r.JSON.Description.Valid() {
		out.Description = &r.Description
	}
	for name, value := range r.AttributeMatchers {
		// The SDK makes texts out of numbers, too, so the raw value decides.
		switch raw := value.RawJSON(); {
		case raw == "true", raw == "false":
			out.Matchers[name] = Matcher{MatchBool, raw}
		case raw != "" && raw[0] == '"':
			out.Matchers[name] = Matcher{MatchText, value.AsString()}
		default:
			number, err := decimal.NewFromString(raw)
			if err != nil {
				return nil, errIncomplete
			}
			out.Matchers[name] = Matcher{MatchNumber, number.String()}
		}
	}
	if r.Permissions.JSON.Scopes.Valid() {
		out.Scopes = r.Permissions.Scopes
	}
	return out, nil
})

// FederationRules are the rules of identity providers.
type FederationRules struct {
	client *Client
	sdk    openai.AdminOrganizationWorkloadIdentityProviderFederationRuleService
	shared *cache.ByParent[FederationRule]
}

func newFederationRules(c *Client, sdk openai.AdminOrganizationWorkloadIdentityProviderFederationRuleService) *FederationRules {
	f := &FederationRules{client: c, sdk: sdk}
	f.shared = cache.NewByParent(func(providerID string) *cache.Collection[FederationRule] {
		return itemList(c, transport.Read("list federation rules", federationRulesPath), federationRule,
			func(r FederationRule) string { return r.ID },
			func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[openai.FederationRule], error) {
				return sdk.List(ctx, providerID, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{}, opts...)
			})
	})
	return f
}

// Create makes a rule, exactly once.
func (f *FederationRules) Create(ctx context.Context, want FederationRule) (*FederationRule, error) {
	return f.creation(want).run(ctx, f.client)
}

func (f *FederationRules) creation(want FederationRule) creation[FederationRule, FederationRule] {
	shared := f.shared.Of(want.ProviderID)
	return creation[FederationRule, FederationRule]{
		operation: "create federation rule",
		object:    "workload_identity_federation_rule",
		parent:    want.ProviderID + "/",
		alike:     want.ProviderID + "/" + want.ServiceAccountID,
		send:      func(ctx context.Context) (*FederationRule, error) { return f.send(ctx, want) },
		record: func(r FederationRule) {
			f.client.recent.Add(r.ID)
			shared.Put(r)
		},
		list:      shared,
		equal:     want.sameAs,
		createdAt: func(r FederationRule) int64 { return r.CreatedAt },
		adopt:     func(r FederationRule) FederationRule { return r },
	}
}

// sameAs compares the fields that a create sends.
func (r FederationRule) sameAs(other FederationRule) bool {
	return r.ProjectID == other.ProjectID && r.ServiceAccountID == other.ServiceAccountID && r.Enabled == other.Enabled &&
		orNothing(r.Name) == orNothing(other.Name) && orNothing(r.Description) == orNothing(other.Description) &&
		maps.Equal(r.Matchers, other.Matchers) && (r.Scopes == nil) == (other.Scopes == nil) &&
		slices.Equal(slices.Sorted(slices.Values(r.Scopes)), slices.Sorted(slices.Values(other.Scopes)))
}

func (f *FederationRules) send(ctx context.Context, want FederationRule) (*FederationRule, error) {
	params := openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParams{
		ProjectID: want.ProjectID, ServiceAccountID: want.ServiceAccountID,
		Name: optional(want.Name), Description: optional(want.Description), Enabled: openai.Bool(want.Enabled),
		// Must not be nil, or the API misses it.
		AttributeMatchers: map[string]openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsAttributeMatcherUnion{},
	}
	for name, m := range want.Matchers {
		v := m.values()
		params.AttributeMatchers[name] = openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsAttributeMatcherUnion{
			OfString: v.text, OfBool: v.truth, OfInt: v.whole, OfFloat: v.broken,
		}
	}
	if want.Scopes == nil {
		params.Permissions.OfServiceAccountDefault = new(openai.NewAdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsPermissionsServiceAccountDefault())
	} else {
		params.Permissions.OfRestricted = &openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsPermissionsRestricted{Scopes: want.Scopes}
	}
	return call(ctx, f.client, transport.Create("create federation rule", federationRulesPath),
		func(ctx context.Context, opts ...option.RequestOption) (*FederationRule, error) {
			return federationRule(f.sdk.New(ctx, want.ProviderID, params, opts...))
		})
}

// matcherValues are the forms in which the SDK takes a matcher; one is set.
type matcherValues struct {
	text   param.Opt[string]
	truth  param.Opt[bool]
	whole  param.Opt[int64]
	broken param.Opt[float64]
}

func (m Matcher) values() (v matcherValues) {
	switch m.Kind {
	case MatchText:
		v.text = openai.String(m.Value)
	case MatchBool:
		v.truth = openai.Bool(m.Value == "true")
	case MatchNumber:
		if whole, err := strconv.ParseInt(m.Value, 10, 64); err == nil {
			v.whole = openai.Int(whole)
		} else if broken, err := strconv.ParseFloat(m.Value, 64); err == nil {
			v.broken = openai.Float(broken)
		}
	}
	return v
}

// Get returns a rule of a provider.
func (f *FederationRules) Get(ctx context.Context, providerID, id string) (*FederationRule, error) {
	return getListed(ctx, f.client, f.shared.Of(providerID), id, transport.Read("read federation rule", federationRulePath),
		func(ctx context.Context, opts ...option.RequestOption) (*FederationRule, error) {
			return federationRule(f.sdk.Get(ctx, providerID, id, opts...))
		})
}

// List returns the rules of a provider.
func (f *FederationRules) List(ctx context.Context, providerID string) ([]FederationRule, error) {
	return f.shared.Of(providerID).All(ctx)
}

// Update sets all fields of the rule with this id except its provider.
func (f *FederationRules) Update(ctx context.Context, want FederationRule) (*FederationRule, error) {
	params := openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParams{
		Name: orNull(want.Name), Description: orNull(want.Description), Enabled: openai.Bool(want.Enabled),
		AttributeMatchers: map[string]openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsAttributeMatcherUnion{},
	}
	for name, m := range want.Matchers {
		v := m.values()
		params.AttributeMatchers[name] = openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsAttributeMatcherUnion{
			OfString: v.text, OfBool: v.truth, OfInt: v.whole, OfFloat: v.broken,
		}
	}
	if want.Scopes == nil {
		params.Permissions.OfServiceAccountDefault = new(openai.NewAdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsPermissionsDefaultPermissionsParam())
	} else {
		params.Permissions.OfAdminOrganizationWorkloadIdentityProviderFederationRuleUpdatesPermissionsRestrictedPermissionsParam =
			&openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsPermissionsRestrictedPermissionsParam{Scopes: want.Scopes}
	}
	return updateListed(ctx, f.client, f.shared.Of(want.ProviderID), transport.Update("update federation rule", federationRulePath),
		func(ctx context.Context, opts ...option.RequestOption) (*FederationRule, error) {
			return federationRule(f.sdk.Update(ctx, want.ProviderID, want.ID, params, opts...))
		})
}

// Delete removes a rule. One that is not there is a success.
func (f *FederationRules) Delete(ctx context.Context, providerID, id string) error {
	return deleteListed(ctx, f.client, f.shared.Of(providerID), id, transport.Remove("remove federation rule", federationRulePath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.FederationRuleDeleted, error) {
			return f.sdk.Delete(ctx, providerID, id, opts...)
		})
}
