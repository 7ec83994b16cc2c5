package spend

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The only values that the API accepts today. New ones are let through, so the
// attributes stay open.
const (
	currencyUSD   = "USD"
	intervalMonth = "month"
	channelEmail  = "email"
)

// MaxCents is the largest amount: a number that float64 still holds exactly.
const MaxCents = 1<<53 - 1

// The attributes of an amount of money in a month. Each schema writes their
// descriptions.

func thresholdAmount(description string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: description,
		Optional:            true,
		Computed:            true,
		Validators: []validator.Int64{
			int64validator.Between(1, MaxCents),
			int64validator.AtLeastOneOf(path.MatchRoot("threshold_amount"), path.MatchRoot("threshold_usd")),
		},
	}
}

func thresholdUSD(description string) schema.NumberAttribute {
	return schema.NumberAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Computed:            true,
		Validators:          []validator.Number{dollars{}},
	}
}

func currency() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Currency. Default and only value: `USD`. Changed in place.",
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(currencyUSD),
		Validators:          []validator.String{stringvalidator.OneOf(currencyUSD)},
	}
}

func interval() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Time range in which the spend is counted: each calendar month (UTC). Default and only value: `month`. Changed in place.",
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(intervalMonth),
		Validators:          []validator.String{stringvalidator.OneOf(intervalMonth)},
	}
}

// generatedMoney lists the attributes that generated configuration omits: cents
// and defaults.
func generatedMoney() tfkit.GeneratedConfig {
	return tfkit.GeneratedConfig{
		Without:  []string{"threshold_amount"},
		Defaults: map[string]string{"currency": currencyUSD, "interval": intervalMonth},
	}
}

// moneyModel is an amount of money in a month.
type moneyModel struct {
	ThresholdAmount types.Int64  `tfsdk:"threshold_amount"`
	ThresholdUSD    types.Number `tfsdk:"threshold_usd"`
	Currency        types.String `tfsdk:"currency"`
	Interval        types.String `tfsdk:"interval"`
}

// flatten copies an amount of the API into the model. Dollars of the same cents
// stay as they are written.
func (m *moneyModel) flatten(amount int64, currency, interval string) {
	m.ThresholdAmount = types.Int64Value(amount)
	if !isWorth(m.ThresholdUSD, amount) {
		m.ThresholdUSD = CentsToUSD(amount)
	}
	m.Currency = types.StringValue(currency)
	m.Interval = types.StringValue(interval)
}

// label writes the amount for diagnostics.
func (m *moneyModel) label() string {
	return decimal.New(m.ThresholdAmount.ValueInt64(), -2).StringFixed(2) + " USD a month"
}

// labelSuffix adds the amount to a label, where it is known.
func (m *moneyModel) labelSuffix() string {
	if m.ThresholdAmount.IsNull() || m.ThresholdAmount.IsUnknown() {
		return ""
	}
	return " of " + m.label()
}

// amountAt is where the warnings of plan checks point.
var amountAt = path.Root("threshold_amount")

// scopeLabel names the organization or project of a limit or an alert.
func scopeLabel(scope string) string {
	if scope == adminapi.WholeOrganization {
		return "the organization"
	}
	return "project " + scope
}

// CentsToUSD writes cents as dollars.
func CentsToUSD(cents int64) types.Number { return tfkit.Number(decimal.New(cents, -2)) }

// isWorth reports whether dollars are known, and are these cents.
func isWorth(dollars types.Number, amount int64) bool {
	if dollars.IsNull() || dollars.IsUnknown() {
		return false
	}
	inCents, problem := USDToCents(dollars.ValueBigFloat())
	return problem == "" && inCents == amount
}

// centTolerance is by how much an amount may miss a whole cent, in cents.
// Terraform computes 33.3 * 3 as a little less than 99.90.
var centTolerance = decimal.New(1, -9)

// USDToCents reads dollars; problem says why that is impossible.
func USDToCents(dollars *big.Float) (amount int64, problem string) {
	value, err := decimal.NewFromString(dollars.Text('f', -1))
	if err != nil {
		return 0, "must be a number"
	}
	inCents := value.Shift(2).Round(0)
	switch {
	case value.Shift(2).Sub(inCents).Abs().GreaterThan(centTolerance):
		return 0, fmt.Sprintf("must have two decimals at most, got %s: a cent is the smallest amount", value)
	case inCents.LessThan(decimal.NewFromInt(1)):
		return 0, fmt.Sprintf("must be at least 0.01, got %s", value)
	case inCents.GreaterThan(decimal.NewFromInt(MaxCents)):
		return 0, fmt.Sprintf("is too large: %s", value)
	}
	return inCents.IntPart(), ""
}

// dollars accepts whole cents, and no other amount than threshold_amount where
// both are configured, as generated configuration does.
type dollars struct{}

func (dollars) Description(context.Context) string {
	return "at least 0.01, with two decimals at most"
}

func (d dollars) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

func (dollars) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value, problem := USDToCents(req.ConfigValue.ValueBigFloat())
	if problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid amount", fmt.Sprintf("%s %s.", req.Path, problem))
		return
	}
	var amount types.Int64
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("threshold_amount"), &amount)...)
	if !amount.IsNull() && !amount.IsUnknown() && amount.ValueInt64() != value {
		addDifferentAmounts(req.Path, value, amount.ValueInt64(), &resp.Diagnostics)
	}
}

// planMoney plans the amount that is not configured from the one that is, so
// that the plan shows both. state is nil for a create.
func planMoney(config, planned, state *moneyModel, diags *diag.Diagnostics) {
	amount, inUSD := config.ThresholdAmount, config.ThresholdUSD
	switch {
	case !amount.IsNull() && !inUSD.IsNull() && (amount.IsUnknown() || inUSD.IsUnknown()):
		// Both are configured, and compared when both are known.
	case amount.IsUnknown():
		inUSD = types.NumberUnknown()
	case inUSD.IsUnknown():
		amount = types.Int64Unknown()
	case inUSD.IsNull() && amount.IsNull():
		return // the validators have refused this
	case inUSD.IsNull():
		inUSD = CentsToUSD(amount.ValueInt64())
	default:
		value, problem := USDToCents(inUSD.ValueBigFloat())
		if problem != "" {
			diags.AddAttributeError(path.Root("threshold_usd"), "Invalid amount", "threshold_usd "+problem+".")
			return
		}
		if !amount.IsNull() && amount.ValueInt64() != value {
			addHalfIgnored(config, value, state, diags)
			return
		}
		amount = types.Int64Value(value)
	}
	if state != nil && !amount.IsUnknown() && isWorth(state.ThresholdUSD, amount.ValueInt64()) {
		inUSD = state.ThresholdUSD // the same cents, perhaps written another way
	}
	planned.ThresholdAmount, planned.ThresholdUSD = amount, inUSD
}

// addHalfIgnored reports different amounts in the two units. If ignore_changes
// names one of the two, Terraform gives its value in state as if it were
// configured.
func addHalfIgnored(config *moneyModel, inCents int64, state *moneyModel, diags *diag.Diagnostics) {
	changed := "threshold_usd"
	if state != nil && isWorth(state.ThresholdUSD, inCents) {
		changed = "threshold_amount"
	}
	addDifferentAmounts(path.Root(changed), inCents, config.ThresholdAmount.ValueInt64(), diags)
}

func addDifferentAmounts(at path.Path, inUSD, amount int64, diags *diag.Diagnostics) {
	diags.AddAttributeError(at, "Different amounts", fmt.Sprintf(
		"threshold_usd is %s and threshold_amount is %s. They are one amount in two units: configure one of them, or the same amount in both. If ignore_changes has one of them, add the other, or remove it.",
		tfkit.USD(inUSD), tfkit.USD(amount)))
}

// toCents returns the cents of a planned amount. At apply, a value that was
// unknown in the plan may turn out to be invalid.
func (m *moneyModel) toCents(diags *diag.Diagnostics) int64 {
	if !m.ThresholdAmount.IsUnknown() {
		return m.ThresholdAmount.ValueInt64()
	}
	amount, problem := USDToCents(m.ThresholdUSD.ValueBigFloat())
	if problem != "" {
		diags.AddAttributeError(path.Root("threshold_usd"), "Invalid amount", "threshold_usd "+problem+".")
	}
	return amount
}

// money writes cents for people: 5,000 USD, 33.30 USD.
func money(cents int64) string {
	whole, fraction, _ := strings.Cut(decimal.New(cents, -2).StringFixed(2), ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if fraction != "00" {
		whole += "." + fraction
	}
	return whole + " USD"
}
