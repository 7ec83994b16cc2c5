package rbac

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

func role() lifecycle.Object[*roleModel] {
	return customRole(lifecycle.Core[*roleModel]{
		Type:     "role",
		Schema:   roleSchema,
		Identity: []lifecycle.Identifier{byRole},
		Paths: func(object lifecycle.Values) lifecycle.Paths {
			return lifecycle.Named(roleBelow("/organization/roles", object, "role_id"))
		},
		Legacy: lifecycle.Foreign{
			Type:  "openai_role",
			Names: map[string][]string{"role_name": {"name"}, "role_id": {"id"}},
			Types: []lifecycle.ForeignType{{Provider: lifecycle.Jianyuan, Type: "openai_organization_role"}, {Provider: lifecycle.Mkdev, Type: "openai_organization_role"}},
		},
		List: lifecycle.ListOrganization("The custom roles of the organization. Predefined roles cannot be managed and are not listed.", "the roles",
			func(ctx context.Context, client *adminapi.Client) ([]adminapi.Role, error) {
				return customRoles(ctx, client, adminapi.WholeOrganization)
			},
			func(ctx context.Context, role *adminapi.Role, diags *diag.Diagnostics) (string, *roleModel) {
				var m roleModel
				m.flatten(ctx, role, diags)
				return role.Name, &m
			}),
	}, func(m *roleModel) (*roleModel, string, bool) { return m, adminapi.WholeOrganization, true })
}

func roleSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A custom role of the organization: a set of permissions. Assign it with `openai_user_role` and `openai_group_role`.\n\n" +
			"Destroying the resource removes the role, also from the users and groups that have it. The predefined roles `role-api-organization-owner` and `role-api-organization-reader` need no resource.",
		Attributes: roleAttributes(nil),
	}
}
