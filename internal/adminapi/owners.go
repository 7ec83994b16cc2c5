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

// ErrLastOwner says that nobody would be left who administers the organization.
var ErrLastOwner = errors.New("nobody else is an owner of the organization")

// owners are those whose ownership this process has ended. The list of members
// may show them as owners for longer.
type owners struct {
	ending wait.Locks
	former map[string]bool
}

// HasOwnerBeside says whether somebody else than this person, who has the id or
// the e-mail address, is an owner.
func (u *Users) HasOwnerBeside(ctx context.Context, id, email string) (bool, error) {
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
	if !hasOwner(users, func(user openai.OrganizationUser) bool { return user.ID == id || u.owners.former[user.ID] }) {
		return ErrLastOwner
	}
	if err := end(); err != nil {
		return err
	}
	if u.owners.former == nil {
		u.owners.former = map[string]bool{}
	}
	u.owners.former[id] = true
	return nil
}
