package member

import (
	"context"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

func (r *memberResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path(usersPath+"/{user_id}"), byEmail(usersPath, object),
		object.Path(invitesPath+"/{invite_id}"), byEmail(invitesPath, object))
}
