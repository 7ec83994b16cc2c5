package member

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Existing = (*userResource)(nil)
	_ lifecycle.Existing = (*memberResource)(nil)
	_ lifecycle.Existing = (*inviteResource)(nil)
)

const memberDestroy = "Destroying the resource removes the person from the organization."

// Existing reads the person whom a create adopts.
func (r *userResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m userModel
	if plan.Get(ctx, &m).HasError() {
		return lifecycle.Found{}, nil
	}
	var user *openai.OrganizationUser
	var err error
	switch {
	case m.UserID.ValueString() != "":
		user, err = r.Client.Users.Get(ctx, m.UserID.ValueString())
	case m.Email.ValueString() != "":
		user, err = r.Client.Users.FindByEmail(ctx, m.Email.ValueString())
	}
	if err != nil || user == nil {
		return lifecycle.Found{}, err
	}
	present := newUserModel(user)
	found := lifecycle.Found{Object: "organization member " + user.Email, ID: []string{user.ID}, Destroy: memberDestroy}
	found.Changes = append(found.Changes, lifecycle.Difference("role", present.Role, m.Role)...)
	found.Changes = append(found.Changes, lifecycle.Difference("technical_level", present.TechnicalLevel, m.TechnicalLevel)...)
	found.Changes = append(found.Changes, lifecycle.Difference("developer_persona", present.DeveloperPersona, m.DeveloperPersona)...)
	return found, nil
}

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

// Existing reads the pending invitation of the address. The API refuses another
// one as long as it is pending, so an equal one is adopted.
func (r *inviteResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m inviteResourceModel
	if plan.Get(ctx, &m).HasError() || m.Email.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	invite, err := r.Client.Invites.FindPending(ctx, m.Email.ValueString())
	if err != nil || invite == nil {
		return lifecycle.Found{}, err
	}
	changes := inviteChanges(ctx, invite, m.Role, m.Projects)
	return lifecycle.Found{
		Object: "pending invitation of " + m.Email.ValueString(), ID: []string{invite.ID}, Changes: changes, Refused: len(changes) > 0,
		Destroy: "Destroying the resource withdraws the invitation while it is pending.",
	}, nil
}

// inviteChanges are the differences of an invitation from what is planned.
func inviteChanges(ctx context.Context, invite *openai.Invite, role types.String, projects types.Set) []lifecycle.Change {
	changes := lifecycle.Difference("role", types.StringValue(string(invite.Role)), role)
	if projects.IsNull() || projects.IsUnknown() {
		return changes
	}
	var invited []invitedProject
	if projects.ElementsAs(ctx, &invited, false).HasError() {
		return changes
	}
	var planned, present []string
	for _, p := range invited {
		planned = append(planned, p.ID.ValueString()+" as "+p.Role.ValueString())
	}
	for _, p := range invite.Projects {
		present = append(present, p.ID+" as "+p.Role)
	}
	return append(changes, lifecycle.DifferenceOfSets("projects", present, planned)...)
}

// existingRole is the organization role that a person has before a create, null
// when there is none.
func existingRole(ctx context.Context, client *adminapi.Client, id, email types.String) types.String {
	var user *openai.OrganizationUser
	var err error
	switch {
	case id.ValueString() != "":
		user, err = client.Users.Get(ctx, id.ValueString())
	case email.ValueString() != "":
		user, err = client.Users.FindByEmail(ctx, email.ValueString())
	}
	if err != nil || user == nil {
		return types.StringNull()
	}
	return types.StringValue(user.Role)
}
