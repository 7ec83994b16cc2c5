package tfkit

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"
)

// The kinds of warnings that a plan can carry.
const (
	LimitBelowSpend     = "limit_below_spend"
	LimitRaisedTenfold  = "limit_raised_tenfold"
	ProjectWithoutLimit = "project_without_limit"
	AlertAboveLimit     = "alert_above_limit"
	OwnerGranted        = "owner_granted"
	KeyWithoutExpiry    = "key_without_expiry"
	KeyExpiresSoon      = "key_expires_soon"
	ProjectInUse        = "project_in_use"
)

// PlanChecks are all of them.
var PlanChecks = []string{LimitBelowSpend, LimitRaisedTenfold, ProjectWithoutLimit, AlertAboveLimit, OwnerGranted, KeyWithoutExpiry, KeyExpiresSoon, ProjectInUse}

// planCheckSummaries has the summary of each kind. None names an object:
// Terraform folds warnings of one summary into one, and the plan shows each
// object.
var planCheckSummaries = map[string]string{
	LimitBelowSpend:     "Hard limit is below the spend of this month",
	LimitRaisedTenfold:  "Hard limit is raised more than tenfold",
	ProjectWithoutLimit: "Project without hard limit",
	AlertAboveLimit:     "Spend alert is not below the hard limit",
	OwnerGranted:        "Person becomes an owner",
	KeyWithoutExpiry:    "API key without expiry",
	KeyExpiresSoon:      "API key expires soon",
	ProjectInUse:        "Project is in use",
}

// WarningKindsValidators accept kinds of warnings.
func WarningKindsValidators(kinds ...string) []validator.Set {
	return []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf(kinds...))}
}

// SuppressWarningsAttribute is the attribute of a resource that suppresses some
// of its warnings.
func SuppressWarningsAttribute(kinds ...string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: "Kinds of plan warnings to suppress for this object: `" + strings.Join(kinds, "`, `") + "`. Default: none. A change sends nothing to the API.",
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          WarningKindsValidators(kinds...),
	}
}

// SuppressedWarnings is the part of a model that goes with
// SuppressWarningsAttribute.
type SuppressedWarnings struct {
	SuppressWarnings types.Set `tfsdk:"suppress_warnings"`
}

// NoSuppressedWarnings is that part of an object that is not configured.
func NoSuppressedWarnings() SuppressedWarnings {
	return SuppressedWarnings{types.SetNull(types.StringType)}
}

// Warn adds the warning of a plan check at an attribute. The detail begins with
// the object.
func Warn(diags *diag.Diagnostics, kind string, at path.Path, detail string) {
	diags.AddAttributeWarning(at, planCheckSummaries[kind], detail+"\n\nTo suppress this warning, add \""+kind+"\" to suppress_warnings of the resource, where it has the attribute, or of the provider.")
}

// WarnOfRemovedLimit adds the warning of a project that stays without its hard
// limit. The limit or the project has it, whichever is planned last: a project
// that is archived in the same plan has none.
func WarnOfRemovedLimit(diags *diag.Diagnostics, at path.Path, project string, cents int64) {
	Warn(diags, ProjectWithoutLimit, at,
		fmt.Sprintf("The hard limit of project %s, %s a month, is removed. Only the organization's limits bound its spend.", project, USD(cents)))
}

// USD writes cents as an exact amount: 33.30 USD.
func USD(cents int64) string { return decimal.New(cents, -2).StringFixed(2) + " USD" }
