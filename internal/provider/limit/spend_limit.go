package limit

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The hard limits of the organisation and of projects differ in what they
// belong to and in nothing else.

// spendLimitAttributes are the attributes of both.
func spendLimitAttributes(own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := moneyAttributes("What may be spent in a month,")
	attributes["enforcement_status"] = tfkit.ComputedString("Whether the limit bites: `inactive` or `enforcing`. It changes by itself and never makes a difference in a plan.")
	attributes["object"] = tfkit.ComputedString("Type of the object, as the API names it.")
	attributes["acknowledge"] = tfkit.AcknowledgeAttribute(tfkit.LimitBelowSpend, tfkit.LimitRaisedTenfold, tfkit.AlertAboveLimit, tfkit.ProjectWithoutLimit)
	maps.Copy(attributes, own)
	return attributes
}

type spendLimitModel struct {
	moneyModel
	EnforcementStatus types.String `tfsdk:"enforcement_status"`
	Object            types.String `tfsdk:"object"`
}

// take copies what was read into the model.
func (m *spendLimitModel) take(object string, limit *adminapi.SpendLimit) {
	m.moneyModel.take(limit.ThresholdAmount, limit.Currency, limit.Interval)
	m.EnforcementStatus = types.StringValue(limit.EnforcementStatus)
	m.Object = types.StringValue(object)
}

// set writes the planned limit of a scope and takes the answer over.
func (m *spendLimitModel) set(ctx context.Context, client *adminapi.Client, scope, object string, diags *diag.Diagnostics) {
	amount := m.amountOf(diags)
	if diags.HasError() {
		return
	}
	limit, err := client.SpendLimits.Set(ctx, scope, adminapi.SpendLimit{
		ThresholdAmount: amount, Currency: m.Currency.ValueString(), Interval: m.Interval.ValueString(),
	})
	if err != nil {
		tfkit.AddAPIError(diags, limitLabel(scope)+" of "+m.label(), err)
		return
	}
	planned := m.EnforcementStatus
	m.take(object, limit)
	if !planned.IsUnknown() {
		// Terraform holds us to what was planned; the next read tells the truth.
		m.EnforcementStatus = planned
	}
}

// only is a list of the limit that was read.
func only(limit *adminapi.SpendLimit, err error) ([]adminapi.SpendLimit, error) {
	if err != nil {
		return nil, err
	}
	return []adminapi.SpendLimit{*limit}, nil
}

// limitLabel names the limit of a scope in diagnostics.
func limitLabel(scope string) string {
	if scope == adminapi.WholeOrganization {
		return "the spend limit of the organisation"
	}
	return "the spend limit of project " + scope
}
