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

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// tenancy is what an object belongs to, as the answers to its key name it, and
// the words for it.
type tenancy struct {
	*adminapi.Tenant
	// kind is organization or project. Under it the private state names the one
	// that answered when the object was last created, read or updated.
	kind string
	// key names the key that belongs to it, check says where to find it.
	key, check string
	// prefix begins ids, which never change, unlike names.
	prefix string
}

// tenancy is the organization of the admin key, or the project of the API key.
func (k *kernel[M]) tenancy() tenancy {
	if k.core.ProjectKey {
		return tenancy{k.client.KeyProject, "project", "API key", "Check api_key (OPENAI_API_KEY) of this provider configuration", "proj_"}
	}
	return tenancy{k.client.Organization, "organization", "admin key", "Check admin_api_key (OPENAI_ADMIN_KEY) and organization (OPENAI_ORG_ID) of this provider configuration", "org-"}
}

// summary is that of the errors about a key of another tenant.
func (t tenancy) summary() string {
	return strings.ToUpper(t.key[:1]) + t.key[1:] + " of another " + t.kind
}

type privateState interface {
	tfkit.PrivateReader
	tfkit.PrivateWriter
}

// unread is the summary of the errors about a tenant that could not be read.
func (t tenancy) unread() string { return "Cannot read the " + t.kind + " of the " + t.key }

// saveOrganization records which organization answered, if it is known and
// there is an object.
func (k *kernel[M]) saveOrganization(ctx context.Context, state tfsdk.State, private privateState, diags *diag.Diagnostics) {
	tenant := k.tenancy()
	if answering := tenant.Answering(); answering != "" && !state.Raw.IsNull() {
		tfkit.SavePrivate(ctx, private, tenant.kind, answering, diags)
	}
}

// otherOrganization returns the recorded organization and the one that answers
// now, and whether they differ. They do not as long as one is not known.
func (k *kernel[M]) otherOrganization(ctx context.Context, private tfkit.PrivateReader, diags *diag.Diagnostics) (recorded, answering string, differ bool) {
	tenant := k.tenancy()
	if recorded, _ = tfkit.ReadPrivate[string](ctx, private, tenant.kind, diags); recorded != "" {
		tenant.Record(recorded)
	}
	answering = tenant.Answering()
	return recorded, answering, recorded != "" && answering != "" && recorded != answering
}

// checkReadOrganization keeps an object in state when another organization than
// the recorded one does not have it: it was not deleted. An object that was
// found by an id of its organization belongs to it, which then has a new name.
func (k *kernel[M]) checkReadOrganization(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	recorded, answering, differ := k.otherOrganization(ctx, req.Private, &resp.Diagnostics)
	found := !resp.State.Raw.IsNull() && !resp.Diagnostics.HasError()
	prefix := k.tenancy().prefix
	areIDs := strings.HasPrefix(recorded, prefix) && strings.HasPrefix(answering, prefix)
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
		if k.core.ProjectKey || len(parts) >= 2 && parts[0] == "projects" || len(parts) >= 3 && parts[0] == "organization" && parts[1] != "users" {
			return true
		}
	}
	return false
}

// findOrganization finds out which organization answers before a change of an
// object whose organization is recorded. It reports an error, and false, when
// another one answers.
func (k *kernel[M]) findOrganization(ctx context.Context, raw tftypes.Value, private tfkit.PrivateReader, happened string, diags *diag.Diagnostics) bool {
	tenant := k.tenancy()
	if recorded, answering, _ := k.otherOrganization(ctx, private, diags); recorded != "" && answering == "" {
		if err := tenant.Find(ctx); err != nil {
			diags.AddError(tenant.unread(), fmt.Sprintf(
				"%s belongs to %[2]s %[3]s, according to the state. The %[2]s of the %[4]s could not be read: %[5]s. %[6]s", k.describeObject(ctx, raw), tenant.kind, recorded, tenant.key, err, happened))
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
		_ = k.tenancy().Find(ctx) // the apply reports it
	}
	return k.checkOrganization(ctx, req.State.Raw, req.Private, "No change to it was planned.", diags)
}

// checkCreateOrganization refuses to create an object when another organization
// answers than those that this configuration has read in its state.
func (k *kernel[M]) checkCreateOrganization(ctx context.Context, diags *diag.Diagnostics) bool {
	tenant := k.tenancy()
	recorded := tenant.Recorded()
	if len(recorded) == 0 {
		return true
	}
	if err := tenant.Find(ctx); err != nil {
		diags.AddError(tenant.unread(), fmt.Sprintf(
			"The state belongs to %[1]s %[2]s. The %[1]s of the %[3]s could not be read: %[4]s. Nothing was created.", tenant.kind, strings.Join(recorded, ", "), tenant.key, err))
		return false
	}
	answering := tenant.Answering()
	if answering == "" || slices.Contains(recorded, answering) {
		return true
	}
	diags.AddError(tenant.summary(), fmt.Sprintf(
		"Other objects in state belong to %[1]s %[2]s, but the %[3]s belongs to %[1]s %[4]s. %[5]s was not created.\n\n%[6]s, and that the state belongs to it.",
		tenant.kind, strings.Join(recorded, ", "), tenant.key, answering, k.typeName(), tenant.check))
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
	tenant := k.tenancy()
	diags.AddError(tenant.summary(), fmt.Sprintf(
		"%[1]s belongs to %[2]s %[3]s, according to the state, but the %[4]s belongs to %[2]s %[5]s. %[6]s\n\n%[7]s, and that the state belongs to it. "+
			"If %[5]s is another name of the same %[2]s, a refresh records it. If the object was deleted there, remove it from state with terraform state rm.",
		k.describeObject(ctx, raw), tenant.kind, recorded, tenant.key, answering, happened, tenant.check))
}

// describeObject names an object by its type and its path.
func (k *kernel[M]) describeObject(ctx context.Context, raw tftypes.Value) string {
	if names := k.Paths(ctx, raw).Names; len(names) > 0 && names[0] != "" {
		return k.typeName() + " (" + names[0] + ")"
	}
	return k.typeName()
}
