package rbac

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func groupData() lifecycle.DataSource[*groupModel] {
	attributes := groupFields()
	lifecycle.FindBy(attributes, "group", "group_id", "name", "Name of the group to read. It must be the name of exactly one group.", tfkit.Name())
	return lifecycle.DataSource[*groupModel]{
		Type:   "group",
		Schema: schema.Schema{MarkdownDescription: "One group, by id or by name, including groups of the identity provider.", Attributes: attributes},
		Label: func(d *groupModel) string {
			if id := d.GroupID.ValueString(); id != "" {
				return "group " + id
			}
			return "the groups of the organization"
		},
		Read: readGroupData,
	}
}

func readGroupData(ctx context.Context, call *lifecycle.DataCall[*groupModel]) error {
	if id := call.Data.GroupID.ValueString(); id != "" {
		group, err := call.Client.Groups.Get(ctx, id)
		if err == nil {
			*call.Data = flattenGroup(group)
		}
		return err
	}
	groups, err := call.Client.Groups.List(ctx)
	if err != nil {
		return err
	}
	name := call.Data.Name.ValueString()
	group := tfkit.OnlyNamed(groups, func(g *adminapi.Group) (string, string) { return g.ID, g.Name },
		"name", name, fmt.Sprintf("group named %q", name), "group_id", call.Diags)
	if group == nil {
		return nil
	}
	*call.Data = flattenGroup(group)
	return nil
}

type groupsDataModel struct {
	IsSCIMManaged types.Bool   `tfsdk:"is_scim_managed"`
	ID            types.String `tfsdk:"id"`
	Groups        []groupModel `tfsdk:"groups"`
}

func groupsData() lifecycle.DataSource[*groupsDataModel] {
	return lifecycle.DataSource[*groupsDataModel]{
		Type: "groups",
		Schema: schema.Schema{
			MarkdownDescription: "The groups of the organization, oldest first. All pages are read.",
			Attributes: map[string]schema.Attribute{
				"is_scim_managed": schema.BoolAttribute{
					MarkdownDescription: "Only groups that the identity provider manages (`true`), or none of them (`false`). Default: both.",
					Optional:            true,
				},
				"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `organization`."},
				"groups": schema.ListNestedAttribute{
					MarkdownDescription: "The groups found.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: groupFields()},
				},
			},
		},
		Label: lifecycle.Static[*groupsDataModel]("the groups of the organization"),
		Read: func(ctx context.Context, call *lifecycle.DataCall[*groupsDataModel]) error {
			d := call.Data
			groups, err := call.Client.Groups.List(ctx)
			d.ID, d.Groups = types.StringValue("organization"), []groupModel{}
			for i := range groups {
				group := flattenGroup(&groups[i])
				if d.IsSCIMManaged.IsNull() || d.IsSCIMManaged.Equal(group.IsSCIMManaged) {
					d.Groups = append(d.Groups, group)
				}
			}
			tfkit.SortByAge(d.Groups, func(m groupModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
			return err
		},
	}
}

// groupFields are the attributes of a group.
func groupFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group (`group_…`)."},
		"group_id":        schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group, the same as `id`."},
		"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the group."},
		"group_type":      schema.StringAttribute{Computed: true, MarkdownDescription: "`group`, or `tenant_group` for one that several organizations share."},
		"is_scim_managed": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the identity provider manages the group."},
		"created_at":      schema.Int64Attribute{Computed: true, MarkdownDescription: "When the group was created, in Unix seconds."},
	}
}

// groupParameter is the group that a data source is about.
func groupParameter() schema.StringAttribute {
	return lifecycle.Parameter("Id of the group (`group_…`).")
}
