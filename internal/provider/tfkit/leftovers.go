package tfkit

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Creates says whether a plan makes an object that was not there before.
func Creates(req resource.ModifyPlanRequest) bool {
	return req.State.Raw.IsNull() && !req.Plan.Raw.IsNull()
}

// WarnOfLeftovers tells of objects like the one that is about to be created,
// which an interrupted run may have left behind. The import ids name them; what
// to do with them differs.
func WarnOfLeftovers(diags *diag.Diagnostics, object, advice string, importIDs []string) {
	if len(importIDs) == 0 {
		return
	}
	// Terraform folds warnings of the same summary, and would hide the ids.
	diags.AddWarning("There already is a "+object, fmt.Sprintf(
		"Not known to this run: %s\n\n"+
			"A run that was interrupted before it could write its state may have left it behind. %s If both shall exist, go on.",
		strings.Join(importIDs, ", "), advice))
}

// TakeOver is what to do with a leftover that is as good as a new object.
const TakeOver = "To take it over instead of creating another one, import it: terraform import ADDRESS ID, with the id above."
