package spend

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/shopspring/decimal"
)

type usdFunction struct{}

func newUSDFunction() function.Function { return usdFunction{} }

func (usdFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "usd"
}

func (usdFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Cents of an amount in US dollars",
		MarkdownDescription: "Turns US dollars into cents, the unit of `threshold_amount`: `usd(12.5)` is 1250. " +
			"The amount has two decimals at most; nothing is rounded. `cents` is the way back.",
		Parameters: []function.Parameter{function.NumberParameter{
			Name:                "dollars",
			MarkdownDescription: "Amount in US dollars, at least 0.01, with two decimals at most.",
		}},
		Return: function.Int64Return{},
	}
}

func (usdFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var dollars *big.Float
	if resp.Error = req.Arguments.Get(ctx, &dollars); resp.Error != nil {
		return
	}
	amount, problem := cents(plainNumber(dollars))
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
