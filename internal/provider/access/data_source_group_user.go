package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*groupUserDataSource)(nil)

type groupUserDataSource struct{ tfkit.DataSource }

func newGroupUserDataSource() datasource.DataSource { return &groupUserDataSource{} }

func (d *groupUserDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_user"
}

// groupUserFields are the attributes of a member of a group.
func groupUserFields(alone string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                 schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the user or of the service account."},
		"email":              schema.StringAttribute{Computed: true, MarkdownDescription: "E-mail address; null for a service account."},
		"name":               schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the person or of the service account."},
		"is_service_account": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether this is a service account rather than a person" + alone + "."},
		"user_type":          schema.StringAttribute{Computed: true, MarkdownDescription: "`user`, or `tenant_user` for somebody whom several organisations share" + alone + "."},
	}
}

func (d *groupUserDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := groupUserFields("")
	attributes["group_id"] = groupParameter()
	attributes["user_id"] = userParameter()
	resp.Schema = schema.Schema{MarkdownDescription: "One member of a group.", Attributes: attributes}
}

// groupUserFieldsModel is a member of a group as the API shows it.
type groupUserFieldsModel struct {
	ID               types.String `tfsdk:"id"`
	Email            types.String `tfsdk:"email"`
	Name             types.String `tfsdk:"name"`
	IsServiceAccount types.Bool   `tfsdk:"is_service_account"`
	UserType         types.String `tfsdk:"user_type"`
}

func newGroupUserFields(user *adminapi.GroupUser) groupUserFieldsModel {
	return groupUserFieldsModel{
		ID:               types.StringValue(user.ID),
		Email:            types.StringPointerValue(user.Email),
		Name:             types.StringPointerValue(user.Name),
		IsServiceAccount: types.BoolPointerValue(user.IsServiceAccount),
		UserType:         types.StringPointerValue(user.Type),
	}
}

func (d *groupUserDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		groupUserModel
		groupUserFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	user, err := d.Client.GroupUsers.Describe(ctx, state.GroupID.ValueString(), state.UserID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.groupUserFieldsModel = newGroupUserFields(user)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
