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

type hardLimitFunction struct{}

func newHardLimitFunction() function.Function { return hardLimitFunction{} }

func (hardLimitFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "hard_limit"
}

func (hardLimitFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Hard limit for an expected spend",
		MarkdownDescription: "The hard limit, in US dollars, for what a project is expected to spend in a month: twice as much, or `factor` times, rounded up to a cent. " +
			"`hard_limit(40)` is 80, `hard_limit(40, 1.25)` is 50.",
		Parameters: []function.Parameter{function.NumberParameter{
			Name:                "expected_usd",
			MarkdownDescription: "What is expected to be spent in a month, in US dollars, more than 0.",
		}},
		VariadicParameter: function.NumberParameter{
			Name:                "factor",
			MarkdownDescription: "How many times the expected spend the limit is, at least 1. Default: 2. It is given once at most.",
		},
		Return: function.NumberReturn{},
	}
}

func (hardLimitFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
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
		resp.Error = function.NewArgumentFuncError(2, "There is one factor at most.")
	case factor.LessThan(decimal.NewFromInt(1)):
		resp.Error = function.NewArgumentFuncError(1, fmt.Sprintf("The factor must be at least 1, got %s: a limit below the expected spend would stop the traffic.", factor))
	case !spend.IsPositive():
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The expected spend must be more than 0, got %s.", spend))
	}
	if resp.Error != nil {
		return
	}
	limit := spend.Mul(factor).RoundCeil(2)
	if limit.Shift(2).GreaterThan(decimal.NewFromInt(maxCents)) {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The limit would be too large: %s.", limit))
		return
	}
	resp.Error = resp.Result.Set(ctx, tfkit.Number(limit))
}
