package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	projectGroupsPath = projectPath + "/groups"
	projectGroupPath  = projectGroupsPath + "/{group_id}"
)

// ProjectGroup is a group that works in a project.
type ProjectGroup struct {
	GroupID string  `json:"group_id"`
	Name    *string `json:"group_name"`
	// Type is group or tenant_group.
	Type      *string `json:"group_type"`
	CreatedAt *int64  `json:"created_at"`
}

func (g ProjectGroup) complete() bool { return validID(g.GroupID) }

// ProjectGroups are the groups of projects.
type ProjectGroups struct {
	client *Client
	sdk    openai.AdminOrganizationProjectGroupService
	shared *cache.ByParent[ProjectGroup]
}

func newProjectGroups(c *Client, sdk openai.AdminOrganizationProjectGroupService) *ProjectGroups {
	return &ProjectGroups{client: c, sdk: sdk, shared: nextLists(c, transport.Read("list project groups", projectGroupsPath), pageSize,
		func(group ProjectGroup) string { return group.GroupID },
		func(ctx context.Context, projectID string, opts ...option.RequestOption) error {
			return failure(sdk.List(ctx, projectID, openai.AdminOrganizationProjectGroupListParams{}, opts...))
		})}
}

// Add brings a group into a project with a role of the project. A group that
// is there already is given the role.
func (g *ProjectGroups) Add(ctx context.Context, projectID, groupID, role string) (*ProjectGroup, error) {
	added, err := into[ProjectGroup](ctx, g.client, transport.Update("add project group", projectGroupsPath), func(ctx context.Context, opts ...option.RequestOption) error {
		return failure(g.sdk.New(ctx, projectID, openai.AdminOrganizationProjectGroupNewParams{GroupID: groupID, Role: role}, opts...))
	})
	if alreadyExists(err) {
		if _, err := g.client.RoleAssignments.Assign(ctx, Assignee{Scope: projectID, GroupID: groupID}, role); err != nil {
			return nil, err
		}
		return g.Get(ctx, projectID, groupID)
	}
	if err != nil {
		return nil, err
	}
	g.client.recent.Add(groupID)
	g.shared.Of(projectID).Put(*added)
	return added, nil
}

// Get returns a group of a project.
func (g *ProjectGroups) Get(ctx context.Context, projectID, groupID string) (*ProjectGroup, error) {
	return g.shared.Of(projectID).Get(ctx, groupID, func(ctx context.Context) (*ProjectGroup, error) {
		group, err := g.read(ctx, projectID, groupID, "")
		if IsNotFound(err) {
			// Groups that several organizations share are found only when they
			// are asked for.
			return g.read(ctx, projectID, groupID, openai.AdminOrganizationProjectGroupGetParamsGroupTypeTenantGroup)
		}
		return group, err
	})
}

func (g *ProjectGroups) read(ctx context.Context, projectID, groupID string, kind openai.AdminOrganizationProjectGroupGetParamsGroupType) (*ProjectGroup, error) {
	return into[ProjectGroup](ctx, g.client, transport.Read("read project group", projectGroupPath), func(ctx context.Context, opts ...option.RequestOption) error {
		return failure(g.sdk.Get(ctx, projectID, groupID, openai.AdminOrganizationProjectGroupGetParams{GroupType: kind}, opts...))
	})
}

// List returns the groups of a project.
func (g *ProjectGroups) List(ctx context.Context, projectID string) ([]ProjectGroup, error) {
	return g.shared.Of(projectID).All(ctx)
}

// Delete takes a group out of a project, with the roles that it has there. One
// that is not there, or whose project is archived, is a success.
func (g *ProjectGroups) Delete(ctx context.Context, projectID, groupID string) error {
	return deleteListed(ctx, g.client, g.shared.Of(projectID), groupID, transport.Remove("remove project group", projectGroupPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationProjectGroupDeleteResponse, error) {
			return g.sdk.Delete(ctx, projectID, groupID, opts...)
		})
}
