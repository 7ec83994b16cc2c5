package rbac

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func group() lifecycle.Object[*groupModel] {
	return lifecycle.Object[*groupModel]{
		Core: lifecycle.Core[*groupModel]{
			Type:     "group",
			Schema:   groupSchema,
			Identity: []lifecycle.Identifier{{Name: "id", Description: "Id of the group."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/groups/{id}"))
			},
			Label:  (*groupModel).label,
			Legacy: lifecycle.Foreign{Type: "openai_group"},
			Plan:   planGroup,
			Read:   readGroup,
			Delete: func(ctx context.Context, call *lifecycle.Call[*groupModel]) error {
				return call.Client.Groups.Delete(ctx, call.State.ID.ValueString())
			},
			List: lifecycle.ListOrganization("The groups of the organization, without groups of the identity provider (SCIM), which cannot be managed here.", "the groups",
				manageableGroups, listedGroup),
		},
		Create:  createGroup,
		Update:  renameGroup,
		Orphans: groupOrphans,
	}
}

func groupSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A group of people and service accounts. All members have the roles of the group. " +
			"Manage its members with `openai_group_user`, one by one, or with `openai_group_members`, all at once.\n\n" +
			"A group that the identity provider manages through SCIM can be imported and read. A plan that renames or removes it fails. " +
			"Destroying the resource removes the group, and the roles that its members have through it.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the group, up to 255 characters. Names are not unique. Changed in place.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.UTF8LengthAtMost(255)},
				PlanModifiers:       []planmodifier.String{tfkit.NewName()},
			},
			"id":              tfkit.ComputedString("Id of the group (`group_…`)."),
			"group_id":        tfkit.ComputedString("Id of the group, the same as `id`."),
			"group_type":      tfkit.ComputedString("`group`, or `tenant_group` for one that several organizations share."),
			"is_scim_managed": computedBool("Whether the identity provider manages the group; such groups cannot be changed here."),
			"created_at":      tfkit.ComputedInt64("When the group was created, in Unix seconds."),
		},
	}
}

// groupModel is a group; the data sources show the same.
type groupModel struct {
	Name          types.String `tfsdk:"name"`
	ID            types.String `tfsdk:"id"`
	GroupID       types.String `tfsdk:"group_id"`
	GroupType     types.String `tfsdk:"group_type"`
	IsSCIMManaged types.Bool   `tfsdk:"is_scim_managed"`
	CreatedAt     types.Int64  `tfsdk:"created_at"`
}

func flattenGroup(group *adminapi.Group) groupModel {
	return groupModel{
		Name:          types.StringValue(group.Name),
		ID:            types.StringValue(group.ID),
		GroupID:       types.StringValue(group.ID),
		GroupType:     types.StringPointerValue(group.Type),
		IsSCIMManaged: types.BoolValue(group.SCIMManaged),
		CreatedAt:     types.Int64PointerValue(group.CreatedAt),
	}
}

// label names the group in diagnostics.
func (m *groupModel) label() string {
	return lifecycle.Label("group", m.Name.ValueString(), m.ID.ValueString())
}

// planGroup refuses to change a group that the identity provider manages.
func planGroup(_ context.Context, call *lifecycle.Call[*groupModel]) {
	if !call.HasState() || call.PlansNoChange() || !call.State.IsSCIMManaged.ValueBool() {
		return
	}
	call.Diags.AddError("Managed by the identity provider", fmt.Sprintf(
		"The %s is managed through SCIM. The identity provider would revert a change. Change the group there. %s", call.State.label(), tfkit.ReleaseHint))
}

func createGroup(ctx context.Context, call *lifecycle.Call[*groupModel]) error {
	group, err := call.Client.Groups.Create(ctx, call.Plan.Name.ValueString())
	if err == nil {
		*call.Plan = flattenGroup(group)
	}
	return err
}

func readGroup(ctx context.Context, call *lifecycle.Call[*groupModel]) error {
	group, err := call.Client.Groups.Get(ctx, call.State.ID.ValueString())
	if err == nil {
		*call.State = flattenGroup(group)
	}
	return err
}

func renameGroup(ctx context.Context, call *lifecycle.Call[*groupModel]) error {
	present := adminapi.Group{ID: call.State.ID.ValueString(), Type: call.State.GroupType.ValueStringPointer()}
	group, err := call.Client.Groups.Rename(ctx, present, call.Plan.Name.ValueString())
	if err == nil {
		*call.Plan = flattenGroup(group)
	}
	return err
}

// groupOrphans searches for groups with the same name.
func groupOrphans(_ context.Context, call *lifecycle.Call[*groupModel]) *lifecycle.OrphanSearch {
	if !call.Knows("name") {
		return nil
	}
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.Groups.Orphans(ctx, call.Plan.Name.ValueString())
		},
	}
}

// manageableGroups are the groups that can be changed here.
func manageableGroups(ctx context.Context, client *adminapi.Client) ([]adminapi.Group, error) {
	groups, err := client.Groups.List(ctx)
	return slices.DeleteFunc(groups, func(group adminapi.Group) bool { return group.SCIMManaged }), err
}

func listedGroup(_ context.Context, group *adminapi.Group, _ *diag.Diagnostics) (string, *groupModel) {
	m := flattenGroup(group)
	return group.Name, &m
}
