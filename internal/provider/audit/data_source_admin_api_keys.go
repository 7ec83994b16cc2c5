package audit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type adminAPIKeysDataModel struct {
	OwnerID      types.String       `tfsdk:"owner_id"`
	ID           types.String       `tfsdk:"id"`
	AdminAPIKeys []adminAPIKeyModel `tfsdk:"admin_api_keys"`
}

func adminAPIKeysData() lifecycle.DataSource[*adminAPIKeysDataModel] {
	return lifecycle.DataSource[*adminAPIKeysDataModel]{
		Type: "admin_api_keys",
		Schema: schema.Schema{
			MarkdownDescription: "The admin API keys of the organization, oldest first, for example to check their age in a `check` block. All pages are read. Secrets cannot be read.",
			Attributes: map[string]schema.Attribute{
				"owner_id": schema.StringAttribute{MarkdownDescription: "Only keys of this owner.", Optional: true},
				"id":       schema.StringAttribute{Computed: true, MarkdownDescription: "Always `organization`."},
				"admin_api_keys": schema.ListNestedAttribute{
					MarkdownDescription: "The keys found.",
					Computed:            true,
					NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
						"id":             schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the key (`key_…`)."},
						"name":           schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the key."},
						"redacted_value": schema.StringAttribute{Computed: true, MarkdownDescription: "The first and last characters of the secret."},
						"owner_id":       schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the owner of the key."},
						"owner_name":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the owner of the key."},
						"owner_type":     schema.StringAttribute{Computed: true, MarkdownDescription: "`user` or `service_account`."},
						"created_at":     schema.Int64Attribute{Computed: true, MarkdownDescription: "When the key was created, in Unix seconds."},
						"expires_at":     schema.Int64Attribute{Computed: true, MarkdownDescription: "When the key expires, in Unix seconds; null when it has no expiry."},
						"last_used_at":   schema.Int64Attribute{Computed: true, MarkdownDescription: "When the key was last used, in Unix seconds; null when it was never used."},
					}},
				},
			},
		},
		Label: lifecycle.Static[*adminAPIKeysDataModel]("the admin API keys of the organization"),
		Read: func(ctx context.Context, call *lifecycle.DataCall[*adminAPIKeysDataModel]) error {
			d := call.Data
			keys, err := call.Client.AdminKeys.List(ctx)
			d.ID, d.AdminAPIKeys = types.StringValue("organization"), []adminAPIKeyModel{}
			for i := range keys {
				key := newAdminAPIKeyModel(&keys[i])
				if d.OwnerID.IsNull() || d.OwnerID.Equal(key.OwnerID) {
					d.AdminAPIKeys = append(d.AdminAPIKeys, key)
				}
			}
			tfkit.SortByAge(d.AdminAPIKeys, func(m adminAPIKeyModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
			return err
		},
	}
}

type adminAPIKeyModel struct {
	ID            types.String `tfsdk:"id"`
	Name          types.String `tfsdk:"name"`
	RedactedValue types.String `tfsdk:"redacted_value"`
	OwnerID       types.String `tfsdk:"owner_id"`
	OwnerName     types.String `tfsdk:"owner_name"`
	OwnerType     types.String `tfsdk:"owner_type"`
	CreatedAt     types.Int64  `tfsdk:"created_at"`
	ExpiresAt     types.Int64  `tfsdk:"expires_at"`
	LastUsedAt    types.Int64  `tfsdk:"last_used_at"`
}

func newAdminAPIKeyModel(key *openai.AdminAPIKey) adminAPIKeyModel {
	return adminAPIKeyModel{
		ID:            types.StringValue(key.ID),
		Name:          tfkit.String(key.Name, key.JSON.Name),
		RedactedValue: tfkit.String(key.RedactedValue, key.JSON.RedactedValue),
		OwnerID:       tfkit.String(key.Owner.ID, key.Owner.JSON.ID),
		OwnerName:     tfkit.String(key.Owner.Name, key.Owner.JSON.Name),
		OwnerType:     tfkit.String(key.Owner.Type, key.Owner.JSON.Type),
		CreatedAt:     tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt),
		ExpiresAt:     tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt),
		LastUsedAt:    tfkit.Int64(key.LastUsedAt, key.JSON.LastUsedAt),
	}
}
