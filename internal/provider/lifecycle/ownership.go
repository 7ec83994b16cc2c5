package lifecycle

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Paths are the API paths of one object, relative to the base URL.
type Paths = adminapi.ObjectPaths

// Named are the paths of an object that has these names.
func Named(names ...string) Paths { return Paths{Names: names} }

// Paths returns the paths of an object in a plan, in which much may be unknown,
// or in a state, none when it is null.
func (k *kernel[M]) Paths(ctx context.Context, raw tftypes.Value) Paths {
	object := valuesOf(raw)
	if object == nil {
		return Paths{}
	}
	paths := k.core.Paths(object)
	if k.core.Members != nil {
		k.core.Members(ctx, k.client, object, &paths)
	}
	return paths
}

// claim makes a change the owner of the paths that it is about to write.
func (k *kernel[M]) claim(ctx context.Context, change *adminapi.Change, raw tftypes.Value, diags *diag.Diagnostics) {
	if err := change.Claim(ctx, k.Paths(ctx, raw).Known()...); err != nil {
		summary := "Change canceled"
		if _, timedOut := errors.AsType[*wait.TimeoutError](err); timedOut {
			summary = "Change timed out"
		}
		diags.AddError(summary, "The change failed before a request was sent: "+err.Error()+".")
	}
}

// deleteUnlessOwned deletes an object, unless another change of this
// configuration has written it. Its members are deleted, too; the client refuses
// to delete those that other changes have written.
func (k *kernel[M]) deleteUnlessOwned(ctx context.Context, change *adminapi.Change, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	end, err := change.Delete(k.Paths(ctx, req.State.Raw).Names...)
	if path, owned := adminapi.OwnedPath(err); owned {
		k.addKept(req, path, &resp.Diagnostics)
		if k.core.DeleteMembers != nil {
			k.remove(ctx, &Call[M]{passesOwned: true}, k.core.DeleteMembers, req, resp)
		}
		return
	}
	defer end()
	k.deleteObject(ctx, req, resp)
}

// addKept warns that an object was not deleted, and shows the values of its
// prior state.
func (k *kernel[M]) addKept(req resource.DeleteRequest, path string, diags *diag.Diagnostics) {
	object := valuesOf(req.State.Raw)
	happens := "stays as it is"
	if k.core.DeleteMembers != nil {
		happens = "stays, and only what this entry alone had of it is removed"
	}
	detail := fmt.Sprintf("%s %s: its replacement, or another resource of this configuration, created or changed it in this apply. "+
		"This entry is removed from state. Its values were:\n%s", path, happens, object.describe(k.schema()))
	if value, ok := object[tfkit.RestoreName]; ok && !value.IsNull() {
		detail += "\n\nThe values in restore_values are from before this entry managed the setting. They were not restored, and no later destroy restores them."
	}
	diags.AddWarning(tfkit.KeptSummary, detail)
}

// planKey is where the planned private state names a recorded plan.
const planKey = "plan"

// recordPlan records the paths of a planned change, and reports those for which
// another change of the configuration plans, too.
func (k *kernel[M]) recordPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if k.client == nil || resp.Diagnostics.HasError() || k.client.Ownership.Applying() {
		return
	}
	key := rand.Text()
	previous, next := k.Paths(ctx, req.State.Raw), k.Paths(ctx, resp.Plan.Raw)
	plan := adminapi.PlannedPaths{Previous: previous, Within: next.Within}
	switch {
	case resp.Plan.Raw.IsNull():
		plan.Destroys = previous.Known()
	case req.State.Raw.IsNull():
		plan.Owns = next.Known()
		// The second plan of a replacement has the private state of the first.
		earlier, _ := tfkit.ReadPrivate[string](ctx, req.Private, planKey, &resp.Diagnostics)
		if first, known := k.client.Ownership.Planned(earlier); known {
			key = earlier
			plan = planReplacement(first.Previous, next)
		}
	case next.IsOther(previous):
		plan = planReplacement(previous, withoutKept(next, previous))
	default:
		plan.Owns = slices.Concat(previous.Names, next.Known())
		if !next.MembersUnknown {
			plan.Destroys = slices.DeleteFunc(slices.Clone(previous.Members), func(path string) bool { return slices.Contains(next.Members, path) })
		}
	}
	if !req.State.Raw.IsNull() && !resp.Plan.Raw.IsNull() {
		tfkit.SavePrivate(ctx, resp.Private, planKey, key, &resp.Diagnostics)
	}
	for _, conflict := range k.client.Ownership.Plan(key, plan) {
		addConflict(conflict, &resp.Diagnostics)
	}
}

// planReplacement is the plan of an address whose object is replaced.
func planReplacement(previous, next Paths) adminapi.PlannedPaths {
	plan := adminapi.PlannedPaths{Previous: previous, Owns: next.Known(), Within: next.Within}
	if next.IsOther(previous) {
		plan.Destroys = previous.Known()
	} else {
		plan.Owns = append(plan.Owns, previous.Names...)
	}
	return plan
}

// withoutKept takes out the names that a plan only keeps of the prior state
// until the second plan of the replacement leaves them unknown.
func withoutKept(next, previous Paths) Paths {
	next.Names = slices.Clone(next.Names)
	for i := range next.Names {
		if i < len(previous.Names) && next.Names[i] == previous.Names[i] {
			next.Names[i] = ""
		}
	}
	return next
}

func addConflict(conflict adminapi.PathConflict, diags *diag.Diagnostics) {
	detail := fmt.Sprintf("Two resources of this configuration address %s: one %s it, the other %s it. ", conflict.Path, conflict.Verbs[0], conflict.Verbs[1])
	if !conflict.Destroyed {
		diags.AddWarning("Two resources manage one object", detail+
			"Removing one of the two removes the object of both, and where they differ, each apply changes it again. "+
			"Keep one, and release the other with removed { lifecycle { destroy = false } }.")
		return
	}
	diags.AddError("Object would be destroyed and managed", detail+
		"Terraform does not order the two changes, so the object could be missing for a while or at the end.\n\n"+
		"If the resource has a new name, or a new key in for_each or count, add a moved block from the old address to the new one. "+
		"If another resource will manage the object, release the old address with removed { lifecycle { destroy = false } }. "+
		"After an interrupted replacement, which leaves a deposed object, first apply with the values that the address has in state: "+
		"that destroys the deposed object. If they are those of the configuration already, use terraform state rm and import the object again.")
}
