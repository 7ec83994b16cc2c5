package user

import (
	"errors"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

var projectRoles = []string{"member", "owner"}

type projectUserReply struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Email   string `json:"email"`
	Name    string `json:"name"`
	Role    string `json:"role"`
	AddedAt int64  `json:"added_at"`
}

// newProjectUserReply shows the role that the user has as a member. Assumption
// a custom role does not take its place.
func newProjectUserReply(r *api.Request, u store.ProjectUser) (projectUserReply, error) {
	reply := projectUserReply{ID: u.UserID, Object: "organization.project.user", Email: u.Email, Name: u.Name, Role: u.Role, AddedAt: u.AddedAt}
	if !r.Behavior.ShowsCustomRole {
		return reply, nil
	}
	assigned, err := r.Tx.AssignedRoles(u.ProjectID, u.UserID)
	if err != nil {
		return reply, err
	}
	for _, id := range assigned {
		custom, err := r.Tx.Role(u.ProjectID, id)
		switch {
		case err == nil:
			reply.Role = custom.Name
		case !errors.Is(err, store.ErrNotFound): // a predefined role
			return reply, err
		}
	}
	return reply, nil
}

func pathProjectUser(r *api.Request) (store.ProjectUser, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return store.ProjectUser{}, err
	}
	id := r.PathValue("user_id")
	user, err := r.Tx.ProjectUser(project.ID, id)
	return user, api.Or(err, api.NotFound("project user", id))
}

func listProjectUsers(r *api.Request) (any, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	users, err := r.Tx.ProjectUsers(project.ID)
	if err != nil {
		return nil, err
	}
	replies := make([]projectUserReply, len(users))
	for i, u := range users {
		if replies[i], err = newProjectUserReply(r, u); err != nil {
			return nil, err
		}
	}
	return api.Paginate(r, replies, func(u projectUserReply) string { return u.ID }, api.Usual, api.Unordered)
}

func addProjectUser(r *api.Request) (any, error) {
	var body struct {
		Role   string               `json:"role"`
		UserID api.Optional[string] `json:"user_id"`
		Email  api.Optional[string] `json:"email"`
	}
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	switch {
	case project.IsDefault:
		return nil, api.BadRequest("", "Users cannot be added to the default project.")
	case !slices.Contains(projectRoles, body.Role):
		return nil, api.BadRequest("role", "Invalid value: %q. Supported values are: 'member', 'owner'.", body.Role)
	case body.UserID.Set() == body.Email.Set() && (!body.UserID.Set() || !r.Behavior.AcceptsUserIDAndEmail):
		// Assumption A-19.
		return nil, api.BadRequest("user_id", "Exactly one of 'user_id' and 'email' is required.")
	}
	find, want := r.Tx.User, body.UserID.Value
	if !body.UserID.Set() {
		find, want = r.Tx.UserByEmail, body.Email.Value
	}
	user, err := find(want)
	if err != nil {
		return nil, api.Or(err, api.BadRequest("user_id", "User %s is not a member of the organization.", want))
	}
	if _, err := r.Tx.ProjectUser(project.ID, user.ID); err == nil {
		return nil, api.BadRequest("", "User %s already exists in project %s.", user.ID, project.ID)
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	member := store.ProjectUser{ProjectID: project.ID, UserID: user.ID, Email: user.Email, Name: user.Name, Role: body.Role, AddedAt: r.Now()}
	if err := r.Tx.PutProjectUser(member); err != nil {
		return nil, err
	}
	// Assumption: the log shows people in projects as it does those in
	// the organization.
	reply, err := newProjectUserReply(r, member)
	return reply, errors.Join(err, r.Log("user.added", api.Change{ID: user.ID, Data: auditRole{member.Role}}))
}

func getProjectUser(r *api.Request) (any, error) {
	user, err := pathProjectUser(r)
	if err != nil {
		return nil, err
	}
	return newProjectUserReply(r, user)
}

func updateProjectUser(r *api.Request) (any, error) {
	var body struct {
		Role api.Optional[string] `json:"role"`
	}
	user, err := pathProjectUser(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if body.Role.Set() {
		if !slices.Contains(projectRoles, body.Role.Value) {
			return nil, api.BadRequest("role", "Invalid value: %q. Supported values are: 'member', 'owner'.", body.Role.Value)
		}
		user.Role = body.Role.Value
	}
	if err := r.Tx.PutProjectUser(user); err != nil {
		return nil, err
	}
	reply, err := newProjectUserReply(r, user)
	return reply, errors.Join(err, r.Log("user.updated", api.Change{ID: user.UserID, Requested: auditRole{body.Role.Value}}))
}

func removeProjectUser(r *api.Request) (any, error) {
	user, err := pathProjectUser(r)
	if err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveProjectUser(user.ProjectID, user.UserID); err != nil {
		return nil, err
	}
	return api.Deleted{ID: user.UserID, Object: "organization.project.user.deleted", Deleted: true}, r.Log("user.deleted", api.Change{ID: user.UserID})
}
