package adminapi

import (
	"context"
	"net/http"
	"slices"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// Assignee is who can have roles: a user, who may be a service account, or a
// group, in the organization or in a project.
type Assignee struct {
	// Scope is the id of a project, or WholeOrganization.
	Scope string
	// Exactly one of UserID and GroupID is set.
	UserID, GroupID string
}

// AssignedRole is a role of a user or group.
type AssignedRole struct {
	Role
	// Sources are who was given the role: the roles of a user include those of
	// the user's groups. Empty when the answer does not say.
	Sources []AssignmentSource `json:"assignment_sources"`
}

// AssignmentSource is a user or a group that was given a role.
type AssignmentSource struct {
	PrincipalID   string `json:"principal_id"`
	PrincipalType string `json:"principal_type"`
}

// givenTo says whether the assignee has the role by itself and not only
// through a group.
func (r AssignedRole) givenTo(a Assignee) bool {
	return a.GroupID != "" || len(r.Sources) == 0 || slices.ContainsFunc(r.Sources, func(s AssignmentSource) bool {
		return s.PrincipalID == a.UserID || s.PrincipalType == "user"
	})
}

// assignment is the answer to an assignment.
type assignment struct {
	Role Role `json:"role"`
}

func (a assignment) complete() bool { return a.Role.complete() }

// failure drops the result of an SDK call, whose body the caller decodes.
func failure[T any](_ *T, err error) error { return err }

// assigneeKind says which service of the SDK has the roles of an assignee.
type assigneeKind int

const (
	ofUser assigneeKind = iota
	ofGroup
	ofProjectUser
	ofProjectGroup
)

// RoleAssignments are the roles that users and groups have.
type RoleAssignments struct {
	client        *Client
	users         openai.AdminOrganizationUserRoleService
	groups        openai.AdminOrganizationGroupRoleService
	projectUsers  openai.AdminOrganizationProjectUserRoleService
	projectGroups openai.AdminOrganizationProjectGroupRoleService
	shared        *cache.ByKey[Assignee, AssignedRole]
}

func newRoleAssignments(c *Client, organization openai.AdminOrganizationService) *RoleAssignments {
	r := &RoleAssignments{
		client:        c,
		users:         organization.Users.Roles,
		groups:        organization.Groups.Roles,
		projectUsers:  organization.Projects.Users.Roles,
		projectGroups: organization.Projects.Groups.Roles,
	}
	r.shared = cache.NewByKey(func(a Assignee) *cache.Collection[AssignedRole] {
		return newCollection(func(role AssignedRole) string { return BaseRole(role.ID) },
			nextPages[AssignedRole](c, transport.Read("list role assignments", a.rolesPath()), groupPageSize, func(ctx context.Context, opts ...option.RequestOption) error {
				switch a.kind() {
				case ofUser:
					return failure(r.users.List(ctx, a.UserID, openai.AdminOrganizationUserRoleListParams{}, opts...))
				case ofGroup:
					return failure(r.groups.List(ctx, a.GroupID, openai.AdminOrganizationGroupRoleListParams{}, opts...))
				case ofProjectUser:
					return failure(r.projectUsers.List(ctx, a.Scope, a.UserID, openai.AdminOrganizationProjectUserRoleListParams{}, opts...))
				default:
					return failure(r.projectGroups.List(ctx, a.Scope, a.GroupID, openai.AdminOrganizationProjectGroupRoleListParams{}, opts...))
				}
			}))
	})
	return r
}

func (a Assignee) kind() assigneeKind {
	switch {
	case a.Scope == WholeOrganization && a.GroupID == "":
		return ofUser
	case a.Scope == WholeOrganization:
		return ofGroup
	case a.GroupID == "":
		return ofProjectUser
	default:
		return ofProjectGroup
	}
}

func (a Assignee) rolesPath() string {
	switch a.kind() {
	case ofUser:
		return userPath + "/roles"
	case ofGroup:
		return groupPath + "/roles"
	case ofProjectUser:
		return projectAccessPath + "/users/{user_id}/roles"
	default:
		return projectAccessPath + "/groups/{group_id}/roles"
	}
}

// Assign gives a user or group a role. A role that exists already is a success, so
// that the request can be repeated.
func (r *RoleAssignments) Assign(ctx context.Context, a Assignee, role string) (*AssignedRole, error) {
	made, err := into[assignment](ctx, r.client, transport.Update("assign role", a.rolesPath()), func(ctx context.Context, opts ...option.RequestOption) error {
		switch a.kind() {
		case ofUser:
			return failure(r.users.New(ctx, a.UserID, openai.AdminOrganizationUserRoleNewParams{RoleID: role}, opts...))
		case ofGroup:
			return failure(r.groups.New(ctx, a.GroupID, openai.AdminOrganizationGroupRoleNewParams{RoleID: role}, opts...))
		case ofProjectUser:
			return failure(r.projectUsers.New(ctx, a.Scope, a.UserID, openai.AdminOrganizationProjectUserRoleNewParams{RoleID: role}, opts...))
		default:
			return failure(r.projectGroups.New(ctx, a.Scope, a.GroupID, openai.AdminOrganizationProjectGroupRoleNewParams{RoleID: role}, opts...))
		}
	})
	if alreadyExists(err) {
		return r.Get(ctx, a, role)
	}
	if err != nil {
		return nil, err
	}
	assigned := AssignedRole{Role: made.Role}
	r.shared.Of(a).Put(assigned)
	return &assigned, nil
}

// Get returns a role that was given to the assignee itself. One that a user
// has only through a group is not found.
func (r *RoleAssignments) Get(ctx context.Context, a Assignee, role string) (*AssignedRole, error) {
	assigned, err := r.shared.Of(a).Get(ctx, BaseRole(role), func(ctx context.Context) (*AssignedRole, error) {
		return into[AssignedRole](ctx, r.client, transport.Read("read role assignment", a.rolesPath()+"/{role_id}"), func(ctx context.Context, opts ...option.RequestOption) error {
			switch a.kind() {
			case ofUser:
				return failure(r.users.Get(ctx, a.UserID, role, opts...))
			case ofGroup:
				return failure(r.groups.Get(ctx, a.GroupID, role, opts...))
			case ofProjectUser:
				return failure(r.projectUsers.Get(ctx, a.Scope, a.UserID, role, opts...))
			default:
				return failure(r.projectGroups.Get(ctx, a.Scope, a.GroupID, role, opts...))
			}
		})
	})
	if err == nil && !assigned.givenTo(a) {
		return nil, &Error{Operation: "read role assignment", Status: http.StatusNotFound, Message: "the user has the role only through a group"}
	}
	return assigned, err
}

// List returns the roles that were given to the assignee itself.
func (r *RoleAssignments) List(ctx context.Context, a Assignee) ([]AssignedRole, error) {
	roles, err := r.shared.Of(a).All(ctx)
	return slices.DeleteFunc(roles, func(role AssignedRole) bool { return !role.givenTo(a) }), err
}

// Unassign removes a role from a user or group. A missing role is a success.
func (r *RoleAssignments) Unassign(ctx context.Context, a Assignee, role string) error {
	_, err := into[removal](ctx, r.client, transport.Remove("take role", a.rolesPath()+"/{role_id}"), func(ctx context.Context, opts ...option.RequestOption) error {
		switch a.kind() {
		case ofUser:
			return failure(r.users.Delete(ctx, a.UserID, role, opts...))
		case ofGroup:
			return failure(r.groups.Delete(ctx, a.GroupID, role, opts...))
		case ofProjectUser:
			return failure(r.projectUsers.Delete(ctx, a.Scope, a.UserID, role, opts...))
		default:
			return failure(r.projectGroups.Delete(ctx, a.Scope, a.GroupID, role, opts...))
		}
	})
	if err = ignoreNotFound(err); err == nil {
		r.shared.Of(a).Drop(BaseRole(role))
	}
	return err
}
