package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// OrphanSearch says how to find the orphans that a planned object may have.
type OrphanSearch struct {
	// Object names the planned object: project "shop".
	Object string
	// Parents are the ids of the objects that the planned one belongs to.
	Parents []string
	// Find lists the ids of objects like the planned one that no state holds.
	Find func(ctx context.Context) ([]string, error)
	// ImportPrefix comes before the id in an import id, such as "proj_1/".
	ImportPrefix string
	// RevokePath is set for objects with a secret that is shown once: the path of
	// the API that ends with the id of the key to revoke.
	RevokePath string
}

// checkOrphans reports orphans that a plan would create again.
func (k *kernel[M]) checkOrphans(ctx context.Context, req resource.ModifyPlanRequest, plan tfsdk.Plan, diags *diag.Diagnostics) {
	if k.client == nil || !k.client.SearchesOrphans() || plan.Raw.IsNull() || diags.HasError() {
		return
	}
	describe := k.orphans
	if !req.State.Raw.IsNull() {
		describe = k.updateOrphans
	}
	if describe == nil || sameObject(plan.Raw, req.State.Raw) {
		return
	}
	call := k.planCall(ctx, plan, diags)
	if call.State = model[M](ctx, req.State, diags); diags.HasError() {
		return
	}
	search := describe(ctx, call)
	if search == nil || diags.HasError() || slices.ContainsFunc(search.Parents, k.client.HasCreated) {
		return
	}
	found, err := search.Find(ctx)
	if err != nil {
		tflog.Info(ctx, "orphans could not be searched for", map[string]any{"object": search.Object, "error": err.Error()})
		// The same text for every object, as the order decides where it fails.
		if k.client.Advice.First("orphans_not_searched") {
			detail := "A plan searches for orphans: objects that an interrupted apply created without writing them to state. The search has few requests and seconds, and at least one list could not be read. " +
				"If the last apply was interrupted, check for such objects before you apply."
			if !k.client.OrphansAreErrors() {
				detail += " plan_checks = false in the provider block switches the search off."
			}
			diags.AddWarning("Orphaned objects may not be reported", detail)
		}
	}
	if len(found) == 0 {
		return
	}
	// Terraform folds warnings of one summary, so each names its object.
	summary, detail := "Possible orphan of "+search.Object, search.describe(k.typeName(), found)
	if k.client.OrphansAreErrors() {
		diags.AddError(summary, detail)
		return
	}
	diags.AddWarning(summary, detail)
}

// InProject says that the planned object belongs to a project.
func (s *OrphanSearch) InProject(projectID string) *OrphanSearch {
	s.Parents, s.ImportPrefix = []string{projectID}, projectID+"/"
	return s
}

// describe says what was found and what to do about it.
func (s *OrphanSearch) describe(typeName string, ids []string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "The plan creates %s. The API has such an object outside this state: %s.\n\n", s.Object, strings.Join(ids, ", "))
	text.WriteString("It may be an orphan: an object created by an apply that was interrupted before Terraform wrote it to state. " +
		"If it belongs to another configuration, ignore this warning. " + replacedFirst + "\n\n")
	if s.RevokePath != "" {
		text.WriteString("The secret of an orphaned key is lost. To revoke it:\n")
		for _, id := range ids {
			fmt.Fprintf(&text, "\n  curl -X DELETE https://api.openai.com/v1%s%s -H \"Authorization: Bearer $OPENAI_ADMIN_KEY\"", s.RevokePath, id)
		}
		text.WriteString("\n\nOr import it, and replace or destroy it:\n")
	} else {
		text.WriteString("To adopt it instead of creating another one, add an import block with the address of the resource:\n")
	}
	for _, id := range ids {
		fmt.Fprintf(&text, "\n  import {\n    to = %s.NAME\n    id = %q\n  }\n", typeName, s.ImportPrefix+id)
	}
	text.WriteString("\non_orphan in the provider block decides whether this is a warning or an error.")
	return text.String()
}

// recordCreated records the id of an object that this configuration created. A
// setting has the id of what it belongs to, which may be older.
func (k *kernel[M]) recordCreated(state tfsdk.State) {
	if !k.hasOwnID {
		return
	}
	values := valuesOf(state.Raw)
	for _, name := range []string{"id", "external_key_id", "external_storage_id"} {
		if id := values.Text(name); id != "" {
			k.client.Created(id)
			return
		}
	}
}
