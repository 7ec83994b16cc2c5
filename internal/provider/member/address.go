package member

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// E-mail addresses name the same person in any case, and the API may give them
// back in another one than they were sent.

// anotherAddress replaces when a configured address names somebody else.
func anotherAddress(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.ConfigValue.IsNull() && (req.PlanValue.IsUnknown() || !samePerson(req.PlanValue, req.StateValue))
}

// samePerson says whether an address names the same person as another one; one
// that is not known yet may.
func samePerson(a, b types.String) bool {
	return a.IsUnknown() || strings.EqualFold(a.ValueString(), b.ValueString())
}

// keepCase returns the former address when the new one differs in case only.
func keepCase(former, now types.String) types.String {
	if !former.IsNull() && !former.IsUnknown() && samePerson(former, now) {
		return former
	}
	return now
}
