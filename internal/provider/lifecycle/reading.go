package lifecycle

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func (k *kernel[M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, end := k.withTimeout(ctx, "read", req.State.Raw)
	defer end()
	if !k.completeIDs(ctx, &req.State, &resp.Diagnostics) {
		return
	}
	unchanged, ended := k.read(ctx, req, resp)
	if !unchanged {
		k.keepSent(ctx, req, resp)
	}
	k.checkReadOrganization(ctx, req, resp)
	if !ended {
		k.keepYoung(ctx, req, resp)
	}
}

// read calls the hook of a read, unless the audit log shows that the object is
// unchanged. It reports that, and whether the API showed the end of the object,
// rather than answering that it does not exist.
func (k *kernel[M]) read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) (unchanged, ended bool) {
	call := &Call[M]{Client: k.client, State: model[M](ctx, req.State, &resp.Diagnostics), Diags: &resp.Diagnostics}
	if resp.Diagnostics.HasError() {
		return false, false
	}
	for _, path := range k.core.Paths(valuesOf(req.State.Raw)).Names {
		k.client.Sees(path)
	}
	identity := k.identity(req.State.Raw)
	if k.core.Audit != nil {
		if call.Changes, unchanged = k.isUnchanged(ctx, req, resp, k.core.Audit(call.State), identity); unchanged {
			if k.core.Complete != nil {
				k.core.Complete(ctx, call)
				k.save(ctx, call.State, req.State.Raw, &resp.State, resp.Identity, &resp.Diagnostics)
			}
			return true, false
		}
	}
	values := valuesOf(req.State.Raw)
	if call.Created = values.Whole("created_at"); call.Created == 0 {
		call.Created = readCreated(ctx, req.Private, &resp.Diagnostics)
	}
	if k.hasOwnID {
		// A 404 for a new object is not believed at once.
		k.client.Expect(values.Text(k.core.Identity[len(k.core.Identity)-1].Name), call.Created)
	}
	call.membersAt = readMembers(ctx, req.Private, &resp.Diagnostics)
	call.Imported, _ = tfkit.ReadPrivate[bool](ctx, req.Private, importedKey, &resp.Diagnostics)
	label := k.core.Label(call.State)
	switch err := k.core.Read(ctx, call); {
	case errors.Is(err, ErrRemoved), adminapi.IsDeleted(err), errors.Is(err, ErrAbsent):
		// Terraform wants to know the identity all the same.
		setIdentity(ctx, resp.Identity, &resp.Diagnostics, identity)
		resp.State.RemoveResource(ctx)
		// An archived project stays archived, however new the object is.
		return false, errors.Is(err, ErrRemoved) || adminapi.HasCode(err, adminapi.CodeProjectArchived)
	case err != nil:
		tfkit.AddAPIError(&resp.Diagnostics, label, err)
	case !resp.Diagnostics.HasError():
		if k.core.Complete != nil {
			k.core.Complete(ctx, call)
		}
		k.save(ctx, call.State, req.State.Raw, &resp.State, resp.Identity, &resp.Diagnostics)
		if call.Imported {
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
		}
		if id := k.watchedID(call.State); id != "" {
			k.saveSeen(ctx, req.Private, resp.Private, id, &resp.Diagnostics)
		}
	}
	return false, false
}
