package tfkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// WarnOfLostAnswers returns a context for an operation, and a function that
// warns of the creates below it that succeeded although an answer was lost.
func WarnOfLostAnswers(ctx context.Context) (context.Context, func(diags *diag.Diagnostics)) {
	ctx, collected := adminapi.WithLostAnswers(ctx)
	return ctx, func(diags *diag.Diagnostics) {
		for _, lost := range collected.All() {
			if lost.Adopted {
				warnOfAdoption(&lost, diags)
			} else {
				warnOfLostSecret(&lost, diags)
			}
		}
	}
}

func warnOfAdoption(lost *adminapi.LostAnswer, diags *diag.Diagnostics) {
	// Terraform folds warnings of one summary, and would hide the ids.
	diags.AddWarning(fmt.Sprintf("Adopted %s after a lost response", foundIDs(lost)), fmt.Sprintf(
		"The response to the request that creates the %s was lost. Exactly one new object has every attribute that was sent, so it is in state now:\n\n%s\n\n"+
			"If another configuration created it at the same moment, stop managing it here: use a removed block with lifecycle { destroy = false }, or terraform state rm.",
		typeOf(lost), foundLines(lost)))
}

func warnOfLostSecret(lost *adminapi.LostAnswer, diags *diag.Diagnostics) {
	if len(lost.Found) == 0 {
		problem := fmt.Sprintf("The list did not show such a %s %s later. It may still appear.", noun(lost), lost.Searched)
		if lost.Problem != nil {
			problem = fmt.Sprintf("The list could not be read: %s.", lost.Problem)
		}
		diags.AddWarning("A "+noun(lost)+" may exist whose secret is lost", fmt.Sprintf(
			"The response to the first request that creates the %s was lost; a second request created the %s that is in state. %s "+
				"No one holds the secret of the first %[2]s, if it exists.", typeOf(lost), noun(lost), problem))
		return
	}
	name := noun(lost)
	diags.AddWarning(fmt.Sprintf("%s %s may be an orphan", strings.ToUpper(name[:1])+name[1:], foundIDs(lost)), fmt.Sprintf(
		"The response to the first request that creates the %s was lost; a second request created the %s that is in state. These are equal to the requested one:\n\n%s\n\n"+
			"%s To remove a %[2]s that no one uses, import it and destroy it:\n\n%[5]s", typeOf(lost), name, foundLines(lost), harm(lost), importBlocks(lost)))
}

// lostAnswerStep says what to do after a create with unknown outcome.
func lostAnswerStep(lost *adminapi.LostAnswer) string {
	nothing := "Nothing was written to state, and the request is not sent again in this apply."
	if lost.Secret {
		nothing = "Nothing was written to state."
		if more := lost.Requests - len(lost.Found); more > 0 {
			nothing += fmt.Sprintf(" %d more %s may exist whose secret is lost, and which the list did not show.", more, typeOf(lost))
		}
	}
	switch {
	case lost.Exists:
		return fmt.Sprintf("It may be left of an apply that was interrupted or whose response was lost. To manage it here, import it:\n\n%s", importBlocks(lost))
	case len(lost.Found) == 0 && lost.Problem != nil:
		return fmt.Sprintf("The response was lost, so the %s may exist. The list could not be read to find it: %s. %s "+
			"Before the next apply, look for it among the newest objects, and import it if it is there: terraform import ADDRESS %sID.", typeOf(lost), lost.Problem, nothing, lost.Parent)
	case len(lost.Found) == 0:
		return fmt.Sprintf("The response was lost, and no new %s with these attributes was in the list within %s. %s "+
			"Apply again to create it. Should it appear later, import it: terraform import ADDRESS %sID.", typeOf(lost), lost.Searched, nothing, lost.Parent)
	case lost.Secret:
		return fmt.Sprintf("The response was lost. These are equal to the requested one:\n\n%s\n\n%s %s "+
			"Apply again to create a %s. To remove a %[4]s that no one uses, import it and destroy it:\n\n%[5]s", foundLines(lost), nothing, harm(lost), noun(lost), importBlocks(lost))
	default:
		return fmt.Sprintf("The response was lost. These objects have every attribute that was sent, and may be the one that was created:\n\n%s\n\n%s "+
			"To manage one of them here, import it; leave the others to their owners:\n\n%s", foundLines(lost), nothing, importBlocks(lost))
	}
}

// webhookEndpoint is the object whose secret signs, and opens nothing.
const webhookEndpoint = "webhook_endpoint"

// noun is what an object with a secret is called.
func noun(lost *adminapi.LostAnswer) string {
	if lost.Object == webhookEndpoint {
		return "webhook endpoint"
	}
	return "key"
}

// harm says what an object with a lost secret does, and what removing one of
// others does.
func harm(lost *adminapi.LostAnswer) string {
	if lost.Object == webhookEndpoint {
		return "If a lost request created such an endpoint, no one holds its secret, and the receiver gets each event once more, with a signature that it cannot verify. If another configuration created it, removing it is an outage."
	}
	return "If a lost request created such a key, no one holds its secret, and leaving it is safe. If another configuration created it, revoking it is an outage."
}

func typeOf(lost *adminapi.LostAnswer) string { return "openai_" + lost.Object }

func foundIDs(lost *adminapi.LostAnswer) string {
	ids := make([]string, len(lost.Found))
	for i, found := range lost.Found {
		ids[i] = found.ID
	}
	return strings.Join(ids, ", ")
}

func foundLines(lost *adminapi.LostAnswer) string {
	lines := make([]string, len(lost.Found))
	for i, found := range lost.Found {
		lines[i] = "  " + lost.Parent + found.ID
		if found.CreatedAt > 0 {
			lines[i] += ", created at " + time.Unix(found.CreatedAt, 0).UTC().Format(time.RFC3339)
		}
	}
	return strings.Join(lines, "\n")
}

func importBlocks(lost *adminapi.LostAnswer) string {
	blocks := make([]string, len(lost.Found))
	for i, found := range lost.Found {
		blocks[i] = fmt.Sprintf("import {\n  to = %s.NAME\n  id = %q\n}", typeOf(lost), lost.Parent+found.ID)
	}
	return strings.Join(blocks, "\n")
}
