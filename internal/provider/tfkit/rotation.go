package tfkit

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// DefaultOverlap is how long a replaced secret stays valid unless configured.
const DefaultOverlap = day

// Rotation is the attribute rotation of an object with a secret.
type Rotation struct {
	After   types.String `tfsdk:"after"`
	Overlap types.String `tfsdk:"overlap"`
}

// RotationType is that of the attribute.
var RotationType = map[string]attr.Type{"after": types.StringType, "overlap": types.StringType}

// RotationAttribute is the attribute. The descriptions are those of itself and of
// its parts; overlap validates the second one.
func RotationAttribute(description, after, overlapDescription string, overlap validator.String) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"after": schema.StringAttribute{
				MarkdownDescription: after,
				Optional:            true,
				Validators:          []validator.String{DurationBetween(time.Minute, 3650*day)},
			},
			"overlap": schema.StringAttribute{
				MarkdownDescription: overlapDescription,
				Optional:            true,
				Validators:          []validator.String{overlap},
			},
		},
	}
}

// RotationTriggers is the attribute rotation_triggers; imported is what the
// resource calls an object that it imported.
func RotationTriggers(imported, object string) schema.MapAttribute {
	return schema.MapAttribute{
		MarkdownDescription: "Arbitrary map of values that, when changed, triggers a rotation. Setting triggers for the first time on " + imported + " stores them without a rotation. Removing all triggers does not rotate the " + object + ".",
		ElementType:         types.StringType,
		Optional:            true,
	}
}

// RotationDue is the attribute rotation_due.
func RotationDue(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}

// ReadRotation returns the configured rotation, an empty one when it is null or
// unknown.
func ReadRotation(ctx context.Context, value types.Object, diags *diag.Diagnostics) (r Rotation) {
	diags.Append(value.As(ctx, &r, basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true, UnhandledUnknownAsEmpty: true})...)
	return r
}

// Age is the age at which a secret is due, 0 for never.
func (r Rotation) Age() time.Duration {
	d, _ := ParseDuration(r.After.ValueString()) // validated, or not configured
	return d
}

// RotateAt is when a secret of this age is due.
func (r Rotation) RotateAt(createdAt types.Int64) types.Int64 {
	if r.Age() == 0 || createdAt.IsNull() {
		return types.Int64Null()
	}
	return types.Int64Value(createdAt.ValueInt64() + int64(r.Age()/time.Second))
}

// PlanRotateAt plans when a new secret is due; value is the attribute.
func (r Rotation) PlanRotateAt(value types.Object) types.Int64 {
	if r.Age() == 0 && r.isKnown(value) {
		return types.Int64Null()
	}
	return types.Int64Unknown()
}

// ReplanRotateAt plans when a present secret is due.
func (r Rotation) ReplanRotateAt(value types.Object, createdAt types.Int64) types.Int64 {
	if !r.isKnown(value) {
		return types.Int64Unknown()
	}
	return r.RotateAt(createdAt)
}

func (r Rotation) isKnown(value types.Object) bool {
	return !value.IsUnknown() && !r.After.IsUnknown()
}

// RotationInputs are the attributes whose change rotates a secret.
type RotationInputs struct {
	Triggers   types.Map
	Recipients types.Set
}

// Reason says why a change of the inputs rotates a secret, nothing when it does
// not. The first triggers and recipients of an imported object are recorded and
// force nothing.
func (i RotationInputs) Reason(before RotationInputs, imported bool) string {
	triggered := !i.Triggers.IsNull() && !i.Triggers.Equal(before.Triggers)
	resealed := !i.Recipients.Equal(before.Recipients)
	if imported {
		triggered = triggered && !before.Triggers.IsNull()
		resealed = resealed && !before.Recipients.IsNull()
	}
	switch {
	case triggered:
		return "rotation_triggers have changed"
	case resealed:
		return "age_recipients changed: the API returns a secret once, so only a new secret can be encrypted to the new recipients"
	default:
		return ""
	}
}

// AreKnown reports whether the inputs are known, with all that is in them.
func (i RotationInputs) AreKnown(ctx context.Context) bool {
	for _, value := range []attr.Value{i.Triggers, i.Recipients} {
		if v, err := value.ToTerraformValue(ctx); err != nil || !v.IsFullyKnown() {
			return false
		}
	}
	return true
}

// Moment writes Unix seconds for diagnostics.
func Moment(seconds int64) string { return time.Unix(seconds, 0).UTC().Format("2006-01-02 15:04 MST") }
