package spend

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/shopspring/decimal"
)

type centsFunction struct{}

func newCentsFunction() function.Function { return centsFunction{} }

func (centsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "cents"
}

func (centsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "US dollars of an amount in cents",
		MarkdownDescription: "Turns cents into US dollars, the unit of `threshold_usd`, exactly: `cents(1250)` is 12.5. `usd` is the way back.",
		Parameters: []function.Parameter{function.NumberParameter{
			Name:                "cents",
			MarkdownDescription: "Amount in cents, a whole number, at least 1.",
		}},
		Return: function.NumberReturn{},
	}
}

func (centsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var given *big.Float
	if resp.Error = req.Arguments.Get(ctx, &given); resp.Error != nil {
		return
	}
	amount := exactly(given)
	if !amount.IsInteger() || !amount.IsPositive() || amount.GreaterThan(decimal.NewFromInt(maxCents)) {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("The amount must be a whole number between 1 and %d cents, got %s.", int64(maxCents), amount))
		return
	}
	resp.Error = resp.Result.Set(ctx, usd(amount.IntPart()))
}
