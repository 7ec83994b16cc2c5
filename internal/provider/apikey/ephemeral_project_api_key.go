package apikey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure = (*ephemeralAPIKey)(nil)
	_ ephemeral.EphemeralResourceWithRenew     = (*ephemeralAPIKey)(nil)
	_ ephemeral.EphemeralResourceWithClose     = (*ephemeralAPIKey)(nil)
)

const (
	// ephemeralPrefix begins the names of ephemeral keys, so that keys left by a
	// crash are recognized.
	ephemeralPrefix = "terraform-ephemeral/"
	// ephemeralLife is the default lifetime of an ephemeral key, in seconds.
	ephemeralLife = 3600
)

type ephemeralAPIKey struct{ tfkit.EphemeralResource }

func newEphemeralAPIKey() ephemeral.EphemeralResource { return &ephemeralAPIKey{} }

func (r *ephemeralAPIKey) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_api_key"
}

func (r *ephemeralAPIKey) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An API key of a project for the duration of one plan or apply, for example to configure another provider. Terraform creates the key when it opens the ephemeral resource and revokes it when it closes it. The secret is never written to a state or plan file. " +
			"An operation that takes longer than `expires_in_seconds` extends the expiry. After a crash, the key expires by itself; the next ephemeral key of the same service account removes it.\n\n" +
			"Terraform opens it in the plan and again in the apply, so a plan with its apply creates two keys. Do not store the secret: for a permanent key, use the resource of the same name. Needs Terraform 1.10 or later.",
		Attributes: map[string]schema.Attribute{
			"project_id": schema.StringAttribute{
				MarkdownDescription: "Id of the project (`proj_…`) of the key.",
				Required:            true,
				Validators:          []validator.String{tfkit.ID()},
			},
			"service_account_id": schema.StringAttribute{
				MarkdownDescription: "Id of the service account that owns the key.",
				Required:            true,
				Validators:          []validator.String{tfkit.ID()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Purpose of the key. The name of the key in the organization is `" + ephemeralPrefix + "` followed by this text.",
				Required:            true,
				Validators:          []validator.String{tfkit.Name()},
			},
			"scopes": schema.SetAttribute{
				MarkdownDescription: "Permission scopes of the key, for example `model.request`. Default: all permissions of the service account.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{noEmptyScopes{}, setvalidator.ValueStringsAre(tfkit.Name())},
			},
			"expires_in_seconds": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf("Lifetime of the key in seconds, from 60 to 31536000, should Terraform crash. Default: %d. An operation that takes longer extends the expiry by the same time.", ephemeralLife),
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(60, longestLife)},
			},
			"api_key_id": schema.StringAttribute{MarkdownDescription: "Id of the key (`key_…`).", Computed: true},
			"expires_at": schema.Int64Attribute{MarkdownDescription: "When the key expires unless its expiry is extended, in Unix seconds.", Computed: true},
			"value":      schema.StringAttribute{MarkdownDescription: "The secret of the key (`sk-…`).", Computed: true, Sensitive: true},
		},
	}
}

type ephemeralAPIKeyModel struct {
	ProjectID        types.String `tfsdk:"project_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
	Name             types.String `tfsdk:"name"`
	Scopes           types.Set    `tfsdk:"scopes"`
	ExpiresInSeconds types.Int64  `tfsdk:"expires_in_seconds"`
	APIKeyID         types.String `tfsdk:"api_key_id"`
	ExpiresAt        types.Int64  `tfsdk:"expires_at"`
	Value            types.String `tfsdk:"value"`
}

// openKey is the data kept between opening and closing a key, without its
// secret.
type openKey struct {
	ProjectID string `json:"project_id"`
	ID        string `json:"id"`
	Seconds   int64  `json:"seconds"`
}

const openKeyName = "key"

// label names the key in diagnostics.
func (k openKey) label() string {
	return fmt.Sprintf("ephemeral API key %s of project %s", k.ID, k.ProjectID)
}

// renewAt is when a key that was just given a life should be prolonged: a
// quarter of it is left then.
func (k openKey) renewAt(now time.Time) time.Time {
	return now.Add(time.Duration(k.Seconds) * time.Second * 3 / 4)
}

func (r *ephemeralAPIKey) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config ephemeralAPIKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	scopes := tfkit.Strings(ctx, config.Scopes, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	project, account := config.ProjectID.ValueString(), config.ServiceAccountID.ValueString()
	r.cleanUp(ctx, project, account, &resp.Diagnostics)

	open := openKey{ProjectID: project, Seconds: ephemeralLife}
	if !config.ExpiresInSeconds.IsNull() {
		open.Seconds = config.ExpiresInSeconds.ValueInt64()
	}
	name := ephemeralPrefix + config.Name.ValueString()
	ctx, warnOfLostAnswers := tfkit.WarnOfLostAnswers(ctx)
	defer warnOfLostAnswers(&resp.Diagnostics)
	key, err := r.Client.APIKeys.Create(ctx, project, account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
		Name: openai.String(name), Scopes: scopes, ExpiresInSeconds: openai.Int(open.Seconds),
	})
	if err != nil {
		addKeyError(&resp.Diagnostics, fmt.Sprintf("ephemeral API key %q of project %s", name, project), err)
		return
	}
	open.ID = key.ID
	tfkit.SavePrivate(ctx, resp.Private, openKeyName, open, &resp.Diagnostics)
	resp.RenewAt = open.renewAt(r.Client.Now())
	config.APIKeyID = types.StringValue(key.ID)
	config.ExpiresAt = tfkit.Int64(key.ExpiresAt, key.JSON.ExpiresAt)
	config.Value = types.StringValue(key.Value)
	resp.Diagnostics.Append(resp.Result.Set(ctx, config)...)
}

// cleanUp removes the ephemeral keys of this service account that crashed
// processes left. It removes expired keys only: a valid one may belong to another
// process. A failure is no reason not to open a key.
func (r *ephemeralAPIKey) cleanUp(ctx context.Context, project, account string, diags *diag.Diagnostics) {
	keys, err := r.Client.APIKeys.List(ctx, project)
	for i := range keys {
		key := &keys[i]
		left := strings.HasPrefix(key.Name, ephemeralPrefix) && key.Owner.ServiceAccount.ID == account
		if left && status(key, r.Client.Now().Unix()) == statusExpired && err == nil {
			err = r.Client.APIKeys.Delete(ctx, project, key.ID)
		}
	}
	if err != nil {
		diags.AddWarning("Ephemeral keys were not cleaned up", fmt.Sprintf("Project %s: %s. Keys that earlier plans and applies left there expire by themselves.", project, err))
	}
}

func (r *ephemeralAPIKey) Renew(ctx context.Context, req ephemeral.RenewRequest, resp *ephemeral.RenewResponse) {
	open, known := tfkit.ReadPrivate[openKey](ctx, req.Private, openKeyName, &resp.Diagnostics)
	if !known {
		return
	}
	_, err := r.Client.APIKeys.Update(ctx, open.ProjectID, open.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: open.Seconds})
	if err != nil {
		addKeyError(&resp.Diagnostics, open.label(), err)
		return
	}
	resp.RenewAt = open.renewAt(r.Client.Now())
}

func (r *ephemeralAPIKey) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	open, known := tfkit.ReadPrivate[openKey](ctx, req.Private, openKeyName, &resp.Diagnostics)
	if !known {
		return
	}
	if err := r.Client.APIKeys.Delete(ctx, open.ProjectID, open.ID); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, open.label(), err)
	}
}
