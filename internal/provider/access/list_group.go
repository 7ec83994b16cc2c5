package access

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*groupList)(nil)

type groupList struct{ groupResource }

func newGroupList() list.ListResource { return &groupList{} }

func (l *groupList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The groups of the organisation, those that the identity provider manages through SCIM left aside, which cannot be managed here.")
}

func (l *groupList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	managed := func(ctx context.Context) ([]adminapi.Group, error) { return manageableGroups(ctx, l.Client) }
	tfkit.ListOrganization(ctx, req, stream, "the groups", managed, func(group *adminapi.Group, _ *diag.Diagnostics) *tfkit.Listed {
		m := newGroupModel(group)
		return &tfkit.Listed{Name: group.Name, Model: m, Identity: m.identity()}
	})
}

// manageableGroups are the groups that can be changed here.
func manageableGroups(ctx context.Context, client *adminapi.Client) ([]adminapi.Group, error) {
	groups, err := client.Groups.List(ctx)
	return slices.DeleteFunc(groups, func(group adminapi.Group) bool { return group.SCIMManaged }), err
}
