package contract_test

import (
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/pagination"
)

func (b *backend) access(t *testing.T, project string) {
	ctx := t.Context()
	users, err := b.sdk.Users.List(ctx, openai.AdminOrganizationUserListParams{})
	count(t, users.Data, err)
	user := users.Data[0].ID

	group := must[openai.Group](t)(b.sdk.Groups.New(ctx, openai.AdminOrganizationGroupNewParams{Name: "support"})).ID
	must[openai.Group](t)(b.sdk.Groups.Get(ctx, group))
	must[openai.AdminOrganizationGroupUpdateResponse](t)(b.sdk.Groups.Update(ctx, group, openai.AdminOrganizationGroupUpdateParams{Name: "help"}))
	must[pagination.NextCursorPage[openai.Group]](t)(b.sdk.Groups.List(ctx, openai.AdminOrganizationGroupListParams{Limit: openai.Int(1000)}))
	must[openai.AdminOrganizationGroupUserNewResponse](t)(b.sdk.Groups.Users.New(ctx, group, openai.AdminOrganizationGroupUserNewParams{UserID: user}))
	must[openai.AdminOrganizationGroupUserGetResponse](t)(b.sdk.Groups.Users.Get(ctx, group, user))
	must[pagination.NextCursorPage[openai.OrganizationGroupUser]](t)(b.sdk.Groups.Users.List(ctx, group, openai.AdminOrganizationGroupUserListParams{}))

	role := must[openai.Role](t)(b.sdk.Roles.New(ctx, openai.AdminOrganizationRoleNewParams{RoleName: "auditor", Permissions: []string{"api.groups.read"}})).ID
	must[openai.Role](t)(b.sdk.Roles.Get(ctx, role))
	must[openai.Role](t)(b.sdk.Roles.Update(ctx, role, openai.AdminOrganizationRoleUpdateParams{Permissions: []string{}}))
	must[pagination.NextCursorPage[openai.Role]](t)(b.sdk.Roles.List(ctx, openai.AdminOrganizationRoleListParams{}))
	own := must[openai.Role](t)(b.sdk.Projects.Roles.New(ctx, project, openai.AdminOrganizationProjectRoleNewParams{RoleName: "caller", Permissions: []string{}})).ID
	must[openai.Role](t)(b.sdk.Projects.Roles.Get(ctx, project, own))
	must[openai.Role](t)(b.sdk.Projects.Roles.Update(ctx, project, own, openai.AdminOrganizationProjectRoleUpdateParams{Description: openai.String("calls")}))
	must[pagination.NextCursorPage[openai.Role]](t)(b.sdk.Projects.Roles.List(ctx, project, openai.AdminOrganizationProjectRoleListParams{}))

	const member = "role-api-project-member"
	must[openai.ProjectGroup](t)(b.sdk.Projects.Groups.New(ctx, project, openai.AdminOrganizationProjectGroupNewParams{GroupID: group, Role: member}))
	must[openai.ProjectGroup](t)(b.sdk.Projects.Groups.Get(ctx, project, group, openai.AdminOrganizationProjectGroupGetParams{}))
	must[pagination.NextCursorPage[openai.ProjectGroup]](t)(b.sdk.Projects.Groups.List(ctx, project, openai.AdminOrganizationProjectGroupListParams{}))

	// An assignment for each sort of assignee, all with the same calls.
	groups, people := b.sdk.Groups.Roles, b.sdk.Users.Roles
	must[openai.AdminOrganizationGroupRoleNewResponse](t)(groups.New(ctx, group, openai.AdminOrganizationGroupRoleNewParams{RoleID: role}))
	must[openai.AdminOrganizationGroupRoleGetResponse](t)(groups.Get(ctx, group, role))
	must[pagination.NextCursorPage[openai.AdminOrganizationGroupRoleListResponse]](t)(groups.List(ctx, group, openai.AdminOrganizationGroupRoleListParams{}))
	must[openai.AdminOrganizationUserRoleNewResponse](t)(people.New(ctx, user, openai.AdminOrganizationUserRoleNewParams{RoleID: role}))
	must[openai.AdminOrganizationUserRoleGetResponse](t)(people.Get(ctx, user, role))
	must[pagination.NextCursorPage[openai.AdminOrganizationUserRoleListResponse]](t)(people.List(ctx, user, openai.AdminOrganizationUserRoleListParams{}))
	projectGroups, projectPeople := b.sdk.Projects.Groups.Roles, b.sdk.Projects.Users.Roles
	must[openai.AdminOrganizationProjectGroupRoleNewResponse](t)(projectGroups.New(ctx, project, group, openai.AdminOrganizationProjectGroupRoleNewParams{RoleID: own}))
	must[openai.AdminOrganizationProjectGroupRoleGetResponse](t)(projectGroups.Get(ctx, project, group, member))
	must[pagination.NextCursorPage[openai.AdminOrganizationProjectGroupRoleListResponse]](t)(projectGroups.List(ctx, project, group, openai.AdminOrganizationProjectGroupRoleListParams{}))
	must[openai.AdminOrganizationProjectUserRoleNewResponse](t)(projectPeople.New(ctx, project, user, openai.AdminOrganizationProjectUserRoleNewParams{RoleID: own}))
	must[openai.AdminOrganizationProjectUserRoleGetResponse](t)(projectPeople.Get(ctx, project, user, own))
	must[pagination.NextCursorPage[openai.AdminOrganizationProjectUserRoleListResponse]](t)(projectPeople.List(ctx, project, user, openai.AdminOrganizationProjectUserRoleListParams{}))

	must[openai.AdminOrganizationGroupRoleDeleteResponse](t)(groups.Delete(ctx, group, role))
	must[openai.AdminOrganizationUserRoleDeleteResponse](t)(people.Delete(ctx, user, role))
	must[openai.AdminOrganizationProjectGroupRoleDeleteResponse](t)(projectGroups.Delete(ctx, project, group, own))
	must[openai.AdminOrganizationProjectUserRoleDeleteResponse](t)(projectPeople.Delete(ctx, project, user, own))
	must[openai.AdminOrganizationProjectGroupDeleteResponse](t)(b.sdk.Projects.Groups.Delete(ctx, project, group))
	must[openai.AdminOrganizationProjectRoleDeleteResponse](t)(b.sdk.Projects.Roles.Delete(ctx, project, own))
	must[openai.AdminOrganizationRoleDeleteResponse](t)(b.sdk.Roles.Delete(ctx, role))
	must[openai.AdminOrganizationGroupUserDeleteResponse](t)(b.sdk.Groups.Users.Delete(ctx, group, user))
	must[openai.AdminOrganizationGroupDeleteResponse](t)(b.sdk.Groups.Delete(ctx, group))
}

// The SDK's pager walks a list with cursors that are not ids.
func TestTheSDKFollowsCursors(t *testing.T) {
	b := start(t)
	for range 23 {
		must[openai.Group](t)(b.sdk.Groups.New(t.Context(), openai.AdminOrganizationGroupNewParams{Name: "g"}))
	}
	seen := map[string]bool{}
	pager := b.sdk.Groups.ListAutoPaging(t.Context(), openai.AdminOrganizationGroupListParams{Limit: openai.Int(10)})
	for pager.Next() {
		seen[pager.Current().ID] = true
	}
	if err := pager.Err(); err != nil || len(seen) != 23 {
		t.Errorf("%d groups, %v", len(seen), err)
	}
}
