package apikey

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func adminKey() lifecycle.Object[*adminKeyModel] {
	return lifecycle.Object[*adminKeyModel]{
		Core: lifecycle.Core[*adminKeyModel]{
			Type:          "admin_api_key",
			Schema:        adminKeySchema,
			SchemaVersion: 1, // states of other providers have the secret under another name
			Identity:      []lifecycle.Identifier{{Name: "admin_api_key_id", Description: "Id of the key."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/admin_api_keys/{admin_api_key_id}"))
			},
			Label: (*adminKeyModel).label,
			Legacy: lifecycle.Foreign{
				Type:  "openai_admin_api_key",
				Names: map[string][]string{"admin_api_key_id": {"id"}, "value": {"api_key", "api_key_value"}},
			},
			Imports: func(object string, diags *diag.Diagnostics) {
				diags.AddWarning(importedWithoutSecret,
					"Object: "+object+"\n\nThe API returns a secret once, at creation. value and sealed_value stay null, and secret_available is false. To have a secret in Terraform, replace the key: terraform apply -replace=ADDRESS.")
			},
			Plan: func(_ context.Context, call *lifecycle.Call[*adminKeyModel]) {
				if call.HasPlan() {
					warnOfEndlessKey(call, call.Plan.Name, "Set expires_in_seconds, and replace the key before it expires.", call.Plan.ExpiresInSeconds)
					planAdminKey(call)
					warnOfExpiry(call, call.Plan.Name, call.Plan.ExpiresAt)
				}
			},
			Read: readAdminKey,
			Delete: func(ctx context.Context, call *lifecycle.Call[*adminKeyModel]) error {
				return call.Client.AdminKeys.Delete(ctx, call.State.AdminAPIKeyID.ValueString())
			},
			List: lifecycle.ListOrganization("The admin API keys of the organization, except expired keys. The list includes the key that the provider uses; do not manage it. The API does not return secrets.",
				"the admin API keys", listAdminKeys,
				func(_ context.Context, m *adminKeyModel, _ *diag.Diagnostics) (string, *adminKeyModel) {
					return m.Name.ValueString(), m
				}).LastUse(func(ctx context.Context, client *adminapi.Client, m *adminKeyModel) (int64, error) {
				key, err := client.AdminKeys.Get(ctx, m.AdminAPIKeyID.ValueString())
				if err != nil {
					return 0, err
				}
				return max(key.CreatedAt, key.LastUsedAt), nil
			}),
		},
		Create: createAdminKey,
		// The API changes nothing of an admin key. The plan holds from the next
		// replacement on.
		Update:  func(context.Context, *lifecycle.Call[*adminKeyModel]) error { return nil },
		Orphans: orphanAdminKeys,
	}
}

func adminKeySchema() schema.Schema {
	const onChange = "Changing it replaces the key. For an imported key, the change has no effect until the next replacement."
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the key. Changing it replaces the key.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{tfkit.NewName(), stringplanmodifier.RequiresReplace()},
		},
		"expires_in_seconds": schema.Int64Attribute{
			MarkdownDescription: "Lifetime of the key in seconds, from 1 to 31536000 (365 days), counted from its creation. Default: the key does not expire. " + onChange,
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(1, longestLife)},
		},
		"id":               tfkit.ComputedString("Id of the key (`key_…`)."),
		"admin_api_key_id": tfkit.ComputedString("Id of the key, the same as `id`."),
		"created_at":       tfkit.ComputedInt64("When the key was created, in Unix seconds."),
		"expires_at":       tfkit.ComputedInt64("When the key expires, in Unix seconds; null when it does not."),
		"status":           tfkit.ComputedString("`active` or `expired`. The next apply replaces an expired key."),
	}
	maps.Copy(attributes, secretAttributes(onChange, "The version is the time of creation in Unix seconds."))
	return schema.Schema{
		MarkdownDescription: "An admin API key of the organization. Its owner is the owner of the provider's admin key, and it has all permissions of that owner. Do not manage the key that the provider itself uses.\n\n" +
			"~> **Without `age_recipients` the secret is in the Terraform state**, in plain text.\n\n" +
			"Destroying the resource immediately revokes the key. Replacing it revokes the old key in the same apply, even with `create_before_destroy`. " +
			"This resource has no rotation: an expired key cannot be used until an apply replaces it. " +
			"To replace a key without an outage, add a second resource. Switch the clients to the new secret, then remove the first resource.",
		Attributes: attributes,
	}
}

type adminKeyModel struct {
	Name             types.String `tfsdk:"name"`
	ExpiresInSeconds types.Int64  `tfsdk:"expires_in_seconds"`
	ID               types.String `tfsdk:"id"`
	AdminAPIKeyID    types.String `tfsdk:"admin_api_key_id"`
	CreatedAt        types.Int64  `tfsdk:"created_at"`
	ExpiresAt        types.Int64  `tfsdk:"expires_at"`
	Status           types.String `tfsdk:"status"`
	AgeRecipients    types.Set    `tfsdk:"age_recipients"`
	KeyVersion       types.Int64  `tfsdk:"key_version"`
	Value            types.String `tfsdk:"value"`
	SealedValue      types.String `tfsdk:"sealed_value"`
	SecretAvailable  types.Bool   `tfsdk:"secret_available"`
}

// fromAPI copies the fields of a key, which has no secret after its creation.
func (m *adminKeyModel) fromAPI(key *openai.AdminAPIKey, now int64) {
	m.Name = tfkit.String(key.Name, key.JSON.Name)
	m.ID = types.StringValue(key.ID)
	m.AdminAPIKeyID = m.ID
	m.CreatedAt = tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt)
	m.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	m.Status = types.StringValue(statusAt(m.ExpiresAt, now))
	m.KeyVersion = m.CreatedAt
	m.SecretAvailable = types.BoolValue(!m.Value.IsNull() || !m.SealedValue.IsNull())
}

// label names the key in diagnostics.
func (m *adminKeyModel) label() string {
	return lifecycle.Label("admin API key", m.Name.ValueString(), m.ID.ValueString())
}

// planAdminKey replaces a key that has expired, or that cannot be changed to
// the configured values.
func planAdminKey(call *lifecycle.Call[*adminKeyModel]) {
	plan, state := call.Plan, call.State
	if state == nil {
		plan.Value, plan.SealedValue = tfkit.PlanSecret(plan.AgeRecipients)
		return
	}
	if state.Status.ValueString() == statusExpired {
		plan.Status = types.StringUnknown()
		call.Replace(path.Root("status"))
	}
	if imported := !state.SecretAvailable.ValueBool(); imported {
		return
	}
	if !plan.ExpiresInSeconds.Equal(state.ExpiresInSeconds) {
		call.Replace(path.Root("expires_in_seconds"))
	}
	if !plan.AgeRecipients.Equal(state.AgeRecipients) {
		call.Replace(path.Root("age_recipients"))
	}
}

func createAdminKey(ctx context.Context, call *lifecycle.Call[*adminKeyModel]) error {
	plan := call.Plan
	sealer := tfkit.NewSealer(ctx, plan.AgeRecipients, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	params := openai.AdminOrganizationAdminAPIKeyNewParams{Name: plan.Name.ValueString()}
	if !plan.ExpiresInSeconds.IsNull() {
		params.ExpiresInSeconds = openai.Int(plan.ExpiresInSeconds.ValueInt64())
	}
	key, err := call.Client.AdminKeys.Create(ctx, params)
	if err != nil {
		addKeyError(call.Diags, plan.label(), err)
		return nil
	}
	plan.Value, plan.SealedValue, err = tfkit.StoreSecret(sealer, key.Value)
	if err != nil {
		addNotSealed(call.Diags, plan.label(), err, call.Client.AdminKeys.Delete(ctx, key.ID))
		return nil
	}
	plan.fromAPI(&key.AdminAPIKey, call.Client.Now().Unix())
	return nil
}

func readAdminKey(ctx context.Context, call *lifecycle.Call[*adminKeyModel]) error {
	key, err := call.Client.AdminKeys.Get(ctx, call.State.AdminAPIKeyID.ValueString())
	if err == nil {
		call.State.fromAPI(key, call.Client.Now().Unix())
	}
	return err
}

// listAdminKeys leaves out keys that have expired.
func listAdminKeys(ctx context.Context, client *adminapi.Client) ([]adminKeyModel, error) {
	keys, err := client.AdminKeys.List(ctx)
	var models []adminKeyModel
	for i := range keys {
		m := adminKeyModel{AgeRecipients: types.SetNull(types.StringType)}
		if m.fromAPI(&keys[i], client.Now().Unix()); m.Status.ValueString() != statusExpired {
			models = append(models, m)
		}
	}
	return models, err
}

// orphanAdminKeys finds admin keys with the same name.
func orphanAdminKeys(_ context.Context, call *lifecycle.Call[*adminKeyModel]) *lifecycle.OrphanSearch {
	if !call.Knows("name") {
		return nil
	}
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(), RevokePath: "/organization/admin_api_keys/",
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.AdminKeys.Orphans(ctx, call.Plan.Name.ValueString())
		},
	}
}
