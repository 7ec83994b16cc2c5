package tfkit

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The kinds of warnings that a plan can carry.
const (
	LimitBelowSpend     = "limit_below_spend"
	LimitRaisedTenfold  = "limit_raised_tenfold"
	ProjectWithoutLimit = "project_without_limit"
	AlertAboveLimit     = "alert_above_limit"
	OwnerGranted        = "owner_granted"
	KeyWithoutExpiry    = "key_without_expiry"
	ProjectInUse        = "project_in_use"
)

// PlanChecks are all of them.
var PlanChecks = []string{LimitBelowSpend, LimitRaisedTenfold, ProjectWithoutLimit, AlertAboveLimit, OwnerGranted, KeyWithoutExpiry, ProjectInUse}

// AcknowledgeValidators accept kinds of warnings.
func AcknowledgeValidators(kinds ...string) []validator.Set {
	return []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf(kinds...))}
}

// AcknowledgeAttribute is the attribute of a resource that silences some of its
// warnings.
func AcknowledgeAttribute(kinds ...string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: "Plan-time warnings that are known and accepted for this object: `" + strings.Join(kinds, "`, `") + "`. Default: none. Changed in place; nothing is sent to the API for it.",
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          AcknowledgeValidators(kinds...),
	}
}

// Acknowledged is the part of a model that goes with AcknowledgeAttribute.
type Acknowledged struct {
	Acknowledge types.Set `tfsdk:"acknowledge"`
}

// NotAcknowledged is that part of an object that nobody has configured.
func NotAcknowledged() Acknowledged { return Acknowledged{types.SetNull(types.StringType)} }

// Warn adds a warning at an attribute. A kind that many objects share has one
// summary for all, which Terraform folds into one warning.
func Warn(diags *diag.Diagnostics, kind string, at path.Path, summary, detail string) {
	silence := "To accept this, add \"" + kind + "\" to acknowledge"
	diags.AddAttributeWarning(at, summary, detail+"\n\n"+silence+" of the resource, where it has the attribute, or of the provider.")
}
