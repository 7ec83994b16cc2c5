package rbac

import (
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// listedUserReply is a member as the list shows it.
type listedUserReply struct {
	ID    string  `json:"id"`
	Email *string `json:"email"`
	Name  string  `json:"name"`
}

type groupUserReply struct {
	listedUserReply
	Picture          *string `json:"picture"`
	IsServiceAccount bool    `json:"is_service_account"`
	UserType         string  `json:"user_type"`
}

func newListedUserReply(u store.GroupUser) listedUserReply {
	return listedUserReply{ID: u.UserID, Email: u.Email, Name: u.Name}
}

// addedUserReply is the answer to an addition.
type addedUserReply struct {
	Object  string `json:"object"`
	GroupID string `json:"group_id"`
	UserID  string `json:"user_id"`
}

func listGroupUsers(r *api.Request) (any, error) {
	group, err := pathGroup(r)
	if err != nil {
		return nil, err
	}
	users, err := r.Tx.GroupUsers(group.ID)
	if err != nil {
		return nil, err
	}
	replies := make([]listedUserReply, len(users))
	for i, u := range users {
		replies[i] = newListedUserReply(u)
	}
	return api.PaginateNext(r, replies, func(u listedUserReply) string { return u.ID }, hundredOfThousand, "desc")
}

// addGroupUser accepts a user who is in the group already.
// Assumption A-22.
func addGroupUser(r *api.Request) (any, error) {
	var body struct {
		UserID string `json:"user_id"`
	}
	group, err := pathGroup(r)
	if err != nil {
		return nil, err
	}
	if err := changeable(r, group); err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if body.UserID == "" {
		return nil, api.BadRequest("user_id", "Missing required parameter: 'user_id'.")
	}
	user, err := findAccount(r, body.UserID)
	if err != nil {
		return nil, err
	}
	if _, err := r.Tx.GroupUser(group.ID, user.id); err == nil && r.Behavior.RefusesRepeats {
		return nil, api.BadRequest("user_id", "User %s already exists in group %s.", user.id, group.ID)
	}
	if err := r.Tx.AddGroupUser(group.ID, user.id); err != nil {
		return nil, err
	}
	// Assumption: the log knows nothing of memberships, only of groups.
	return addedUserReply{"group.user", group.ID, user.id}, r.Log("group.updated", api.Change{ID: group.ID})
}

func pathGroupUser(r *api.Request) (store.Group, store.GroupUser, error) {
	group, err := pathGroup(r)
	if err != nil {
		return group, store.GroupUser{}, err
	}
	id := r.PathValue("user_id")
	user, err := r.Tx.GroupUser(group.ID, id)
	return group, user, api.Or(err, api.NotFound("group user", id))
}

func getGroupUser(r *api.Request) (any, error) {
	_, user, err := pathGroupUser(r)
	return groupUserReply{listedUserReply: newListedUserReply(user), IsServiceAccount: user.IsServiceAccount, UserType: "user"}, err
}

func removeGroupUser(r *api.Request) (any, error) {
	group, user, err := pathGroupUser(r)
	if err != nil {
		return nil, err
	}
	if err := changeable(r, group); err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveGroupUser(group.ID, user.UserID); err != nil {
		return nil, err
	}
	return api.Deleted{Object: "group.user.deleted", Deleted: true}, r.Log("group.updated", api.Change{ID: group.ID})
}
