package spend

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/shopspring/decimal"
)

type usdToCentsFunction struct{}

func newUSDToCentsFunction() function.Function { return usdToCentsFunction{} }

func (usdToCentsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "usd_to_cents"
}

func (usdToCentsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "US dollars as cents",
		MarkdownDescription: "Converts US dollars to cents, the unit of `threshold_amount`: `usd_to_cents(12.5)` is 1250. " +
			"The amount has two decimals at most; nothing is rounded. `cents_to_usd` is the inverse.",
		Parameters: []function.Parameter{function.NumberParameter{
			Name:                "usd",
			MarkdownDescription: "Amount in US dollars, at least 0.01, with two decimals at most.",
		}},
		Return: function.Int64Return{},
	}
}

func (usdToCentsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var dollars *big.Float
	if resp.Error = req.Arguments.Get(ctx, &dollars); resp.Error != nil {
		return
	}
	amount, problem := USDToCents(plainNumber(dollars))
	if problem != "" {
		resp.Error = function.NewArgumentFuncError(0, "The amount "+problem+".")
		return
	}
	resp.Error = resp.Result.Set(ctx, amount)
}

// noise is where the digits begin that only come from Terraform computing in
// binary: 0.1 * 3 is not quite 0.3.
const noise = 30

// plainNumber is a number as it is meant, without noise.
func plainNumber(n *big.Float) *big.Float {
	number, _, err := big.ParseFloat(exactly(n).String(), 10, n.Prec(), big.ToNearestEven)
	if err != nil {
		panic(err) // decimals are numbers
	}
	return number
}

func exactly(n *big.Float) decimal.Decimal {
	number, err := decimal.NewFromString(n.Text('f', noise))
	if err != nil {
		panic(fmt.Sprintf("%s: %v", n, err)) // Terraform has no infinite numbers
	}
	return number
}
