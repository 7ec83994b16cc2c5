package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// organizationKey is where the private state names the organization that
// answered when the object was last created, read or updated.
const organizationKey = "organization"

type privateState interface {
	tfkit.PrivateReader
	tfkit.PrivateWriter
}

// saveOrganization records which organization answered, if it is known and
// there is an object.
func (k *kernel[M]) saveOrganization(ctx context.Context, state tfsdk.State, private privateState, diags *diag.Diagnostics) {
	if answering := k.client.AnsweringOrganization(); answering != "" && !state.Raw.IsNull() {
		tfkit.SavePrivate(ctx, private, organizationKey, answering, diags)
	}
}

// otherOrganization returns the recorded organization and the one that answers
// now, and whether they differ. They do not as long as one is not known.
func (k *kernel[M]) otherOrganization(ctx context.Context, private tfkit.PrivateReader, diags *diag.Diagnostics) (recorded, answering string, differ bool) {
	if recorded, _ = tfkit.ReadPrivate[string](ctx, private, organizationKey, diags); recorded != "" {
		k.client.RecordOrganization(recorded)
	}
	answering = k.client.AnsweringOrganization()
	return recorded, answering, recorded != "" && answering != "" && recorded != answering
}

// checkReadOrganization keeps an object in state when another organization than
// the recorded one does not have it: it was not deleted. An object that was
// found by an id of its organization belongs to it, which then has a new name.
func (k *kernel[M]) checkReadOrganization(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	recorded, answering, differ := k.otherOrganization(ctx, req.Private, &resp.Diagnostics)
	found := !resp.State.Raw.IsNull() && !resp.Diagnostics.HasError()
	areIDs := strings.HasPrefix(recorded, "org-") && strings.HasPrefix(answering, "org-")
	if differ && (!found || areIDs && !k.provesOrganization(ctx, req.State.Raw)) {
		resp.State = req.State
		k.addOtherOrganization(ctx, req.State.Raw, recorded, answering, "It stays in state as it is.", &resp.Diagnostics)
		return
	}
	if found {
		k.saveOrganization(ctx, resp.State, resp.Private, &resp.Diagnostics)
	}
}

// provesOrganization reports whether the path of an object has an id that only
// one organization has. People may belong to several.
func (k *kernel[M]) provesOrganization(ctx context.Context, raw tftypes.Value) bool {
	for _, path := range k.Paths(ctx, raw).Names {
		parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
		if len(parts) >= 2 && parts[0] == "projects" || len(parts) >= 3 && parts[0] == "organization" && parts[1] != "users" {
			return true
		}
	}
	return false
}

// findOrganization finds out which organization answers before a change of an
// object whose organization is recorded. It reports an error, and false, when
// another one answers.
func (k *kernel[M]) findOrganization(ctx context.Context, raw tftypes.Value, private tfkit.PrivateReader, happened string, diags *diag.Diagnostics) bool {
	if recorded, answering, _ := k.otherOrganization(ctx, private, diags); recorded != "" && answering == "" {
		if err := k.client.FindOrganization(ctx); err != nil {
			diags.AddError("Cannot read the organization of the admin key", fmt.Sprintf(
				"%s belongs to organization %s, according to the state. The organization of the admin key could not be read: %s. %s", k.describeObject(ctx, raw), recorded, err, happened))
			return false
		}
	}
	return k.checkOrganization(ctx, raw, private, happened, diags)
}

// checkPlannedOrganization is findOrganization for a plan that changes something.
// A plan made without a refresh may be the first to ask. Where the API does not answer, the apply
// finds out.
func (k *kernel[M]) checkPlannedOrganization(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) bool {
	if k.client == nil || req.State.Raw.IsNull() {
		return true
	}
	if recorded, answering, _ := k.otherOrganization(ctx, req.Private, diags); recorded != "" && answering == "" && !sameObject(req.Plan.Raw, req.State.Raw) {
		_ = k.client.FindOrganization(ctx) // the apply reports it
	}
	return k.checkOrganization(ctx, req.State.Raw, req.Private, "No change to it was planned.", diags)
}

// checkCreateOrganization refuses to create an object when another organization
// answers than those that this configuration has read in its state.
func (k *kernel[M]) checkCreateOrganization(ctx context.Context, diags *diag.Diagnostics) bool {
	recorded := k.client.RecordedOrganizations()
	if len(recorded) == 0 {
		return true
	}
	if err := k.client.FindOrganization(ctx); err != nil {
		diags.AddError("Cannot read the organization of the admin key", fmt.Sprintf(
			"The state belongs to organization %s. The organization of the admin key could not be read: %s. Nothing was created.", strings.Join(recorded, ", "), err))
		return false
	}
	answering := k.client.AnsweringOrganization()
	if answering == "" || slices.Contains(recorded, answering) {
		return true
	}
	diags.AddError("Admin key of another organization", fmt.Sprintf(
		"Other objects in state belong to organization %s, but the admin key belongs to organization %s. %s was not created.\n\n"+
			"Check admin_api_key (OPENAI_ADMIN_KEY) and organization (OPENAI_ORG_ID) of this provider configuration, and that the state belongs to it.",
		strings.Join(recorded, ", "), answering, k.typeName()))
	return false
}

// checkOrganization reports an error, and false, when another organization than
// the recorded one answers.
func (k *kernel[M]) checkOrganization(ctx context.Context, raw tftypes.Value, private tfkit.PrivateReader, happened string, diags *diag.Diagnostics) bool {
	recorded, answering, differ := k.otherOrganization(ctx, private, diags)
	if differ {
		k.addOtherOrganization(ctx, raw, recorded, answering, happened, diags)
	}
	return !differ
}

func (k *kernel[M]) addOtherOrganization(ctx context.Context, raw tftypes.Value, recorded, answering, happened string, diags *diag.Diagnostics) {
	diags.AddError("Admin key of another organization", fmt.Sprintf(
		"%s belongs to organization %s, according to the state, but the admin key belongs to organization %s. %s\n\n"+
			"Check admin_api_key (OPENAI_ADMIN_KEY) and organization (OPENAI_ORG_ID) of this provider configuration, and that the state belongs to it. "+
			"If %[3]s is another name of the same organization, a refresh records it. If the object was deleted there, remove it from state with terraform state rm.",
		k.describeObject(ctx, raw), recorded, answering, happened))
}

// describeObject names an object by its type and its path.
func (k *kernel[M]) describeObject(ctx context.Context, raw tftypes.Value) string {
	if names := k.Paths(ctx, raw).Names; len(names) > 0 && names[0] != "" {
		return k.typeName() + " (" + names[0] + ")"
	}
	return k.typeName()
}
