package key

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*apiKeyDataSource)(nil)

type apiKeyDataSource struct{ tfkit.DataSource }

func newAPIKeyDataSource() datasource.DataSource { return &apiKeyDataSource{} }

func (d *apiKeyDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_api_key"
}

// apiKeyFields are the attributes of a key. The secret is not among them: the
// API gives it once.
func apiKeyFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the key (`key_…`)."},
		"name":                 schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the key."},
		"redacted_value":       schema.StringAttribute{Computed: true, MarkdownDescription: "The secret with all but its ends left out."},
		"created_at":           schema.Int64Attribute{Computed: true, MarkdownDescription: "When the key was created, in Unix seconds."},
		"age_days":             schema.Int64Attribute{Computed: true, MarkdownDescription: "Age of the key in whole days."},
		"last_used_at":         schema.Int64Attribute{Computed: true, MarkdownDescription: "When the key was last used, in Unix seconds; null when it never was."},
		"expires_at":           schema.Int64Attribute{Computed: true, MarkdownDescription: "When the key expires, in Unix seconds; null when it does not."},
		"status":               schema.StringAttribute{Computed: true, MarkdownDescription: "`active` or `expired`."},
		"owner_type":           schema.StringAttribute{Computed: true, MarkdownDescription: "`service_account` or `user`."},
		"owner_id":             schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the service account or user that owns the key."},
		"owner_name":           schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the owner."},
		"owner_project_access": schema.StringAttribute{Computed: true, MarkdownDescription: "Whether the owner has access to the project now: `active` or `inactive`."},
	}
}

type apiKeyFieldsModel struct {
	ID                 types.String `tfsdk:"id"`
	Name               types.String `tfsdk:"name"`
	RedactedValue      types.String `tfsdk:"redacted_value"`
	CreatedAt          types.Int64  `tfsdk:"created_at"`
	AgeDays            types.Int64  `tfsdk:"age_days"`
	LastUsedAt         types.Int64  `tfsdk:"last_used_at"`
	ExpiresAt          types.Int64  `tfsdk:"expires_at"`
	Status             types.String `tfsdk:"status"`
	OwnerType          types.String `tfsdk:"owner_type"`
	OwnerID            types.String `tfsdk:"owner_id"`
	OwnerName          types.String `tfsdk:"owner_name"`
	OwnerProjectAccess types.String `tfsdk:"owner_project_access"`
}

func newAPIKeyFields(key *openai.ProjectAPIKey, now time.Time) apiKeyFieldsModel {
	m := apiKeyFieldsModel{
		ID:                 types.StringValue(key.ID),
		Name:               tfkit.String(key.Name, key.JSON.Name),
		RedactedValue:      tfkit.String(key.RedactedValue, key.JSON.RedactedValue),
		CreatedAt:          tfkit.Int64(key.CreatedAt, key.JSON.CreatedAt),
		LastUsedAt:         tfkit.Int64(key.LastUsedAt, key.JSON.LastUsedAt),
		ExpiresAt:          tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt),
		Status:             types.StringValue(status(key, now.Unix())),
		OwnerType:          tfkit.String(key.Owner.Type, key.Owner.JSON.Type),
		OwnerProjectAccess: tfkit.String(key.OwnerProjectAccess, key.JSON.OwnerProjectAccess),
	}
	if key.JSON.CreatedAt.Valid() {
		age := now.Sub(time.Unix(key.CreatedAt, 0))
		m.AgeDays = types.Int64Value(max(0, int64(age/(24*time.Hour))))
	}
	if account := key.Owner.ServiceAccount; key.Owner.JSON.ServiceAccount.Valid() {
		m.OwnerID = types.StringValue(account.ID)
		m.OwnerName = tfkit.String(account.Name, account.JSON.Name)
	} else if user := key.Owner.User; key.Owner.JSON.User.Valid() {
		m.OwnerID = types.StringValue(user.ID)
		m.OwnerName = tfkit.String(user.Name, user.JSON.Name)
	}
	return m
}

func (d *apiKeyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := apiKeyFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	attributes["api_key_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the key to read. Exactly one of `api_key_id` and `name` is set.",
		Optional:            true,
		Computed:            true,
		Validators: []validator.String{
			tfkit.ID(),
			stringvalidator.ExactlyOneOf(path.MatchRoot("api_key_id"), path.MatchRoot("name")),
		},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Name of the key to read. It must be the name of exactly one key of the project.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.Name()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One API key of a project, by id or by name: its age, its last use, its owner. The secret cannot be read.",
		Attributes:          attributes,
	}
}

func (d *apiKeyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID types.String `tfsdk:"project_id"`
		APIKeyID  types.String `tfsdk:"api_key_id"`
		apiKeyFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	project := state.ProjectID.ValueString()
	var key *openai.ProjectAPIKey
	if id := state.APIKeyID.ValueString(); id != "" {
		var err error
		if key, err = d.Client.APIKeys.Get(ctx, project, id); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "API key "+id+" of project "+project, err)
			return
		}
	} else {
		keys, err := d.Client.APIKeys.List(ctx, project)
		if err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, "the API keys of project "+project, err)
			return
		}
		var found []string
		key, found = tfkit.Only(keys, func(item *openai.ProjectAPIKey) string { return item.ID }, func(item *openai.ProjectAPIKey) bool { return item.Name == state.Name.ValueString() })
		if key == nil {
			tfkit.AddNotOne(&resp.Diagnostics, path.Root("name"),
				fmt.Sprintf("API key named %q in project %s", state.Name.ValueString(), project), "api_key_id", found)
			return
		}
	}
	state.apiKeyFieldsModel = newAPIKeyFields(key, d.Client.Now())
	state.APIKeyID = state.ID
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
