package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The API may answer 404 for a new object. Believing it would remove the object
// from state, and the next apply would create a second one.

const createdKey = "created_at"

// membersKey is when members of a set were written last. A list may not show
// them yet.
const membersKey = "members_at"

// saveMembers keeps when the members of a set were written.
func (k *kernel[M]) saveMembers(ctx context.Context, private tfkit.PrivateWriter, diags *diag.Diagnostics) {
	if k.core.DeleteMembers != nil {
		tfkit.SavePrivate(ctx, private, membersKey, k.client.ServerNow().Unix(), diags)
	}
}

// readMembers returns that time in Unix seconds, 0 when it was not kept.
func readMembers(ctx context.Context, private tfkit.PrivateReader, diags *diag.Diagnostics) int64 {
	at, _ := tfkit.ReadPrivate[int64](ctx, private, membersKey, diags)
	return at
}

// saveCreated keeps when an object was created, by the server's clock.
func (k *kernel[M]) saveCreated(ctx context.Context, resp *resource.CreateResponse) {
	if !resp.State.Raw.IsNull() {
		tfkit.SavePrivate(ctx, resp.Private, createdKey, k.client.ServerNow().Unix(), &resp.Diagnostics)
	}
}

// readCreated returns that time in Unix seconds, 0 when it was not kept.
func readCreated(ctx context.Context, private tfkit.PrivateReader, diags *diag.Diagnostics) int64 {
	at, _ := tfkit.ReadPrivate[int64](ctx, private, createdKey, diags)
	return at
}

// isYoung reports whether the API may not show an object yet.
func (k *kernel[M]) isYoung(ctx context.Context, state Values, private tfkit.PrivateReader, diags *diag.Diagnostics) bool {
	return k.client.IsYoung(state.Whole("created_at")) || k.client.IsYoung(readCreated(ctx, private, diags))
}

// keepYoung keeps a young object in state that the API does not show.
func (k *kernel[M]) keepYoung(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	if !resp.State.Raw.IsNull() || req.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	state := valuesOf(req.State.Raw)
	if !k.isYoung(ctx, state, req.Private, &resp.Diagnostics) {
		return
	}
	resp.State.Raw = req.State.Raw
	// Terraform folds warnings of one summary, and would hide the object.
	resp.Diagnostics.AddWarning(fmt.Sprintf("Kept %s in state, although the API does not show it", k.describeIDs(state)), fmt.Sprintf(
		"The object was created less than %d minutes ago, and the API may not show a new object at once. "+
			"If it was deleted outside Terraform, a refresh after that time removes it from state.", int(transport.YoungAge.Minutes())))
}

// deleteObject deletes an object. A young object that the API does not show may
// exist all the same.
func (k *kernel[M]) deleteObject(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := valuesOf(req.State.Raw)
	if !k.isYoung(ctx, state, req.Private, &resp.Diagnostics) {
		k.remove(ctx, &Call[M]{}, k.core.Delete, req, resp)
		return
	}
	ctx, misses := transport.WithYoung(ctx)
	k.remove(ctx, &Call[M]{}, k.core.Delete, req, resp)
	if paths := misses.Paths(); len(paths) > 0 && !resp.Diagnostics.HasError() {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Deleted %s may appear later", k.describeIDs(state)), fmt.Sprintf(
			"The object was created less than %d minutes ago, and the API returned 404 for it for more than a minute:\n\n  %s\n\n"+
				"It is not in state any more. If it was not deleted outside Terraform, the API may show it later. Then delete it.",
			int(transport.YoungAge.Minutes()), strings.Join(paths, "\n  ")))
	}
}

// describeIDs names an object by its type and its identity.
func (k *kernel[M]) describeIDs(state Values) string {
	var ids []string
	for _, part := range k.core.Identity {
		if id := state.Text(part.Name); id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return strings.TrimSpace(k.typeName() + " " + strings.Join(ids, "/"))
}

// WarnOfHidden warns of members of a set that a read keeps in state, although
// the list does not show them.
func (c *Call[M]) WarnOfHidden(label string, members []string) {
	if len(members) == 0 {
		return
	}
	c.Diags.AddWarning("Kept some of "+label+" in state, although the API does not show them", fmt.Sprintf(
		"%s\n\nThe set was written less than %d minutes ago, and the API may not show new members at once. "+
			"If they were removed outside Terraform, a refresh after that time removes them from state.",
		strings.Join(members, ", "), int(transport.YoungAge.Minutes())))
}
