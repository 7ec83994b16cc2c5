package apikey

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func apiKeySchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"project_id":         tfkit.ParentID("Id of the project (`proj_…`) of the key."),
		"service_account_id": tfkit.ParentID("Id of the service account that owns the key. It must belong to the project."),
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the key, for example the name of the service that uses it. Changing it replaces the key.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{tfkit.NewName(), stringplanmodifier.RequiresReplace()},
		},
		"scopes": schema.SetAttribute{
			MarkdownDescription: "Permission scopes of the key, for example `api.all.read` or `model.request`. See [scopes and permissions](../guides/scopes-and-permissions.md). Default: all permissions of the service account. Changed in place; " +
				"removing it from the configuration gives the key all permissions of its account. The API does not return scopes, so drift is detected only with `refresh_mode = \"audit_log\"` of the provider.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.Set{
				noEmptyScopes{},
				setvalidator.ValueStringsAre(tfkit.Name(), tfkit.Permission()),
			},
		},
		"expires_in_seconds": schema.Int64Attribute{
			MarkdownDescription: "Lifetime of the key in seconds, from 1 to 31536000 (365 days). The lifetime starts at the creation of the key, or at the last change of this attribute. Default: the key does not expire. " +
				"A policy of the organization or the project may require an expiry or limit the lifetime. Changed in place. Removing it from the configuration replaces the key, because the API cannot remove an expiry.",
			Optional:   true,
			Validators: []validator.Int64{int64validator.Between(1, longestLife)},
			PlanModifiers: []planmodifier.Int64{
				int64planmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
					resp.RequiresReplace = req.PlanValue.IsNull()
				}, "The API cannot remove the expiry of a key.", "The API cannot remove the expiry of a key."),
			},
		},
		"id":         tfkit.ComputedString("Id of the key (`key_…`). A rotation changes it."),
		"api_key_id": tfkit.ComputedString("Id of the key, the same as `id`."),
		"created_at": tfkit.ComputedInt64("When the key was created, in Unix seconds."),
		"expires_at": tfkit.ComputedInt64("When the key expires, in Unix seconds; null when it does not."),
		"status":     tfkit.ComputedString("`active` or `expired`. The next apply rotates an expired key."),
	}
	maps.Copy(attributes, secretAttributes("Changing it rotates the key, because the API returns a secret only once and the provider cannot encrypt it again.",
		"A creation, replacement or import sets it to the time of creation in Unix seconds. A rotation adds 1, so the plan shows the new version."))
	maps.Copy(attributes, rotationAttributes())
	return schema.Schema{
		MarkdownDescription: "An API key of a project, owned by one of its service accounts. The API returns the secret once, at creation. The state holds the secret, encrypted when `age_recipients` is set.\n\n" +
			"~> **Without `age_recipients` the secret is in the Terraform state**, in plain text. Protect the state, or encrypt it.\n\n" +
			"With `rotation`, an apply rotates the key in place: it creates the new key, then sets an expiry on the previous key. The previous key expires without another apply. " +
			"The next apply also rotates an expired key, with or without `rotation`.\n\n" +
			"A later rotation does not change the expiry of earlier keys that are still valid; `expiring_keys` lists them. The exception is `rotation.overlap = \"0s\"`: the rotation then revokes the earlier keys, and the plan names them.\n\n" +
			"Destroying the resource immediately revokes the key, the previous key and all earlier keys.",
		Attributes: attributes,
	}
}

// rotationAttributes are the attributes that rotation.go implements.
func rotationAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"rotation": tfkit.RotationAttribute(
			"Rotation schedule. Default: the key is rotated only when it has expired, or when `rotation_triggers` or `age_recipients` change. Changed in place. If a new `after` is shorter than the age of the key, one apply stores it and the next apply rotates the key.",
			"Age of the key at which the rotation is due, as a duration such as `90d` or `12h`. The first plan after that shows the rotation. Default: no rotation by age.",
			"Time for which the previous key stays valid after a rotation, as a duration such as `7d`. Must not be longer than `after`. Earlier keys keep their expiry. `0s` revokes the previous key, and every earlier key that is still valid, as soon as the new key exists. Default: `24h`, or `after` when that is shorter.",
			tfkit.DurationBetween(0, longestLife*time.Second)),
		"rotation_triggers":   tfkit.RotationTriggers("an imported key", "key"),
		"rotation_due":        tfkit.RotationDue("Whether a rotation was due at the last refresh, because the key had reached `rotate_at` or had expired. The next apply rotates the key."),
		"rotate_at":           tfkit.ComputedInt64("When the rotation is due, in Unix seconds; null without `rotation.after`."),
		"previous_id":         tfkit.ComputedString("Id of the previous key, which the last rotation replaced; null before the first rotation."),
		"previous_expires_at": tfkit.ComputedInt64("When the previous key expires or expired, in Unix seconds. Null before the first rotation. Also null after an interrupted rotation, which the next apply finishes."),
		"expiring_keys": schema.MapAttribute{
			MarkdownDescription: "Earlier keys that were still valid at the last rotation: a map of key ids to expiry times, in Unix seconds. Does not contain `previous_id`. Null without such keys. `terraform destroy` revokes these keys, too.",
			ElementType:         types.Int64Type,
			Computed:            true,
			PlanModifiers:       []planmodifier.Map{mapplanmodifier.UseStateForUnknown()},
		},
	}
}

// noEmptyScopes refuses an empty set, which the API takes for all permissions.
type noEmptyScopes struct{}

func (noEmptyScopes) Description(context.Context) string { return "at least one scope" }

func (v noEmptyScopes) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (noEmptyScopes) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && len(req.ConfigValue.Elements()) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "No scopes", fmt.Sprintf(
			"%s must not be empty: the API reads an empty set as all permissions. Omit the attribute to give the key all permissions.", req.Path))
	}
}
