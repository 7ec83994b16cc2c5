package adminapi

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	organizationRolesPath = "/organization/roles"
	// Unlike everything else of projects, their roles are not below
	// /organization.
	projectAccessPath = "/projects/{project_id}"
	projectRolesPath  = projectAccessPath + "/roles"
)

// Role is a role of the organization or of a project.
type Role struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description *string  `json:"description"`
	Permissions []string `json:"permissions"`
	// Predefined roles are OpenAI's and cannot be changed.
	Predefined bool `json:"predefined_role"`
	// ResourceType is api.organization or api.project.
	ResourceType *string `json:"resource_type"`
}

func (r Role) complete() bool { return validID(r.ID) && r.Name != "" && r.Permissions != nil }

// description is empty where there is none.
func (r Role) description() string {
	if r.Description == nil {
		return ""
	}
	return *r.Description
}

// BaseRole cuts off the scope that the API adds to the id of a role:
// role-api-project-owner__api-project__proj_1 is role-api-project-owner.
func BaseRole(id string) string {
	base, _, _ := strings.Cut(id, "__api-")
	return base
}

// SameRole says whether two ids mean the same role.
func SameRole(a, b string) bool { return BaseRole(a) == BaseRole(b) }

// Roles are the roles of the organization and of its projects.
type Roles struct {
	client       *Client
	organization openai.AdminOrganizationRoleService
	project      openai.AdminOrganizationProjectRoleService
	shared       *cache.ByParent[Role]
}

func newRoles(c *Client, organization openai.AdminOrganizationRoleService, project openai.AdminOrganizationProjectRoleService) *Roles {
	r := &Roles{client: c, organization: organization, project: project}
	r.shared = cache.NewByParent(func(scope string) *cache.Collection[Role] {
		return newCollection(func(role Role) string { return BaseRole(role.ID) }, r.page(scope))
	})
	listsAhead(c, r.list(projectParameter), r.shared)
	return r
}

func (r *Roles) list(scope string) transport.Operation {
	return transport.Read("list roles", rolesPath(scope))
}

func rolesPath(scope string) string {
	if scope == WholeOrganization {
		return organizationRolesPath
	}
	return projectRolesPath
}

func rolePath(scope string) string { return rolesPath(scope) + "/{role_id}" }

func (r *Roles) page(scope string) func(ctx context.Context, after string) (cache.Page[Role], error) {
	return nextPages[Role](r.client, r.list(scope), groupPageSize, func(ctx context.Context, opts ...option.RequestOption) (err error) {
		if scope == WholeOrganization {
			_, err = r.organization.List(ctx, openai.AdminOrganizationRoleListParams{}, opts...)
		} else {
			_, err = r.project.List(ctx, scope, openai.AdminOrganizationProjectRoleListParams{}, opts...)
		}
		return err
	})
}

// Create creates a custom role. When the name is in use, the error says which
// role has it.
func (r *Roles) Create(ctx context.Context, scope string, want Role) (*Role, error) {
	creation := r.creation(scope, want)
	created, err := creation.run(ctx, r.client)
	if e, ok := errors.AsType[*Error](err); ok && alreadyExists(err) {
		roles, _ := r.shared.Of(scope).Reread(ctx, r.client.clock.Now, r.client.clock.Now())
		for _, role := range roles {
			if sameName(role.Name, want.Name) && !role.Predefined {
				e.LostAnswer = &LostAnswer{Object: creation.object, Parent: creation.parent, Exists: true, Found: []FoundObject{{ID: role.ID}}}
			}
		}
	}
	return created, err
}

func (r *Roles) creation(scope string, want Role) creation[Role, Role] {
	shared := r.shared.Of(scope)
	object, parent := "project_role", scope+"/"
	if scope == WholeOrganization {
		object, parent = "role", ""
	}
	return creation[Role, Role]{
		operation: "create role",
		object:    object,
		parent:    parent,
		alike:     scope + "/" + want.Name,
		send: func(ctx context.Context) (*Role, error) {
			return into[Role](ctx, r.client, transport.Create("create role", rolesPath(scope)), func(ctx context.Context, opts ...option.RequestOption) (err error) {
				if scope == WholeOrganization {
					_, err = r.organization.New(ctx, openai.AdminOrganizationRoleNewParams{
						RoleName: want.Name, Permissions: want.Permissions, Description: optional(want.Description),
					}, opts...)
				} else {
					_, err = r.project.New(ctx, scope, openai.AdminOrganizationProjectRoleNewParams{
						RoleName: want.Name, Permissions: want.Permissions, Description: optional(want.Description),
					}, opts...)
				}
				return err
			})
		},
		record: func(role Role) {
			r.client.recent.Add(role.ID)
			shared.Put(role)
		},
		// Roles have no creation time, so a role of others cannot be distinguished from
		// ours.
		list: shared,
		equal: func(role Role) bool {
			return sameName(role.Name, want.Name) && !role.Predefined && role.description() == want.description() &&
				slices.Equal(slices.Sorted(slices.Values(role.Permissions)), slices.Sorted(slices.Values(want.Permissions)))
		},
	}
}

// Get returns a role of a scope.
func (r *Roles) Get(ctx context.Context, scope, id string) (*Role, error) {
	return r.shared.Of(scope).Get(ctx, BaseRole(id), func(ctx context.Context) (*Role, error) {
		return into[Role](ctx, r.client, transport.Read("read role", rolePath(scope)), func(ctx context.Context, opts ...option.RequestOption) (err error) {
			if scope == WholeOrganization {
				_, err = r.organization.Get(ctx, id, opts...)
			} else {
				_, err = r.project.Get(ctx, scope, id, opts...)
			}
			return err
		})
	})
}

// List returns the roles of a scope.
func (r *Roles) List(ctx context.Context, scope string) ([]Role, error) {
	return r.shared.Of(scope).All(ctx)
}

// Update sets name, permissions and description of a custom role.
func (r *Roles) Update(ctx context.Context, scope string, want Role) (*Role, error) {
	description := param.Null[string]()
	if want.Description != nil {
		description = openai.String(*want.Description)
	}
	updated, err := into[Role](ctx, r.client, transport.Update("update role", rolePath(scope)), func(ctx context.Context, opts ...option.RequestOption) (err error) {
		if scope == WholeOrganization {
			_, err = r.organization.Update(ctx, want.ID, openai.AdminOrganizationRoleUpdateParams{
				RoleName: openai.String(want.Name), Permissions: want.Permissions, Description: description,
			}, opts...)
		} else {
			_, err = r.project.Update(ctx, scope, want.ID, openai.AdminOrganizationProjectRoleUpdateParams{
				RoleName: openai.String(want.Name), Permissions: want.Permissions, Description: description,
			}, opts...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	r.shared.Of(scope).Put(*updated)
	return updated, nil
}

// Delete removes a custom role, and takes it from all who have it. One that is
// not there, or whose project is archived, is a success.
func (r *Roles) Delete(ctx context.Context, scope, id string) error {
	return deleteListed(ctx, r.client, r.shared.Of(scope), BaseRole(id), transport.Remove("remove role", rolePath(scope)),
		func(ctx context.Context, opts ...option.RequestOption) (*removal, error) {
			if scope == WholeOrganization {
				return removed(r.organization.Delete(ctx, id, opts...))
			}
			return removed(r.project.Delete(ctx, scope, id, opts...))
		})
}
