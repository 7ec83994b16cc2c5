package tfkit

import (
	"context"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3/packages/respjson"
	"github.com/shopspring/decimal"
)

// Int64 is a number of a reply, null when the reply does not have it.
func Int64(value int64, field respjson.Field) types.Int64 {
	if !field.Valid() {
		return types.Int64Null()
	}
	return types.Int64Value(value)
}

// String is a text of a reply, null when the reply does not have it.
func String[T ~string](value T, field respjson.Field) types.String {
	if !field.Valid() {
		return types.StringNull()
	}
	return types.StringValue(string(value))
}

// Bool is a truth value of a reply, null when the reply does not have it.
func Bool(value bool, field respjson.Field) types.Bool {
	if !field.Valid() {
		return types.BoolNull()
	}
	return types.BoolValue(value)
}

// StringSet is a set of texts, empty when there are none.
func StringSet(ctx context.Context, values []string, diags *diag.Diagnostics) types.Set {
	set, problems := types.SetValueFrom(ctx, types.StringType, append([]string{}, values...))
	diags.Append(problems...)
	return set
}

// Strings are the texts of a set, nil when it is null.
func Strings(ctx context.Context, set types.Set, diags *diag.Diagnostics) []string {
	var values []string
	diags.Append(set.ElementsAs(ctx, &values, false)...)
	return values
}

// numberPrecision is the precision of numbers in Terraform, in bits.
const numberPrecision = 512

// Number is an exact decimal in the form that Terraform's own numbers have.
func Number(value decimal.Decimal) types.Number {
	number, _, err := big.ParseFloat(value.String(), 10, numberPrecision, big.ToNearestEven)
	if err != nil {
		panic(err) // decimals are numbers
	}
	return types.NumberValue(number)
}
