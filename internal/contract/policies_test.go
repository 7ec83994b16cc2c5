package contract_test

import (
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared/constant"
)

func (b *backend) policies(t *testing.T, project string) {
	ctx := t.Context()
	models := b.sdk.Projects.ModelPermissions
	must[openai.ProjectModelPermissions](t)(models.Update(ctx, project, openai.AdminOrganizationProjectModelPermissionUpdateParams{Mode: "allow_list", ModelIDs: []string{"gpt-4o"}}))
	must[openai.ProjectModelPermissions](t)(models.Get(ctx, project))
	must[openai.ProjectModelPermissionsDeleted](t)(models.Delete(ctx, project))

	tools := b.sdk.Projects.HostedToolPermissions
	must[openai.ProjectHostedToolPermissions](t)(tools.Get(ctx, project))
	switched := must[openai.ProjectHostedToolPermissions](t)(tools.Update(ctx, project, openai.AdminOrganizationProjectHostedToolPermissionUpdateParams{}, option.WithJSONSet("mcp.enabled", false)))
	if switched.Mcp.Enabled || !switched.WebSearch.Enabled {
		t.Error("not exactly the one tool is switched off")
	}

	tiers := b.sdk.Projects.ServiceTierSettings
	must[openai.ProjectServiceTierSettings](t)(tiers.Get(ctx, project))
	all := must[openai.ProjectServiceTierSettings](t)(tiers.Update(ctx, project, openai.AdminOrganizationProjectServiceTierSettingUpdateParams{
		EnabledTiers: openai.AdminOrganizationProjectServiceTierSettingUpdateParamsEnabledTiersUnion{OfAll: constant.ValueOf[constant.All]()}}))
	if !all.EnabledTiers.JSON.OfAll.Valid() {
		t.Error("not all tiers are enabled")
	}
	some := must[openai.ProjectServiceTierSettings](t)(tiers.Update(ctx, project, openai.AdminOrganizationProjectServiceTierSettingUpdateParams{
		EnabledTiers: openai.AdminOrganizationProjectServiceTierSettingUpdateParamsEnabledTiersUnion{
			OfProjectOptionalServiceTierArray: []openai.ProjectOptionalServiceTier{openai.ProjectOptionalServiceTierFlex}}}))
	if enabled := some.EnabledTiers.AsProjectServiceTierSettingsEnabledTiers(); len(enabled) != 1 || enabled[0] != "flex" {
		t.Errorf("the enabled tiers are %v", enabled)
	}

	must[openai.OrganizationDataRetention](t)(b.sdk.DataRetention.Update(ctx, openai.AdminOrganizationDataRetentionUpdateParams{RetentionType: "zero_data_retention"}))
	must[openai.OrganizationDataRetention](t)(b.sdk.DataRetention.Get(ctx))
	must[openai.ProjectDataRetention](t)(b.sdk.Projects.DataRetention.Update(ctx, project, openai.AdminOrganizationProjectDataRetentionUpdateParams{RetentionType: "none"}))
	must[openai.ProjectDataRetention](t)(b.sdk.Projects.DataRetention.Get(ctx, project))
}
