package settings

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type serviceTiersDataModel struct {
	ID           types.String `tfsdk:"id"`
	ProjectID    types.String `tfsdk:"project_id"`
	Default      types.String `tfsdk:"default"`
	EnabledTiers types.Set    `tfsdk:"enabled_tiers"`
}

func serviceTiersData() lifecycle.DataSource[*serviceTiersDataModel] {
	return lifecycle.DataSource[*serviceTiersDataModel]{
		Type: "project_service_tier_settings",
		Schema: schema.Schema{
			MarkdownDescription: "Service tiers that requests of a project may name.",
			Attributes: map[string]schema.Attribute{
				"project_id":    tfkit.ProjectParameter(),
				"id":            schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
				"default":       schema.StringAttribute{Computed: true, MarkdownDescription: "Tier of requests that name none: `standard`, `fast` or `scale`."},
				"enabled_tiers": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Tiers that requests may choose in addition to the standard tier, or `all` alone."},
			},
		},
		Label: func(d *serviceTiersDataModel) string {
			return (&serviceTiersModel{ProjectID: d.ProjectID}).label()
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[*serviceTiersDataModel]) error {
			d := call.Data
			tiers, err := call.Client.ServiceTiers.Get(ctx, d.ProjectID.ValueString())
			if err == nil {
				var settings serviceTiersModel
				settings.flatten(ctx, tiers, call.Diags)
				d.ID, d.Default, d.EnabledTiers = d.ProjectID, settings.Default, settings.EnabledTiers
			}
			return err
		},
	}
}
