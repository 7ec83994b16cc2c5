package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// organizationSingleton is the id of settings that exist once in the
// organization.
const organizationSingleton = "organization"

type organizationRetentionModel struct {
	SingletonID types.String `tfsdk:"singleton_id"`
	retentionModel
	RestoreValues types.Map `tfsdk:"restore_values"`
}

func organizationDataRetention() lifecycle.Setting[*organizationRetentionModel] {
	return dataRetention(lifecycle.Core[*organizationRetentionModel]{
		Type:     "organization_data_retention",
		Schema:   organizationRetentionSchema,
		Identity: []lifecycle.Identifier{{Name: "singleton_id", Description: "Always `organization`.", Value: organizationSingleton}},
		Paths:    func(lifecycle.Values) lifecycle.Paths { return lifecycle.Named("/organization/data_retention") },
		Legacy: lifecycle.Foreign{
			Type:  "openai_organization_data_retention",
			Types: []lifecycle.ForeignType{{Provider: lifecycle.Jianyuan, Type: "openai_data_retention"}},
		},
		List: lifecycle.ListOrganization("The data retention of the organization, if one was agreed with OpenAI.", "the data retention",
			func(ctx context.Context, client *adminapi.Client) ([]string, error) {
				kind, err := client.DataRetention.Get(ctx, adminapi.WholeOrganization)
				return []string{kind}, err
			},
			func(_ context.Context, kind *string, _ *diag.Diagnostics) (string, *organizationRetentionModel) {
				if *kind == noRetention {
					return "", nil // none was agreed, and none can be set
				}
				return "the data retention of the organization", &organizationRetentionModel{
					types.StringValue(organizationSingleton), flattenRetention(adminapi.WholeOrganization, *kind), types.MapNull(types.StringType),
				}
			}),
	}, func(m *organizationRetentionModel) (*retentionModel, *types.Map, string, bool) {
		return &m.retentionModel, &m.RestoreValues, adminapi.WholeOrganization, true
	}, organizationRetentions, func(string) bool { return false })
}

func organizationRetentionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Data retention of the organization, for projects without their own. " + organizationApproval + restored,
		Attributes: retentionAttributes(knownRetentions, organizationRetentions, map[string]schema.Attribute{
			"singleton_id": tfkit.ComputedString("Always `organization`."),
		}),
	}
}
