package spend

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/shopspring/decimal"
)

type centsToUSDFunction struct{}

func newCentsToUSDFunction() function.Function { return centsToUSDFunction{} }

func (centsToUSDFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "cents_to_usd"
}

func (centsToUSDFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Cents as US dollars",
		MarkdownDescription: "Converts cents to US dollars, the unit of `threshold_usd`, exactly: `cents_to_usd(1250)` is 12.5. `usd_to_cents` is the inverse.",
		Parameters: []function.Parameter{function.NumberParameter{
			Name:                "cents",
			MarkdownDescription: "Amount in cents, a whole number, at least 1.",
		}},
		Return: function.NumberReturn{},
	}
}

func (centsToUSDFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var given *big.Float
	if resp.Error = req.Arguments.Get(ctx, &given); resp.Error != nil {
		return
	}
	amount := exactly(given)
	if !amount.IsInteger() || !amount.IsPositive() || amount.GreaterThan(decimal.NewFromInt(MaxCents)) {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The amount must be a whole number between 1 and %d cents, got %s.", int64(MaxCents), amount))
		return
	}
	resp.Error = resp.Result.Set(ctx, CentsToUSD(amount.IntPart()))
}
