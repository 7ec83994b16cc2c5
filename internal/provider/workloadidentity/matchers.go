package workloadidentity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Matchers are texts, truth values and numbers side by side, for which
// Terraform has objects but no maps. So the attribute takes both.

// readMatchers reads an object or a map. Values that are not known yet are left
// out.
func readMatchers(value types.Dynamic) (map[string]adminapi.Matcher, error) {
	var members map[string]attr.Value
	switch inner := value.UnderlyingValue().(type) {
	case types.Object:
		members = inner.Attributes()
	case types.Map:
		members = inner.Elements()
	default:
		return nil, fmt.Errorf("must be an object such as { repository = \"acme/shop\" }")
	}
	matchers := map[string]adminapi.Matcher{}
	for name, member := range members {
		if member.IsUnknown() {
			continue
		}
		matcher, err := readMatcher(member)
		if err != nil {
			return nil, fmt.Errorf("has %s, which %w", name, err)
		}
		matchers[name] = matcher
	}
	return matchers, nil
}

func readMatcher(value attr.Value) (adminapi.Matcher, error) {
	if dynamic, ok := value.(types.Dynamic); ok {
		value = dynamic.UnderlyingValue()
	}
	if value == nil || value.IsNull() {
		return adminapi.Matcher{}, fmt.Errorf("must not be null")
	}
	switch v := value.(type) {
	case types.String:
		return adminapi.Matcher{Kind: adminapi.MatchText, Value: v.ValueString()}, nil
	case types.Bool:
		return adminapi.Matcher{Kind: adminapi.MatchBool, Value: fmt.Sprint(v.ValueBool())}, nil
	case types.Number:
		number, err := decimal.NewFromString(v.ValueBigFloat().Text('f', -1))
		return adminapi.Matcher{Kind: adminapi.MatchNumber, Value: number.String()}, err
	default:
		return adminapi.Matcher{}, fmt.Errorf("must be a string, a bool or a number")
	}
}

// matchersValue is an object with these matchers.
func matchersValue(matchers map[string]adminapi.Matcher) types.Dynamic {
	kinds, values := map[string]attr.Type{}, map[string]attr.Value{}
	for name, m := range matchers {
		switch m.Kind {
		case adminapi.MatchBool:
			kinds[name], values[name] = types.BoolType, types.BoolValue(m.Value == "true")
		case adminapi.MatchNumber:
			kinds[name], values[name] = types.NumberType, tfkit.Number(decimal.RequireFromString(m.Value))
		default:
			kinds[name], values[name] = types.StringType, types.StringValue(m.Value)
		}
	}
	return types.DynamicValue(types.ObjectValueMust(kinds, values))
}

// sameMatchers says whether a value has these matchers, as an object or a map.
func sameMatchers(value types.Dynamic, matchers map[string]adminapi.Matcher) bool {
	present, err := readMatchers(value)
	return err == nil && maps.Equal(present, matchers)
}

// wildcardProblem returns the problem with the wildcards of matchers: a text
// may end with one, behind at least one character.
func wildcardProblem(matchers map[string]adminapi.Matcher) string {
	for _, name := range slices.Sorted(maps.Keys(matchers)) {
		m := matchers[name]
		if at := strings.Index(m.Value, "*"); m.Kind == adminapi.MatchText && at >= 0 && (at == 0 || at < len(m.Value)-1) {
			return fmt.Sprintf("has %s = %q, but a value can have only one wildcard, at its end and not alone, such as \"repo:acme/*\"", name, m.Value)
		}
	}
	return ""
}

// matcherRules refuses a value that is no set of matchers, and an empty set,
// which every token would match.
type matcherRules struct{}

func (matcherRules) Description(context.Context) string {
	return "an object of strings, bools and numbers"
}

func (v matcherRules) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (matcherRules) ValidateDynamic(ctx context.Context, req validator.DynamicRequest, resp *validator.DynamicResponse) {
	value := req.ConfigValue
	if value.IsNull() || value.IsUnknown() || value.IsUnderlyingValueUnknown() {
		return
	}
	matchers, err := readMatchers(value)
	switch {
	case err != nil:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid matchers", fmt.Sprintf("%s %s.", req.Path, err))
	case wildcardProblem(matchers) != "":
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid matchers", fmt.Sprintf("%s %s.", req.Path, wildcardProblem(matchers)))
	case len(matchers) == 0 && fullyKnown(ctx, value):
		resp.Diagnostics.AddAttributeError(req.Path, "No matchers", fmt.Sprintf("%s must not be empty: every token of the issuer would match.", req.Path))
	}
}

func fullyKnown(ctx context.Context, value attr.Value) bool {
	raw, err := value.ToTerraformValue(ctx)
	return err == nil && raw.IsFullyKnown()
}

// keepMatchers keeps the value in state when the configured one is equal but has
// another type.
type keepMatchers struct{}

func (keepMatchers) Description(context.Context) string {
	return "The same matchers in a map or an object are no change."
}

func (k keepMatchers) MarkdownDescription(ctx context.Context) string { return k.Description(ctx) }

func (keepMatchers) PlanModifyDynamic(_ context.Context, req planmodifier.DynamicRequest, resp *planmodifier.DynamicResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsUnknown() || !req.PlanValue.Equal(req.ConfigValue) {
		return
	}
	if planned, err := readMatchers(req.PlanValue); err == nil && sameMatchers(req.StateValue, planned) {
		resp.PlanValue = req.StateValue
	}
}
