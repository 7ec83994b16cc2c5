package settings

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func serviceTierSettings() lifecycle.Setting[*serviceTiersModel] {
	return lifecycle.Setting[*serviceTiersModel]{
		Core: lifecycle.Core[*serviceTiersModel]{
			Type:     "project_service_tier_settings",
			Schema:   serviceTiersSchema,
			Identity: projectIdentity,
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/projects/{project_id}/service_tier_settings"))
			},
			Label:     (*serviceTiersModel).label,
			Unaudited: "The log has no events for the settings of a project.",
			Legacy:    lifecycle.AsOfficial("openai_project_service_tier_settings"),
			Read:      readServiceTiers,
			List: lifecycle.ListProjectSettings("The service tier settings of one project or of all projects.", "the service tier settings",
				getServiceTiers, listedServiceTiers),
		},
		Write:    writeServiceTiers,
		Existing: existingServiceTiers,
		Permanent: &lifecycle.Permanent[*serviceTiersModel]{
			Remember: func(_ context.Context, m, values *serviceTiersModel, _ *diag.Diagnostics) {
				m.RestoreValues = types.ObjectValueMust(restoredTiers, map[string]attr.Value{"default": values.Default, "enabled_tiers": values.EnabledTiers})
			},
			Recall: recallServiceTiers,
			Same: func(a, b *serviceTiersModel) bool {
				return a.Default.Equal(b.Default) && a.EnabledTiers.Equal(b.EnabledTiers)
			},
		},
	}
}

func serviceTiersSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Service tiers that requests of a project may name, and the tier of requests that name none." + restored,
		Attributes: map[string]schema.Attribute{
			"project_id":      tfkit.ParentID("Id of the project (`proj_…`)."),
			tfkit.RestoreName: tfkit.RestoreObject(restoredTiers),
			"default": schema.StringAttribute{
				MarkdownDescription: "Tier of requests that name none or `auto`: `standard`, `fast` or `scale`. Changed in place.",
				Required:            true,
				Validators:          []validator.String{tfkit.OpenEnum("standard", "fast", "scale"), stringvalidator.NoneOf("flex", "ultrafast")},
			},
			"enabled_tiers": schema.SetAttribute{
				MarkdownDescription: "Tiers that requests may name in addition to the standard tier: any of `flex`, `fast` and `ultrafast`, an empty set, or `all` alone, which includes future tiers. Changed in place.",
				ElementType:         types.StringType,
				Required:            true,
				Validators: []validator.Set{
					setvalidator.ValueStringsAre(tfkit.OpenEnum(adminapi.AllTiers, "flex", "fast", "ultrafast"), stringvalidator.NoneOf("standard", "scale")),
					allAlone{},
				},
			},
		},
	}
}

// allAlone refuses "all" together with other tiers.
type allAlone struct{}

func (allAlone) Description(context.Context) string { return "`all` alone, or tiers by name" }

func (v allAlone) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (allAlone) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if slices.ContainsFunc(req.ConfigValue.Elements(), types.StringValue(adminapi.AllTiers).Equal) && len(req.ConfigValue.Elements()) > 1 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf("%s must contain either \"all\" or tiers by name.", req.Path))
	}
}

type serviceTiersModel struct {
	ProjectID    types.String `tfsdk:"project_id"`
	Default      types.String `tfsdk:"default"`
	EnabledTiers types.Set    `tfsdk:"enabled_tiers"`

	RestoreValues types.Object `tfsdk:"restore_values"`
}

// restoredTiers are the types of restore_values.
var restoredTiers = map[string]attr.Type{"default": types.StringType, "enabled_tiers": types.SetType{ElemType: types.StringType}}

// label names the settings in diagnostics.
func (m *serviceTiersModel) label() string {
	return "service tier settings of project " + m.ProjectID.ValueString()
}

func (m *serviceTiersModel) flatten(ctx context.Context, tiers *adminapi.TierSettings, diags *diag.Diagnostics) {
	m.Default = types.StringValue(tiers.Default)
	m.EnabledTiers = tfkit.StringSet(ctx, tiers.Enabled, diags)
}

// expand returns the planned tiers.
func (m *serviceTiersModel) expand(ctx context.Context, diags *diag.Diagnostics) adminapi.TierSettings {
	return adminapi.TierSettings{Default: m.Default.ValueString(), Enabled: tfkit.Strings(ctx, m.EnabledTiers, diags)}
}

func readServiceTiers(ctx context.Context, call *lifecycle.Call[*serviceTiersModel]) error {
	tiers, err := call.Client.ServiceTiers.Get(ctx, call.State.ProjectID.ValueString())
	if err == nil {
		call.State.flatten(ctx, tiers, call.Diags)
	}
	return err
}

func writeServiceTiers(ctx context.Context, call *lifecycle.Call[*serviceTiersModel]) error {
	planned := call.Plan.expand(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	tiers, err := call.Client.ServiceTiers.Set(ctx, call.Plan.ProjectID.ValueString(), planned)
	if err == nil {
		call.Plan.flatten(ctx, tiers, call.Diags)
	}
	return err
}

// recallServiceTiers sets the tiers to those of restore_values.
func recallServiceTiers(_ context.Context, m *serviceTiersModel, _ *diag.Diagnostics) (known bool) {
	if m.RestoreValues.IsNull() {
		return false
	}
	values := m.RestoreValues.Attributes()
	m.Default, _ = values["default"].(types.String)
	m.EnabledTiers, _ = values["enabled_tiers"].(types.Set)
	return true
}

// existingServiceTiers reads the tiers that a create would overwrite.
func existingServiceTiers(ctx context.Context, call *lifecycle.Call[*serviceTiersModel]) (lifecycle.Found, error) {
	if call.Plan.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := call.Plan.ProjectID.ValueString()
	tiers, err := call.Client.ServiceTiers.Get(ctx, project)
	if err != nil || tiers.Default == "standard" && len(tiers.Enabled) == 1 && tiers.Enabled[0] == adminapi.AllTiers {
		return lifecycle.Found{}, err
	}
	changes := lifecycle.Difference("default", types.StringValue(tiers.Default), call.Plan.Default)
	changes = append(changes, differenceOfSets(ctx, "enabled_tiers", tiers.Enabled, call.Plan.EnabledTiers)...)
	return overwritten(call.Plan.label(), []string{project}, changes), nil
}

func getServiceTiers(ctx context.Context, client *adminapi.Client, projectID string) (*adminapi.TierSettings, error) {
	return client.ServiceTiers.Get(ctx, projectID)
}

func listedServiceTiers(ctx context.Context, project *openai.Project, tiers *adminapi.TierSettings, diags *diag.Diagnostics) (string, *serviceTiersModel) {
	m := serviceTiersModel{ProjectID: types.StringValue(project.ID), RestoreValues: types.ObjectNull(restoredTiers)}
	m.flatten(ctx, tiers, diags)
	return "the service tiers of " + project.Name, &m
}
