package adminapi

import (
	"context"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	projectUsersPath = projectPath + "/users"
	projectUserPath  = projectUsersPath + "/{user_id}"
)

// ProjectUsers are the members of projects.
type ProjectUsers struct {
	client *Client
	sdk    openai.AdminOrganizationProjectUserService
	shared *cache.ByParent[openai.ProjectUser]
}

func newProjectUsers(c *Client, sdk openai.AdminOrganizationProjectUserService) *ProjectUsers {
	return &ProjectUsers{client: c, sdk: sdk, shared: lastIDLists(c, transport.Read("list project users", projectUsersPath), pageSize,
		func(user openai.ProjectUser) string { return user.ID },
		func(ctx context.Context, projectID string, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.ProjectUser], error) {
			return sdk.List(ctx, projectID, openai.AdminOrganizationProjectUserListParams{}, opts...)
		})}
}

// Add makes a member of the organization a member of a project, named by user
// id or e-mail address. One who is in the project already is adopted with
// the requested role.
func (u *ProjectUsers) Add(ctx context.Context, projectID string, params openai.AdminOrganizationProjectUserNewParams) (*openai.ProjectUser, error) {
	shared := u.shared.Of(projectID)
	want := func(user openai.ProjectUser) bool {
		if params.UserID.Valid() {
			return user.ID == params.UserID.Value
		}
		return strings.EqualFold(user.Email, params.Email.Value)
	}
	added, err := addOnce(ctx, u.client, func(ctx context.Context) (*openai.ProjectUser, error) {
		user, err := call(ctx, u.client, transport.Create("add project user", projectUsersPath),
			func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectUser, error) {
				return u.sdk.New(ctx, projectID, params, opts...)
			})
		if err == nil {
			u.client.ChangeLog.wrote(user.ID, UserAdded)
		}
		return user, err
	}, shared, want)
	if err != nil {
		return nil, err
	}
	u.client.recent.Add(added.ID)
	shared.Put(*added)
	if err := u.findMemberRole(ctx, projectID, added); err != nil {
		return nil, err
	}
	if added.Role != params.Role {
		updated, err := u.Update(ctx, projectID, added.ID, params.Role)
		if err != nil {
			return added, err
		}
		return updated, nil
	}
	return added, nil
}

// Get returns a member of a project.
func (u *ProjectUsers) Get(ctx context.Context, projectID, userID string) (*openai.ProjectUser, error) {
	user, err := getListed(ctx, u.client, u.shared.Of(projectID), userID, transport.Read("read project user", projectUserPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectUser, error) {
			return u.sdk.Get(ctx, projectID, userID, opts...)
		})
	if err != nil {
		return nil, err
	}
	return user, u.findMemberRole(ctx, projectID, user)
}

// memberRoles are the roles that a user can have as a member of a project, by
// the predefined role of each.
var memberRoles = map[string]string{"role-api-project-member": "member", "role-api-project-owner": RoleOwner}

func isMemberRole(role string) bool { return role == "member" || role == RoleOwner }

// findMemberRole replaces the name of a custom role, which the API may show in
// place of owner or member, by the role that the user has as a member.
func (u *ProjectUsers) findMemberRole(ctx context.Context, projectID string, user *openai.ProjectUser) error {
	if isMemberRole(user.Role) {
		return nil
	}
	assigned, err := u.client.RoleAssignments.List(ctx, Assignee{Scope: projectID, UserID: user.ID})
	for _, role := range assigned {
		if member, ok := memberRoles[BaseRole(role.ID)]; ok {
			user.Role = member
		}
	}
	return err
}

// List returns the members of a project.
func (u *ProjectUsers) List(ctx context.Context, projectID string) ([]openai.ProjectUser, error) {
	users, err := u.shared.Of(projectID).All(ctx)
	for i := range users {
		if err == nil {
			err = u.findMemberRole(ctx, projectID, &users[i])
		}
	}
	return users, err
}

// Update gives a member of a project another role.
func (u *ProjectUsers) Update(ctx context.Context, projectID, userID, role string) (*openai.ProjectUser, error) {
	user, err := updateLogged(ctx, u.client, u.shared.Of(projectID), userID, UserUpdated, transport.Update("update project user", projectUserPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectUser, error) {
			return u.sdk.Update(ctx, projectID, userID, openai.AdminOrganizationProjectUserUpdateParams{Role: openai.String(role)}, opts...)
		})
	if err == nil && !isMemberRole(user.Role) {
		user.Role = role // a custom role, which stays in place
	}
	return user, err
}

// Delete takes a member out of a project. One who is not there, or a project
// that is archived, is a success.
func (u *ProjectUsers) Delete(ctx context.Context, projectID, userID string) error {
	return deleteListed(ctx, u.client, u.shared.Of(projectID), userID, transport.Remove("remove project user", projectUserPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationProjectUserDeleteResponse, error) {
			return u.sdk.Delete(ctx, projectID, userID, opts...)
		})
}
