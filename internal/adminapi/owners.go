package adminapi

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"

	"github.com/openai/openai-go/v3"
)

// OrganizationOwnerRole is the predefined role by which a user or a group
// administers the organization.
const OrganizationOwnerRole = "role-api-organization-owner"

// ErrLastOwner says that the organization would have no owner.
var ErrLastOwner = errors.New("the organization has no other owner")

// owners are those whose ownership this process has ended. The list of members
// may show them as owners for longer.
type owners struct {
	ending   wait.Locks
	previous map[string]bool
}

// HasOtherOwner reports whether the organization has an owner other than this
// person, who has the id or the e-mail address.
func (u *Users) HasOtherOwner(ctx context.Context, id, email string) (bool, error) {
	users, err := u.List(ctx)
	return hasOwner(users, func(user openai.OrganizationUser) bool {
		return user.ID == id || email != "" && strings.EqualFold(user.Email, email)
	}), err
}

func hasOwner(users []openai.OrganizationUser, leaves func(openai.OrganizationUser) bool) bool {
	return slices.ContainsFunc(users, func(user openai.OrganizationUser) bool { return user.Role == RoleOwner && !leaves(user) })
}

// EndOwnership calls end, which takes the role of an owner from a user, unless
// no other owner would be left. It does so for one after the other, so that two
// do not rely on each other.
func (u *Users) EndOwnership(ctx context.Context, id string, end func() error) error {
	unlock, err := u.owners.ending.Lock(ctx, "", "another change of an owner of the organization")
	if err != nil {
		return err
	}
	defer unlock()
	users, err := u.List(ctx)
	if err != nil {
		return err
	}
	if !hasOwner(users, func(user openai.OrganizationUser) bool { return user.ID == id || u.owners.previous[user.ID] }) {
		return ErrLastOwner
	}
	if err := end(); err != nil {
		return err
	}
	if u.owners.previous == nil {
		u.owners.previous = map[string]bool{}
	}
	u.owners.previous[id] = true
	return nil
}
