package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var _ lifecycle.Orphans = (*inviteResource)(nil)

// SearchOrphans searches for pending invitations of the same person.
func (r *inviteResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "email", "role") {
		return nil
	}
	var planned inviteResourceModel
	diags.Append(plan.Get(ctx, &planned)...)
	email, role := planned.Email.ValueString(), planned.Role.ValueString()
	return &lifecycle.OrphanSearch{
		Object: "invitation of " + email,
		Find:   func(ctx context.Context) ([]string, error) { return r.Client.Invites.Orphans(ctx, email, role) },
	}
}
