package policy

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The retention of the organisation and of projects differ in what they belong
// to, and in the values that a project has besides.

var organizationRetentions = []string{
	"zero_data_retention", "modified_abuse_monitoring", "enhanced_zero_data_retention", "enhanced_modified_abuse_monitoring",
}

const (
	// organizationDefault is the retention of a project that has none of its own.
	organizationDefault = "organization_default"
	noRetention         = "none"
)

var projectRetentions = slices.Concat([]string{organizationDefault, noRetention}, organizationRetentions)

const organizationApproval = "OpenAI has to approve of a retention before it can be set."

func retentionsOf(scope string) []string {
	if scope == adminapi.WholeOrganization {
		return organizationRetentions
	}
	return projectRetentions
}

// retentionAttributes are the attributes of both.
func retentionAttributes(values string, retentions []string, own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"type": schema.StringAttribute{
			MarkdownDescription: "How long data are kept and who may look at them: " + values + " Changed in place.",
			Required:            true,
			Validators:          []validator.String{tfkit.OpenEnum(retentions...)},
		},
		"object": tfkit.ComputedString("Type of the object, as the API names it."),

		tfkit.RestoreName: tfkit.RestoreMap(types.StringType),
	}
	maps.Copy(attributes, own)
	return attributes
}

const knownRetentions = "`zero_data_retention`, `modified_abuse_monitoring`, `enhanced_zero_data_retention` or `enhanced_modified_abuse_monitoring`."

type retentionModel struct {
	Type   types.String `tfsdk:"type"`
	Object types.String `tfsdk:"object"`
}

// retentionOf is what the API tells of a scope.
func retentionOf(scope, kind string) retentionModel {
	m := retentionModel{Type: types.StringValue(kind), Object: types.StringValue("project.data_retention")}
	if scope == adminapi.WholeOrganization {
		m.Object = types.StringValue("organization.data_retention")
	}
	return m
}

// retentionLabel names the retention of a scope in diagnostics.
func retentionLabel(scope string) string {
	if scope == adminapi.WholeOrganization {
		return "the data retention of the organisation"
	}
	return "the data retention of project " + scope
}

// set writes the planned retention of a scope and takes the answer over.
func (m *retentionModel) set(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) {
	kind, err := client.DataRetention.Set(ctx, scope, m.Type.ValueString())
	if err != nil {
		tfkit.AddAPIError(diags, retentionLabel(scope), err)
		return
	}
	*m = retentionOf(scope, kind)
}

// restoredType is the key of the previous retention in restore_values.
const restoredType = "type"

// beginRetention reads what the retention of a scope is before a resource
// changes it, and returns that for the state: should the change fail, it is
// restored.
func beginRetention(ctx context.Context, client *adminapi.Client, scope string, restore *types.Map, resp *resource.CreateResponse) retentionModel {
	kind, err := client.DataRetention.Get(ctx, scope)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, retentionLabel(scope), err)
		return retentionModel{}
	}
	*restore = tfkit.RestoreValues(ctx, types.StringType, map[string]string{restoredType: kind}, &resp.Diagnostics)
	return retentionOf(scope, kind)
}

// endRetention restores the previous retention of a scope.
func endRetention(ctx context.Context, client *adminapi.Client, scope string, now retentionModel, restore types.Map, diags *diag.Diagnostics) {
	values, known := tfkit.ReadRestoreValues[string](ctx, restore, diags)
	before := values[restoredType]
	switch {
	case diags.HasError() || known && before == now.Type.ValueString():
	case !known:
		tfkit.AddLeft(diags, retentionLabel(scope), notKnown)
	case !slices.Contains(retentionsOf(scope), before):
		tfkit.AddLeft(diags, retentionLabel(scope), fmt.Sprintf("it was %q before, which the API has no way to set.", before))
	default:
		if _, err := client.DataRetention.Set(ctx, scope, before); err != nil && !adminapi.IsGone(err) {
			tfkit.AddAPIError(diags, retentionLabel(scope), err)
		}
	}
}
