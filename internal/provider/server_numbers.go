package provider

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// explainNumbers replaces the errors of a validation by better ones where the
// configuration has a number that is not whole, or too large: the framework says
// of those that they are an error in the provider.
func explainNumbers(ctx context.Context, kind attr.Type, config *tfprotov6.DynamicValue, diags []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	object, ok := kind.(attr.TypeWithAttributeTypes)
	if !ok || config == nil {
		return diags
	}
	value, err := config.Unmarshal(kind.TerraformType(ctx))
	var values map[string]tftypes.Value
	if err != nil || value.As(&values) != nil {
		return diags
	}
	var explained []*tfprotov6.Diagnostic
	attributes := object.AttributeTypes()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		var number *big.Float
		if !attributes[name].Equal(types.Int64Type) || !values[name].IsKnown() || values[name].As(&number) != nil || number == nil {
			continue
		}
		if problem := wholeNumberProblem(number); problem != "" {
			explained = append(explained, &tfprotov6.Diagnostic{
				Severity: tfprotov6.DiagnosticSeverityError, Attribute: tftypes.NewAttributePath().WithAttributeName(name),
				Summary: "Invalid number", Detail: name + problem,
			})
		}
	}
	if len(explained) == 0 {
		return diags
	}
	return explained
}

// wholeNumberProblem says why a number is no 64-bit integer, nothing when it is.
func wholeNumberProblem(number *big.Float) string {
	_, accuracy := number.Int64()
	switch {
	case !number.IsInt():
		return fmt.Sprintf(" must be a whole number, got %s.", number.Text('g', 20))
	case accuracy == big.Below:
		return fmt.Sprintf(" is too large: %s.", number.Text('g', 20))
	case accuracy == big.Above:
		return fmt.Sprintf(" is too small: %s.", number.Text('g', 20))
	}
	return ""
}
