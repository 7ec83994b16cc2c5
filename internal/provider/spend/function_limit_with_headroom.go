package spend

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// usualFactor is how many times the expected spend a limit is by default: far
// enough for a busy month, near enough for a loop.
const usualFactor = 2

type limitWithHeadroomFunction struct{}

func newLimitWithHeadroomFunction() function.Function { return limitWithHeadroomFunction{} }

func (limitWithHeadroomFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "limit_with_headroom"
}

func (limitWithHeadroomFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Hard limit above an expected spend",
		MarkdownDescription: "Hard limit, in US dollars, for a project with an expected monthly spend: twice the spend, or `factor` times the spend, rounded up to a cent. " +
			"`limit_with_headroom(40)` is 80, `limit_with_headroom(40, 1.25)` is 50.",
		Parameters: []function.Parameter{function.NumberParameter{
			Name:                "expected_usd",
			MarkdownDescription: "Expected monthly spend, in US dollars, more than 0.",
		}},
		VariadicParameter: function.NumberParameter{
			Name:                "factor",
			MarkdownDescription: "Factor by which the expected spend is multiplied, at least 1. Default: 2. At most one.",
		},
		Return: function.NumberReturn{},
	}
}

func (limitWithHeadroomFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var expected *big.Float
	var factors []*big.Float
	if resp.Error = req.Arguments.Get(ctx, &expected, &factors); resp.Error != nil {
		return
	}
	factor := decimal.NewFromInt(usualFactor)
	if len(factors) > 0 {
		factor = exactly(factors[0])
	}
	spend := exactly(expected)
	switch {
	case len(factors) > 1:
		resp.Error = function.NewArgumentFuncError(2, "At most one factor is allowed.")
	case factor.LessThan(decimal.NewFromInt(1)):
		resp.Error = function.NewArgumentFuncError(1, fmt.Sprintf("The factor must be at least 1, got %s: a limit below the expected spend would stop the traffic.", factor))
	case !spend.IsPositive():
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The expected spend must be more than 0, got %s.", spend))
	}
	if resp.Error != nil {
		return
	}
	limit := spend.Mul(factor).RoundCeil(2)
	if limit.Shift(2).GreaterThan(decimal.NewFromInt(MaxCents)) {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The limit would be too large: %s.", limit))
		return
	}
	resp.Error = resp.Result.Set(ctx, tfkit.Number(limit))
}
