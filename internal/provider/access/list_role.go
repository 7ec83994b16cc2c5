package access

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*roleList)(nil)

type roleList struct{ roleResource }

func newRoleList() list.ListResource { return &roleList{} }

func (l *roleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The custom roles of the organisation. Predefined roles cannot be managed, and are not listed.")
}

func (l *roleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	custom := func(ctx context.Context) ([]adminapi.Role, error) {
		return customRoles(ctx, l.Client, adminapi.WholeOrganization)
	}
	tfkit.ListOrganization(ctx, req, stream, "the roles", custom, func(role *adminapi.Role, diags *diag.Diagnostics) *tfkit.Listed {
		var m roleModel
		m.take(ctx, role, diags)
		return &tfkit.Listed{Name: role.Name, Model: m, Identity: m.identity()}
	})
}

// customRoles are the roles of a scope that OpenAI does not define.
func customRoles(ctx context.Context, client *adminapi.Client, scope string) ([]adminapi.Role, error) {
	roles, err := client.Roles.List(ctx, scope)
	return slices.DeleteFunc(roles, func(role adminapi.Role) bool { return role.Predefined }), err
}
