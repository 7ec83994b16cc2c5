package member

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Existing reads the person, or the pending invitation, that a create adopts.
func (r *memberResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m memberModel
	if plan.Get(ctx, &m).HasError() || m.Email.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	email := m.Email.ValueString()
	found := lifecycle.Found{Object: "organization member " + email, ID: []string{strings.ToLower(email)}, Destroy: memberDestroy}
	user, err := r.Client.Users.FindByEmail(ctx, email)
	if err != nil {
		return lifecycle.Found{}, err
	}
	if user != nil {
		found.Changes = lifecycle.Difference("role", types.StringValue(user.Role), m.Role)
		return found, nil
	}
	invite, err := r.Client.Invites.FindPending(ctx, email)
	if err != nil || invite == nil {
		return lifecycle.Found{}, err
	}
	found.Object, found.Changes = "pending invitation of "+email, inviteChanges(ctx, invite, m.Role, m.Projects)
	if len(found.Changes) > 0 {
		found.Destroy = "The pending invitation is withdrawn, and another one is sent. "
	}
	found.Destroy += "Destroying the resource withdraws the invitation, or removes the person once it was accepted."
	return found, nil
}
