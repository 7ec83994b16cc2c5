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

// organizationSingleton is the id of objects that exist once in the
// organization.
const organizationSingleton = "organization"

type organizationSpendLimitModel struct {
	SingletonID types.String `tfsdk:"singleton_id"`
	spendLimitModel
	tfkit.SuppressedWarnings
}

func organizationSpendLimit() lifecycle.Setting[*organizationSpendLimitModel] {
	return spendLimit(lifecycle.Core[*organizationSpendLimitModel]{
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
		MarkdownDescription: "The **hard** spend limit of the organization. Once the spend of the month reaches the limit, the API refuses calls with status 429. It accepts calls again when the limit is raised or removed, or when the month ends. " +
			"Use `openai_organization_spend_alert` to notify people before the limit is reached.\n\n" +
			"An organization has at most one hard limit. Creating this resource sets the limit, or adopts an equal limit, or overwrites a different one. The plan names an existing limit and shows the old and the new value. Destroying the resource removes the limit; it does not restore an overwritten one.",
		Attributes: map[string]schema.Attribute{
			"singleton_id": tfkit.ComputedString("Always `organization`."),
			"threshold_amount": thresholdAmount("Monthly hard spend limit, in **cents**, at least 1. " +
				"Configure `threshold_amount` or `threshold_usd`; the provider computes the other. It accepts both if they are the same amount. Changed in place."),
			"threshold_usd": thresholdUSD("Monthly hard spend limit, in **US dollars**, at least 0.01, with two decimals at most. " +
				"Configure `threshold_amount` or `threshold_usd`; the provider computes the other. It accepts both if they are the same amount. Changed in place."),
			"currency":           currency(),
			"interval":           interval(),
			"enforcement_status": tfkit.ComputedString("Whether the API currently refuses calls: `inactive` or `enforcing`. The API changes this value; plans never show a change of it."),
			"object":             tfkit.ComputedString("Type of the object in the API."),
			"suppress_warnings":  tfkit.SuppressWarningsAttribute(limitChecks...),
		},
	}
}
