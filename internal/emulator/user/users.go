// Package user serves the people of the organization: its users, their
// invitations, and who works in which project.
package user

import (
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of members.
func Routes(router api.Router) {
	router.Handle("GET /organization/users", listUsers)
	router.Handle("GET /organization/users/{user_id}", getUser)
	router.Handle("POST /organization/users/{user_id}", updateUser)
	router.Handle("DELETE /organization/users/{user_id}", removeUser)

	router.Handle("GET /organization/invites", listInvites)
	router.Handle("POST /organization/invites", createInvite)
	router.Handle("GET /organization/invites/{invite_id}", getInvite)
	router.Handle("DELETE /organization/invites/{invite_id}", removeInvite)
	router.Control("POST /invites/{invite_id}/accept", acceptInvite)
	router.Control("POST /invites/{invite_id}/expire", expireInvite)

	router.Handle("GET /organization/projects/{project_id}/users", listProjectUsers)
	router.Handle("POST /organization/projects/{project_id}/users", addProjectUser)
	router.Handle("GET /organization/projects/{project_id}/users/{user_id}", getProjectUser)
	router.Handle("POST /organization/projects/{project_id}/users/{user_id}", updateProjectUser)
	router.Handle("DELETE /organization/projects/{project_id}/users/{user_id}", removeProjectUser)
}

var organizationRoles = []string{"owner", "reader"}

type userReply struct {
	ID                             string  `json:"id"`
	Object                         string  `json:"object"`
	Email                          string  `json:"email"`
	Name                           string  `json:"name"`
	Role                           string  `json:"role"`
	AddedAt                        int64   `json:"added_at"`
	Created                        int64   `json:"created"`
	APIKeyLastUsedAt               *int64  `json:"api_key_last_used_at"`
	TechnicalLevel                 *string `json:"technical_level"`
	DeveloperPersona               *string `json:"developer_persona"`
	IsDefault                      bool    `json:"is_default"`
	IsSCIMManaged                  bool    `json:"is_scim_managed"`
	IsServiceAccount               bool    `json:"is_service_account"`
	IsScaleTierAuthorizedPurchaser bool    `json:"is_scale_tier_authorized_purchaser"`
}

// auditRole has the fields of a person in the audit log.
type auditRole struct {
	Role string `json:"role,omitempty"`
}

func newUserReply(u store.User) userReply {
	return userReply{
		ID: u.ID, Object: "organization.user", Email: u.Email, Name: u.Name, Role: u.Role, AddedAt: u.AddedAt, Created: u.AddedAt,
		APIKeyLastUsedAt: u.KeyLastUsedAt, TechnicalLevel: u.TechnicalLevel, DeveloperPersona: u.DeveloperPersona, IsSCIMManaged: u.IsSCIMManaged,
	}
}

func pathUser(r *api.Request) (store.User, error) {
	id := r.PathValue("user_id")
	user, err := r.Tx.User(id)
	return user, api.Or(err, api.NotFound("user", id))
}

func listUsers(r *api.Request) (any, error) {
	users, err := r.Tx.Users()
	if err != nil {
		return nil, err
	}
	emails := api.Strings(r.URL.Query(), "emails")
	replies, err := serviceAccounts(r)
	if err != nil || len(emails) > 0 {
		replies = nil
	}
	for _, u := range users {
		want := func(email string) bool { return strings.EqualFold(email, u.Email) }
		if len(emails) == 0 || slices.ContainsFunc(emails, want) {
			replies = append(replies, newUserReply(u))
		}
	}
	return api.Paginate(r, replies, func(u userReply) string { return u.ID }, api.Usual, api.Unordered)
}

// serviceAccounts are users of the organization if it shows them so. Assumption
//
func serviceAccounts(r *api.Request) (replies []userReply, err error) {
	if !r.Behavior.ListsServiceAccounts {
		return nil, nil
	}
	projects, err := r.Tx.Projects(false)
	if err != nil {
		return nil, err
	}
	for _, p := range projects {
		accounts, err := r.Tx.ServiceAccounts(p.ID)
		if err != nil {
			return nil, err
		}
		for _, a := range accounts {
			reply := newUserReply(store.User{ID: a.ID, Name: a.Name, Role: "reader", AddedAt: a.CreatedAt})
			reply.IsServiceAccount = true
			replies = append(replies, reply)
		}
	}
	return replies, nil
}

func getUser(r *api.Request) (any, error) {
	user, err := pathUser(r)
	return newUserReply(user), err
}

func updateUser(r *api.Request) (any, error) {
	var body struct {
		Role             api.Optional[string] `json:"role"`
		TechnicalLevel   api.Optional[string] `json:"technical_level"`
		DeveloperPersona api.Optional[string] `json:"developer_persona"`
	}
	user, err := pathUser(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if body.Role.Set() && body.Role.Value != user.Role {
		switch {
		case !slices.Contains(organizationRoles, body.Role.Value):
			return nil, api.BadRequest("role", "Invalid value: %q. Supported values are: 'owner', 'reader'.", body.Role.Value)
		case user.IsSCIMManaged:
			return nil, api.BadRequest("role", "User %s is managed by SCIM.", user.ID)
		}
		if err := keepsAnOwner(r, user); err != nil {
			return nil, err
		}
		user.Role = body.Role.Value
	}
	replace(&user.TechnicalLevel, body.TechnicalLevel)
	replace(&user.DeveloperPersona, body.DeveloperPersona)
	if err := r.Tx.UpdateUser(user); err != nil {
		return nil, err
	}
	return newUserReply(user), r.Log("user.updated", api.Change{ID: user.ID, Requested: auditRole{body.Role.Value}})
}

// replace sets, clears or leaves a field as the request says.
func replace(field **string, with api.Optional[string]) {
	switch {
	case with.Null:
		*field = nil
	case with.Present:
		*field = &with.Value
	}
}

// keepsAnOwner refuses to demote or remove the last owner. Assumption: the
// documentation does not say, and an organization without owner is of no use.
func keepsAnOwner(r *api.Request, leaving store.User) error {
	if leaving.Role != "owner" {
		return nil
	}
	users, err := r.Tx.Users()
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.Role == "owner" && u.ID != leaving.ID {
			return nil
		}
	}
	return api.BadRequest("", "User %s is the last owner of the organization.", leaving.ID)
}

func removeUser(r *api.Request) (any, error) {
	user, err := pathUser(r)
	if err != nil {
		return nil, err
	}
	if user.IsSCIMManaged {
		return nil, api.BadRequest("", "User %s is managed by SCIM.", user.ID)
	}
	if err := keepsAnOwner(r, user); err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveUser(user.ID); err != nil {
		return nil, err
	}
	return api.Deleted{ID: user.ID, Object: "organization.user.deleted", Deleted: true}, r.Log("user.deleted", api.Change{ID: user.ID})
}
