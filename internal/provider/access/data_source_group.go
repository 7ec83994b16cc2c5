package access

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*groupDataSource)(nil)

type groupDataSource struct{ tfkit.DataSource }

func newGroupDataSource() datasource.DataSource { return &groupDataSource{} }

func (d *groupDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group"
}

// groupFields are the attributes of a group.
func groupFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":              schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group (`group_…`)."},
		"group_id":        schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the group, the same as `id`."},
		"name":            schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the group."},
		"group_type":      schema.StringAttribute{Computed: true, MarkdownDescription: "`group`, or `tenant_group` for one that several organisations share."},
		"is_scim_managed": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the identity provider manages the group."},
		"created_at":      schema.Int64Attribute{Computed: true, MarkdownDescription: "When the group was created, in Unix seconds."},
	}
}

func (d *groupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := groupFields()
	attributes["group_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the group to read. Exactly one of `group_id` and `name` is set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.ID(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("group_id"), path.MatchRoot("name")),
		},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the group to read. It must be the name of exactly one group.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.Name()},
	}
	resp.Schema = schema.Schema{MarkdownDescription: "One group, by id or by name; also one that the identity provider manages.", Attributes: attributes}
}

func (d *groupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config groupModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var group *adminapi.Group
	if id := config.GroupID.ValueString(); id != "" {
		var err error
		if group, err = d.Client.Groups.Get(ctx, id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "group "+id, err)
			return
		}
	} else {
		groups, err := d.Client.Groups.List(ctx)
		if err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "the groups of the organisation", err)
			return
		}
		name := config.Name.ValueString()
		var found []string
		group, found = tfkit.Only(groups, func(g *adminapi.Group) string { return g.ID }, func(g *adminapi.Group) bool { return g.Name == name })
		if group == nil {
			tfkit.AddNotOne(&resp.Diagnostics, path.Root("name"), fmt.Sprintf("group named %q", name), "group_id", found)
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, flattenGroup(group))...)
}
