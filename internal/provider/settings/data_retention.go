package settings

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The retention of the organization and of projects differ in their scope, and
// in the additional values that a project can have.

var organizationRetentions = []string{
	"zero_data_retention", "modified_abuse_monitoring", "enhanced_zero_data_retention", "enhanced_modified_abuse_monitoring",
}

const (
	// organizationDefault is the retention of a project that has none of its own.
	organizationDefault = "organization_default"
	noRetention         = "none"
)

var projectRetentions = slices.Concat([]string{organizationDefault, noRetention}, organizationRetentions)

const organizationApproval = "OpenAI must approve a retention before it can be set."

// retentionAttributes are the attributes of both.
func retentionAttributes(values string, retentions []string, own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"type": schema.StringAttribute{
			MarkdownDescription: "Retention of data and access to it: " + values + " Changed in place.",
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

// flattenRetention is the model of the retention of a scope.
func flattenRetention(scope, kind string) retentionModel {
	m := retentionModel{Type: types.StringValue(kind), Object: types.StringValue("project.data_retention")}
	if scope == adminapi.WholeOrganization {
		m.Object = types.StringValue("organization.data_retention")
	}
	return m
}

// retentionLabel names the retention of a scope in diagnostics.
func retentionLabel(scope string) string {
	if scope == adminapi.WholeOrganization {
		return "data retention of the organization"
	}
	return "data retention of project " + scope
}

// scopedRetention returns the retention and restore_values of a model, and its
// scope: a project, or WholeOrganization. The scope is not known while the
// project is not.
type scopedRetention[M any] func(m M) (retention *retentionModel, restore *types.Map, scope string, known bool)

// restoredType is the key of the previous retention in restore_values.
const restoredType = "type"

// dataRetention completes the definition of a retention. hasDefault reports
// whether a value is the one that the API has before a client sets one.
func dataRetention[M any](core lifecycle.Core[M], of scopedRetention[M], writable []string, hasDefault func(kind string) bool) lifecycle.Setting[M] {
	core.Label = func(m M) string {
		_, _, scope, _ := of(m)
		return retentionLabel(scope)
	}
	core.Read = func(ctx context.Context, call *lifecycle.Call[M]) error {
		state, _, scope, _ := of(call.State)
		kind, err := call.Client.DataRetention.Get(ctx, scope)
		if err == nil {
			*state = flattenRetention(scope, kind)
		}
		return err
	}
	return lifecycle.Setting[M]{
		Core: core,
		Write: func(ctx context.Context, call *lifecycle.Call[M]) error {
			planned, _, scope, _ := of(call.Plan)
			kind, err := call.Client.DataRetention.Set(ctx, scope, planned.Type.ValueString())
			if err == nil {
				*planned = flattenRetention(scope, kind)
			}
			return err
		},
		Existing: func(ctx context.Context, call *lifecycle.Call[M]) (lifecycle.Found, error) {
			planned, _, scope, known := of(call.Plan)
			if !known {
				return lifecycle.Found{}, nil
			}
			kind, err := call.Client.DataRetention.Get(ctx, scope)
			if err != nil || hasDefault(kind) {
				return lifecycle.Found{}, err
			}
			id := scope
			if scope == adminapi.WholeOrganization {
				id = organizationSingleton
			}
			return overwritten(retentionLabel(scope), []string{id}, lifecycle.Difference("", types.StringValue(kind), planned.Type)), nil
		},
		Permanent: &lifecycle.Permanent[M]{
			Remember: func(ctx context.Context, m, values M, diags *diag.Diagnostics) {
				_, restore, _, _ := of(m)
				retention, _, _, _ := of(values)
				*restore = tfkit.RestoreValues(ctx, types.StringType, map[string]string{restoredType: retention.Type.ValueString()}, diags)
			},
			Recall: func(ctx context.Context, m M, diags *diag.Diagnostics) (known bool) {
				retention, restore, _, _ := of(m)
				values, known := tfkit.ReadRestoreValues[string](ctx, *restore, diags)
				if known {
					retention.Type = types.StringValue(values[restoredType])
				}
				return known
			},
			Same: func(a, b M) bool {
				first, _, _, _ := of(a)
				second, _, _, _ := of(b)
				return first.Type.Equal(second.Type)
			},
			Unwritable: func(previous M) string {
				retention, _, _, _ := of(previous)
				if kind := retention.Type.ValueString(); !slices.Contains(writable, kind) {
					return fmt.Sprintf("its previous value was %q, which the API cannot set.", kind)
				}
				return ""
			},
		},
	}
}
