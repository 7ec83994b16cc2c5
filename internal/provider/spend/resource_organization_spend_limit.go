package spend

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// organizationSingleton is the id of what exists once in the organization.
const organizationSingleton = "organization"

type organizationSpendLimitModel struct {
	SingletonID types.String `tfsdk:"singleton_id"`
	spendLimitModel
	tfkit.SuppressedWarnings
}

func organizationSpendLimit() lifecycle.Setting[organizationSpendLimitModel] {
	return spendLimit(lifecycle.Core[organizationSpendLimitModel]{
		Type:     "organization_spend_limit",
		Schema:   organizationSpendLimitSchema,
		Identity: []lifecycle.Identifier{{Name: "singleton_id", Description: "Always `organization`.", Value: organizationSingleton}},
		Paths:    func(lifecycle.Values) lifecycle.Paths { return lifecycle.Named("/organization/spend_limit") },
		Legacy: lifecycle.Foreign{
			Type:  "openai_organization_spend_limit",
			Types: []lifecycle.ForeignType{{Provider: lifecycle.Jianyuan, Type: "openai_spend_limit"}},
		},
		List: lifecycle.ListOrganization("The hard spend limit of the organization, if one is set.", "the spend limit",
			func(ctx context.Context, client *adminapi.Client) ([]adminapi.SpendLimit, error) {
				return lifecycle.One(client.SpendLimits.Get(ctx, adminapi.WholeOrganization))
			},
			func(_ context.Context, limit *adminapi.SpendLimit, _ *diag.Diagnostics) (string, *organizationSpendLimitModel) {
				m := organizationSpendLimitModel{SingletonID: types.StringValue(organizationSingleton), SuppressedWarnings: tfkit.NoSuppressedWarnings()}
				m.flatten(adminapi.WholeOrganization, limit)
				return m.label(), &m
			}),
	}, func(m *organizationSpendLimitModel) (*spendLimitModel, string, bool) {
		return &m.spendLimitModel, adminapi.WholeOrganization, true
	})
}

func organizationSpendLimitSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "The **hard** spend limit of the organization. Once the spend of the month reaches the limit, the API refuses calls with status 429. It accepts them again when the limit is raised or removed, or the month ends. " +
			"Use `openai_organization_spend_alert` to notify people before the limit is reached.\n\n" +
			"An organization has at most one such limit. Creating this resource sets it. If a limit is already set, the resource adopts an equal limit and overwrites a different one. The plan shows the old and the new value.",
		Attributes: map[string]schema.Attribute{
			"singleton_id": tfkit.ComputedString("Always `organization`."),
			"threshold_amount": thresholdAmount("Monthly hard spend limit, in **cents**, at least 1. " +
				"Configure exactly one of `threshold_amount` and `threshold_usd`; the state has both. Changed in place."),
			"threshold_usd": thresholdUSD("Monthly hard spend limit, in **US dollars**, at least 0.01, with two decimals at most. " +
				"Configure exactly one of `threshold_amount` and `threshold_usd`; the state has both. Changed in place."),
			"currency":           currency(),
			"interval":           interval(),
			"enforcement_status": tfkit.ComputedString("Whether calls are refused now: `inactive` or `enforcing`. The API changes it; it never causes a difference in a plan."),
			"object":             tfkit.ComputedString("Type of the object, as the API names it."),
			"suppress_warnings":  tfkit.SuppressWarningsAttribute(limitChecks...),
		},
	}
}
