package policy

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Existing = (*modelPermissionsResource)(nil)
	_ lifecycle.Existing = (*hostedToolsResource)(nil)
	_ lifecycle.Existing = (*serviceTiersResource)(nil)
	_ lifecycle.Existing = (*organizationRetentionResource)(nil)
	_ lifecycle.Existing = (*projectRetentionResource)(nil)
)

// Settings that always exist are worth a warning only where a create changes
// what somebody has chosen: neither where the value stays the same, since
// destroying the resource restores it, nor where it is the API's default.

const settingDestroy = "Destroying the resource restores the present setting; after an import there is none to restore."

// overwritten is what was found, or nothing when the create changes nothing.
func overwritten(object string, id []string, changes []lifecycle.Change) lifecycle.Found {
	if len(changes) == 0 {
		return lifecycle.Found{}
	}
	return lifecycle.Found{Object: object, ID: id, Changes: changes, Destroy: settingDestroy}
}

// Existing reads the permissions that a create would overwrite.
func (r *modelPermissionsResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m modelPermissionsModel
	if plan.Get(ctx, &m).HasError() || m.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := m.ProjectID.ValueString()
	policy, err := r.Client.ModelPolicies.Get(ctx, project)
	if err != nil {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: "model permissions of project " + project, ID: []string{project},
		Changes: lifecycle.Difference("mode", types.StringValue(policy.Mode), m.Mode),
		Destroy: "Destroying the resource removes the permissions, so that every model may be used.",
	}
	found.Changes = append(found.Changes, differenceOfSets(ctx, "model_ids", policy.ModelIDs, m.ModelIDs)...)
	return found, nil
}

// differenceOfSets is the change of a set that is known.
func differenceOfSets(ctx context.Context, name string, present []string, planned types.Set) []lifecycle.Change {
	var items []string
	if planned.IsUnknown() || planned.ElementsAs(ctx, &items, false).HasError() {
		return []lifecycle.Change{{Name: name, Old: lifecycle.List(present), New: "known after apply"}}
	}
	return lifecycle.DifferenceOfSets(name, present, items)
}

// Existing reads the switches that a create would overwrite.
func (r *hostedToolsResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m hostedToolsModel
	if plan.Get(ctx, &m).HasError() || m.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := m.ProjectID.ValueString()
	tools, err := r.Client.HostedTools.Get(ctx, project)
	if err != nil || *tools == (adminapi.ToolSwitches{CodeInterpreter: true, FileSearch: true, ImageGeneration: true, MCP: true, WebSearch: true}) {
		return lifecycle.Found{}, err
	}
	present := newToolsModel(tools)
	var changes []lifecycle.Change
	for _, tool := range []struct {
		name         string
		old, planned types.Bool
	}{
		{"code_interpreter_enabled", present.CodeInterpreter, m.CodeInterpreter},
		{"file_search_enabled", present.FileSearch, m.FileSearch},
		{"image_generation_enabled", present.ImageGeneration, m.ImageGeneration},
		{"mcp_enabled", present.MCP, m.MCP},
		{"web_search_enabled", present.WebSearch, m.WebSearch},
	} {
		changes = append(changes, lifecycle.Difference(tool.name, truth(tool.old), truth(tool.planned))...)
	}
	return overwritten("hosted tool permissions of project "+project, []string{project}, changes), nil
}

func truth(value types.Bool) types.String {
	switch {
	case value.IsUnknown():
		return types.StringUnknown()
	case value.IsNull():
		return types.StringNull()
	default:
		return types.StringValue(strconv.FormatBool(value.ValueBool()))
	}
}

// Existing reads the tiers that a create would overwrite.
func (r *serviceTiersResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m serviceTiersModel
	if plan.Get(ctx, &m).HasError() || m.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := m.ProjectID.ValueString()
	tiers, err := r.Client.ServiceTiers.Get(ctx, project)
	if err != nil || tiers.Default == "standard" && len(tiers.Enabled) == 1 && tiers.Enabled[0] == adminapi.AllTiers {
		return lifecycle.Found{}, err
	}
	changes := lifecycle.Difference("default", types.StringValue(tiers.Default), m.Default)
	changes = append(changes, differenceOfSets(ctx, "enabled_tiers", tiers.Enabled, m.EnabledTiers)...)
	return overwritten("service tier settings of project "+project, []string{project}, changes), nil
}

// Existing reads the retention that a create would overwrite. The API has no
// default for the organization that is known.
func (r *organizationRetentionResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m organizationRetentionModel
	if plan.Get(ctx, &m).HasError() {
		return lifecycle.Found{}, nil
	}
	kind, err := r.Client.DataRetention.Get(ctx, adminapi.WholeOrganization)
	if err != nil {
		return lifecycle.Found{}, err
	}
	return overwritten("data retention of the organization", []string{organizationSingleton}, lifecycle.Difference("", types.StringValue(kind), m.Type)), nil
}

// Existing reads the retention that a create would overwrite.
func (r *projectRetentionResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m projectRetentionModel
	if plan.Get(ctx, &m).HasError() || m.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := m.ProjectID.ValueString()
	kind, err := r.Client.DataRetention.Get(ctx, project)
	if err != nil || kind == organizationDefault {
		return lifecycle.Found{}, err
	}
	return overwritten("data retention of project "+project, []string{project}, lifecycle.Difference("", types.StringValue(kind), m.Type)), nil
}
