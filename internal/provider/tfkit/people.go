package tfkit

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// ProtectLastOwner refuses, at plan time, to take the organization its last
// owner. The person is known by id, or by e-mail address as well.
func ProtectLastOwner(ctx context.Context, client *adminapi.Client, userID, email string, diags *diag.Diagnostics) {
	if client == nil {
		return
	}
	stays, err := client.Users.HasOtherOwner(ctx, userID, email)
	if err != nil || stays {
		return // where the users cannot be read, the API refuses it at apply
	}
	AddLastOwner(diags, cmp.Or(email, userID))
}

// AddLastOwner reports that a person is the last owner.
func AddLastOwner(diags *diag.Diagnostics, who string) {
	diags.AddError("Cannot remove the last owner", fmt.Sprintf(
		"%s is the only owner of the organization. Without an owner, it cannot be administered. "+
			"Make another member an owner first. %s", who, ReleaseHint))
}

// RefuseSCIM refuses to change a person that an identity provider manages.
func RefuseSCIM(who string, managed bool, diags *diag.Diagnostics) (refused bool) {
	if managed {
		diags.AddError("Managed by the identity provider", fmt.Sprintf(
			"%s is managed through SCIM, which would revert a change. Change the person in the identity provider. %s", who, ReleaseHint))
	}
	return managed
}
