package member

import (
	"context"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// The API paths of people and invitations, which say which resources are about
// the same person. An address stands for an id that is not known yet.

// byEmail names what a list holds for an e-mail address.
func byEmail(list string, object lifecycle.Values) string {
	if email := object.Email("email"); email != "" {
		return list + "?email=" + email
	}
	return ""
}

const (
	usersPath   = "/organization/users"
	invitesPath = "/organization/invites"
)

func (r *userResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path(usersPath+"/{user_id}"), byEmail(usersPath, object))
}

func (r *memberResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path(usersPath+"/{user_id}"), byEmail(usersPath, object),
		object.Path(invitesPath+"/{invite_id}"), byEmail(invitesPath, object))
}

// ObjectPath leaves out the address of an invitation that is not open any more:
// another one may be sent to it.
func (r *inviteResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	address := byEmail(invitesPath, object)
	if status := object.Text("status"); status == adminapi.InviteAccepted || status == adminapi.InviteExpired {
		address = ""
	}
	return lifecycle.Named(object.Path(invitesPath+"/{invite_id}"), address)
}
