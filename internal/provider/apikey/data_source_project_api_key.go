package apikey

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type apiKeyDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	APIKeyID  types.String `tfsdk:"api_key_id"`
	apiKeyFieldsModel
}

func apiKeyData() lifecycle.DataSource[*apiKeyDataModel] {
	attributes := apiKeyFields()
	attributes["project_id"] = tfkit.ProjectParameter()
	lifecycle.FindBy(attributes, "key", "api_key_id", "name", "Name of the key to read. It must be the name of exactly one key of the project.", tfkit.Name())
	return lifecycle.DataSource[*apiKeyDataModel]{
		Type: "project_api_key",
		Schema: schema.Schema{
			MarkdownDescription: "One API key of a project, by id or by name: its age, its last use, its owner. The secret cannot be read.",
			Attributes:          attributes,
		},
		Label: func(d *apiKeyDataModel) string { return labelInProject("API key", d.APIKeyID, d.ProjectID) },
		Read:  readAPIKeyData,
	}
}

func readAPIKeyData(ctx context.Context, call *lifecycle.DataCall[*apiKeyDataModel]) error {
	d := call.Data
	key, err := byIDOrName(ctx, d.ProjectID, d.APIKeyID, d.Name, call.Client.APIKeys.Get, call.Client.APIKeys.List,
		func(item *openai.ProjectAPIKey) (string, string) { return item.ID, item.Name }, "API key", "api_key_id", call.Diags)
	if key != nil {
		d.apiKeyFieldsModel = newAPIKeyFields(key, call.Client.Now())
		d.APIKeyID = d.ID
	}
	return err
}

// labelInProject returns the name in diagnostics of the objects that a data
// source reads: the one with the id, or without an id those of the project.
func labelInProject(kind string, id, project types.String) string {
	if id.ValueString() == "" {
		return "the " + kind + "s of project " + project.ValueString()
	}
	return kind + " " + id.ValueString() + " of project " + project.ValueString()
}

// byIDOrName reads an object of a project by its id or name. It returns nil and
// adds an error when there is not exactly one of a name; kind describes it, and
// byID is the attribute of the id.
func byIDOrName[T any](ctx context.Context, project, id, name types.String,
	get func(ctx context.Context, project, id string) (*T, error), list func(ctx context.Context, project string) ([]T, error),
	of func(*T) (id, name string), kind, byID string, diags *diag.Diagnostics,
) (*T, error) {
	if id.ValueString() != "" {
		return get(ctx, project.ValueString(), id.ValueString())
	}
	items, err := list(ctx, project.ValueString())
	if err != nil {
		return nil, err
	}
	return tfkit.OnlyNamed(items, of, "name", name.ValueString(),
		fmt.Sprintf("%s named %q in project %s", kind, name.ValueString(), project.ValueString()), byID, diags), nil
}

type apiKeysDataModel struct {
	ProjectID          types.String        `tfsdk:"project_id"`
	OwnerID            types.String        `tfsdk:"owner_id"`
	OwnerProjectAccess types.String        `tfsdk:"owner_project_access"`
	ID                 types.String        `tfsdk:"id"`
	APIKeys            []apiKeyFieldsModel `tfsdk:"api_keys"`
}

func apiKeysData() lifecycle.DataSource[*apiKeysDataModel] {
	return lifecycle.DataSource[*apiKeysDataModel]{
		Type: "project_api_keys",
		Schema: schema.Schema{
			MarkdownDescription: "The API keys of a project, oldest first, including keys whose owner has lost access. All pages are read. Secrets cannot be read.",
			Attributes: map[string]schema.Attribute{
				"project_id": tfkit.ProjectParameter(),
				"owner_id": schema.StringAttribute{
					MarkdownDescription: "Only keys of this service account or user.",
					Optional:            true,
					Validators:          []validator.String{tfkit.ID()},
				},
				"owner_project_access": schema.StringAttribute{
					MarkdownDescription: "Only keys whose owner has access to the project (`active`) or does not (`inactive`). Default: `any`.",
					Optional:            true,
					Validators:          []validator.String{stringvalidator.OneOf("any", "active", "inactive")},
				},
				"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
				"api_keys": schema.ListNestedAttribute{
					MarkdownDescription: "The keys found.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: apiKeyFields()},
				},
			},
		},
		Label: func(d *apiKeysDataModel) string { return "the API keys of project " + d.ProjectID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*apiKeysDataModel]) error {
			d := call.Data
			keys, err := call.Client.APIKeys.List(ctx, d.ProjectID.ValueString())
			now, access := call.Client.Now(), d.OwnerProjectAccess.ValueString()
			d.ID, d.APIKeys = d.ProjectID, []apiKeyFieldsModel{}
			for i := range keys {
				key := newAPIKeyFields(&keys[i], now)
				if (d.OwnerID.IsNull() || key.OwnerID.Equal(d.OwnerID)) && (access == "" || access == "any" || access == key.OwnerProjectAccess.ValueString()) {
					d.APIKeys = append(d.APIKeys, key)
				}
			}
			tfkit.SortByAge(d.APIKeys, func(m apiKeyFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
			return err
		},
	}
}

// apiKeyFields are the attributes of a key. The secret is not among them: the
// API gives it once.
func apiKeyFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                   schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the key (`key_…`)."},
		"name":                 schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the key."},
		"redacted_value":       schema.StringAttribute{Computed: true, MarkdownDescription: "The first and last characters of the secret."},
		"created_at":           schema.Int64Attribute{Computed: true, MarkdownDescription: "When the key was created, in Unix seconds."},
		"age_days":             schema.Int64Attribute{Computed: true, MarkdownDescription: "Age of the key in whole days."},
		"last_used_at":         schema.Int64Attribute{Computed: true, MarkdownDescription: "When the key was last used, in Unix seconds; null when it was never used."},
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
