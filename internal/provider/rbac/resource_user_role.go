package rbac

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type userRoleModel struct {
	UserID types.String `tfsdk:"user_id"`
	assignmentModel
}

func (m *userRoleModel) assignee() adminapi.Assignee {
	return adminapi.Assignee{Scope: adminapi.WholeOrganization, UserID: m.UserID.ValueString()}
}

// isOwner reports whether the role administers the organization.
func (m *userRoleModel) isOwner() bool {
	return adminapi.SameRole(m.RoleID.ValueString(), adminapi.OrganizationOwnerRole)
}

func userRole() lifecycle.Setting[*userRoleModel] {
	return assignment(lifecycle.Core[*userRoleModel]{
		Type:     "user_role",
		Schema:   userRoleSchema,
		Identity: []lifecycle.Identifier{byUser, byRole},
		Legacy: lifecycle.Foreign{
			Except: []string{lifecycle.Jianyuan, lifecycle.Mkdev},
			Needs: map[string]string{"role_id": "The state has no role_id. An openai_user_role of jianyuan/openai, with the role by name, is openai_organization_user here. " +
				"Configure that resource instead, and move the state to it with a moved block."},
			Types: []lifecycle.ForeignType{{Provider: lifecycle.Mkdev, Type: "openai_organization_user_role"}},
		},
		Plan:   planUserRole,
		Delete: unassignUserRole,
		List: lifecycle.ListWithin("The custom organization roles of users and service accounts, without roles of their groups. This takes one request for each of them. `openai_organization_member` has their predefined roles.",
			"the roles of the users",
			func(ctx context.Context, client *adminapi.Client) ([]openai.OrganizationUser, error) {
				return client.Users.List(ctx)
			},
			func(ctx context.Context, client *adminapi.Client, user *openai.OrganizationUser) ([]adminapi.AssignedRole, error) {
				return customAssignments(ctx, client, adminapi.Assignee{Scope: adminapi.WholeOrganization, UserID: user.ID})
			},
			func(ctx context.Context, user *openai.OrganizationUser, role *adminapi.AssignedRole, diags *diag.Diagnostics) (string, *userRoleModel) {
				return role.Name + " of " + cmp.Or(user.Email, user.Name, user.ID), &userRoleModel{types.StringValue(user.ID), listedAssignment(ctx, role, diags)}
			}),
	}, "/organization/users/{user_id}/roles")
}

func userRoleSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A role of a user in the organization, in addition to the roles of the user's groups. Creating the resource adopts a role that the user has already; the plan shows it. Other roles of the user do not change. A role that the user has only through a group does not count.\n\n" +
			"The owner role cannot be removed from the last owner: the only person with the role `owner` in `openai_organization_users`. " +
			"If the identity provider manages a user through SCIM, the user's predefined roles can be imported and read. The plan fails if it would assign or remove one.",
		Attributes: assignmentAttributes("Id of the role of the organization: a custom one (`role_…`, see `openai_role`), or `role-api-organization-owner` or `role-api-organization-reader`.", map[string]schema.Attribute{
			"user_id": tfkit.ParentID("Id of the user (`user-…`) or of the service account."),
		}),
	}
}

// planUserRole refuses to remove the role of the last owner, and to change a
// predefined role of a user that the identity provider manages.
func planUserRole(ctx context.Context, call *lifecycle.Call[*userRoleModel]) {
	if call.Client == nil || call.PlansNoChange() {
		return
	}
	if call.HasState() {
		refuseManagedRole(ctx, call.Client, call.State, call.Diags)
		if call.State.isOwner() && !call.Diags.HasError() {
			tfkit.ProtectLastOwner(ctx, call.Client, call.State.UserID.ValueString(), "", call.Diags)
		}
	}
	if call.HasPlan() && !call.Diags.HasError() {
		refuseManagedRole(ctx, call.Client, call.Plan, call.Diags)
	}
}

// predefinedRolePrefix begins the ids of the roles owner and reader, which
// openai_organization_user assigns.
const predefinedRolePrefix = "role-api-organization-"

// refuseManagedRole refuses to give or to take a predefined role where the identity
// provider manages the person.
func refuseManagedRole(ctx context.Context, client *adminapi.Client, m *userRoleModel, diags *diag.Diagnostics) {
	id := m.UserID.ValueString()
	if id == "" || !strings.HasPrefix(m.RoleID.ValueString(), predefinedRolePrefix) {
		return
	}
	user, err := client.Users.Get(ctx, id)
	if err != nil {
		return // a service account, or the API refuses it at apply
	}
	tfkit.RefuseSCIM(user.Email, user.IsScimManaged, diags)
}

// unassignUserRole takes the role away, except that of the last owner.
func unassignUserRole(ctx context.Context, call *lifecycle.Call[*userRoleModel]) error {
	m := call.State
	unassign := func() error {
		return call.Client.RoleAssignments.Unassign(ctx, m.assignee(), m.RoleID.ValueString())
	}
	if !m.isOwner() {
		return unassign()
	}
	err := call.Client.Users.EndOwnership(ctx, m.UserID.ValueString(), unassign)
	if errors.Is(err, adminapi.ErrLastOwner) {
		tfkit.AddLastOwner(call.Diags, m.UserID.ValueString())
		return nil
	}
	return err
}
