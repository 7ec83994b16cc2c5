package apikey

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
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
		"project_id":         tfkit.ParentID("Id of the project (`proj_…`) that the key opens."),
		"service_account_id": tfkit.ParentID("Id of the service account that owns the key. It must be one of the project."),
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the key, best that of the service that uses it. The API cannot rename keys: changing it replaces the key.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{tfkit.NewName(), stringplanmodifier.RequiresReplace()},
		},
		"scopes": schema.SetAttribute{
			MarkdownDescription: "What the key may be used for, for example `api.all.read` or `model.request`. Default: everything that the service account may do. Changed in place; " +
				"removing it from the configuration gives the key all permissions of its account. The API never tells the scopes of a key, so that a change made elsewhere cannot be seen.",
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.Set{
				noEmptyScopes{},
				setvalidator.ValueStringsAre(tfkit.Name()),
			},
		},
		"expires_in_seconds": schema.Int64Attribute{
			MarkdownDescription: "Life of the key in seconds, from 1 to 31536000 (365 days), counted from its creation or from the last change of this attribute. Default: the key does not expire. " +
				"A policy of the organization or the project may demand it and limit it. Changed in place; the API cannot take an expiry away, so removing it from the configuration replaces the key.",
			Optional:   true,
			Validators: []validator.Int64{int64validator.Between(1, longestLife)},
			PlanModifiers: []planmodifier.Int64{
				int64planmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
					resp.RequiresReplace = req.PlanValue.IsNull()
				}, "An expiry can be moved but not taken away.", "An expiry can be moved but not taken away."),
			},
		},
		"id":         tfkit.ComputedString("Id of the key (`key_…`). A rotation changes it."),
		"api_key_id": tfkit.ComputedString("Id of the key, the same as `id`."),
		"created_at": tfkit.ComputedInt64("When the key was created, in Unix seconds."),
		"expires_at": tfkit.ComputedInt64("When the key expires, in Unix seconds; null when it does not."),
		"status":     tfkit.ComputedString("`active`, or `expired`: the next apply then rotates the key."),
	}
	maps.Copy(attributes, secretAttributes("A change rotates the key, as nobody can seal the old secret again.",
		"at creation, replacement and import, the time in Unix seconds at which the key was created; at a rotation, the previous version plus 1, which is known when planning."))
	maps.Copy(attributes, rotationAttributes())
	return schema.Schema{
		MarkdownDescription: "An API key of a project, owned by one of its service accounts. The API gives the secret once, at creation. This resource keeps it sealed to `age_recipients`, or else as it is.\n\n" +
			"~> **Without `age_recipients` the secret is in the Terraform state**, in plain text. Protect the state, or encrypt it.\n\n" +
			"With `rotation` the key is rotated in place: its successor is created first, then the old key gets an expiry on the server, so that it expires without another apply. " +
			"A key that has expired is rotated, too. A key that is rotated again before its predecessor expires does not shorten that: `expiring_keys` lists what is still valid. Only a `rotation.overlap` of `0s` revokes earlier keys, and the plan names them.\n\n" +
			"Destroying the resource revokes the key, and its predecessor, at once.",
		Attributes: attributes,
	}
}

// rotationAttributes are the attributes that rotation.go implements.
func rotationAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"rotation": schema.SingleNestedAttribute{
			MarkdownDescription: "When the key is rotated, and how. Default: only when it has expired, or its triggers or `age_recipients` change. Changed in place; shortened below the age of the key, the next plan rotates it.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"after": schema.StringAttribute{
					MarkdownDescription: "Age at which the key is due to be rotated, as a duration such as `90d` or `12h`. The first plan after that shows the rotation. Default: no age.",
					Optional:            true,
					Validators:          []validator.String{tfkit.DurationBetween(time.Minute, 3650*24*time.Hour)},
				},
				"overlap": schema.StringAttribute{
					MarkdownDescription: "How long the replaced key stays valid, as a duration such as `7d`, counted from the apply that rotates. A key that is replaced again before then keeps the expiry that it has. `0s` revokes the replaced key, and every earlier one that is still valid, as soon as its successor exists. Never longer than `after`. Default: `24h`, or `after` when that is shorter.",
					Optional:            true,
					Validators:          []validator.String{tfkit.DurationBetween(0, longestLife*time.Second)},
				},
			},
		},
		"rotation_triggers": schema.MapAttribute{
			MarkdownDescription: "Any values; a change of one of them rotates the key. An imported key that has not been rotated yet takes its first triggers without a rotation. Removing all of them changes nothing.",
			ElementType:         types.StringType,
			Optional:            true,
		},
		"rotation_due": schema.BoolAttribute{
			MarkdownDescription: "Whether the key was due to be rotated when it was last read: it has reached `rotate_at`, or has expired. The next apply rotates it.",
			Computed:            true,
			PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"rotate_at":           tfkit.ComputedInt64("When the key is due to be rotated, in Unix seconds; null without `rotation.after`."),
		"previous_id":         tfkit.ComputedString("Id of the key that the last rotation replaced; null before the first one."),
		"previous_expires_at": tfkit.ComputedInt64("When that key expires or has expired, in Unix seconds. Null after an interrupted rotation, which the next apply finishes."),
		"expiring_keys": schema.MapAttribute{
			MarkdownDescription: "Keys that earlier rotations replaced and that were still valid at the last one: their ids, and when they expire, in Unix seconds. Null when there are none. `terraform destroy` revokes them, too.",
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
			"%s must not be empty: the API takes an empty set for all permissions. Leave it out if the key shall have them.", req.Path))
	}
}
