package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// Found is an object that exists already where a resource will be created.
type Found struct {
	// Object names it, such as "spend limit of project proj_1".
	Object string
	// ID are the parts of its import id.
	ID []string
	// Changes are the values that a create overwrites, none where it only adopts.
	Changes []Change
	// Removed are the members of a set that the next apply removes.
	Removed []string
	// Refused says that the API refuses the create as long as the object exists.
	Refused bool
	// Destroy says what destroying the resource does to the object.
	Destroy string
}

// Change is a value that a create overwrites. It has no name where the object
// has one value.
type Change struct{ Name, Old, New string }

func (c Change) String() string {
	text := c.Old + " → " + c.New
	if c.Name != "" {
		text = c.Name + ": " + text
	}
	return text
}

// Difference returns the change of a value, none where it is the same or the
// plan leaves it open.
func Difference(name string, old, planned types.String) []Change {
	if planned.IsNull() || planned.IsUnknown() || old.Equal(planned) {
		return nil
	}
	return []Change{{Name: name, Old: orNone(old.ValueString()), New: planned.ValueString()}}
}

// DifferenceOfSets is Difference for sets.
func DifferenceOfSets(name string, old, planned []string) []Change {
	before, after := List(old), List(planned)
	if before == after {
		return nil
	}
	return []Change{{Name: name, Old: before, New: after}}
}

// List writes the members of a set in their order.
func List(items []string) string {
	return "[" + strings.Join(slices.Sorted(slices.Values(items)), ", ") + "]"
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// warnOfExisting warns in the plan of a create of the values that it overwrites
// or adopts. These reads are no optional plan checks: they happen with
// plan_checks = false, too, and suppress_warnings does not suppress their
// warnings.
func (k *kernel[M]) warnOfExisting(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if k.existing == nil || k.client == nil || resp.Diagnostics.HasError() || resp.Plan.Raw.IsNull() || !req.State.Raw.IsNull() {
		return
	}
	var diags diag.Diagnostics
	call := k.planCall(ctx, resp.Plan, &diags)
	if diags.HasError() {
		return
	}
	if k.isBelowCreated(resp.Plan.Raw) {
		return // what is there came with an object that this apply has made
	}
	found, err := k.existing(ctx, call)
	switch {
	case adminapi.IsDeleted(err) || transport.IsNotConfigured(err):
		// Nothing is there, or the provider's settings are not known yet.
	case err != nil:
		resp.Diagnostics.AddWarning("Cannot check whether "+k.typeName()+" overwrites an existing object", fmt.Sprintf(
			"Object: %s\n\nIt is not known whether it exists already, so applying this plan may overwrite or adopt it: %s. Plan again to check.", k.core.Label(call.Plan), err))
	case found.Object != "":
		found.warn(k.typeName(), &resp.Diagnostics)
	}
}

// isBelowCreated reports whether a planned object belongs to an object that this
// configuration has created.
func (k *kernel[M]) isBelowCreated(planned tftypes.Value) bool {
	for _, name := range k.core.Paths(valuesOf(planned)).Known() {
		if slices.ContainsFunc(strings.Split(name, "/"), k.client.HasCreated) {
			return true
		}
	}
	return false
}

// replacedFirst is true of every plan of a create: the protocol does not distinguish
// such a second plan from that of a new resource.
const replacedFirst = "While Terraform applies a replacement with create_before_destroy, it plans the create a second time, without the prior state: " +
	"in that apply the object may be the one that this resource manages already."

func (f Found) warn(typeName string, diags *diag.Diagnostics) {
	var changes []string
	for _, change := range f.Changes {
		changes = append(changes, change.String())
	}
	// Terraform folds warnings of the same summary, so that it names the object.
	summary, happens := "Existing "+f.Object+" will be adopted", "It is not in the prior state. Applying the plan does not change it; from then on Terraform manages it."
	switch {
	case f.Refused:
		summary = "Existing " + f.Object + " prevents the create"
		happens = "The API refuses the create as long as it exists. It differs from the configuration:\n\n  " + strings.Join(changes, "\n  ")
	case len(changes) > 0:
		summary = "Existing " + f.Object + " will be overwritten: " + strings.Join(changes, ", ")
		happens = "It is not in the prior state. Applying the plan overwrites it:\n\n  " + strings.Join(changes, "\n  ")
	case len(f.Removed) > 0:
		summary = "Existing " + f.Object + " will be removed by the apply after this one: " + strings.Join(f.Removed, ", ")
		happens = "They exist already, and the configuration does not have them. Applying this plan only adds; the next plan shows that they will be removed:\n\n  " + strings.Join(f.Removed, "\n  ")
	}
	diags.AddWarning(summary, fmt.Sprintf(
		"Object: %s\n\n%s\n\n%s\n\n"+replacedFirst+"\n\nTo plan this as an ordinary update, import the object first, with the address of the resource instead of NAME:\n\nimport {\n  to = %s.NAME\n  id = %q\n}",
		f.Object, happens, f.Destroy, typeName, strings.Join(f.ID, "/")))
}
