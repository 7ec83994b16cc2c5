package apikey

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/seal"
)

var _ ephemeral.EphemeralResource = (*unsealedSecret)(nil)

type unsealedSecret struct{}

func newUnsealedSecret() ephemeral.EphemeralResource { return &unsealedSecret{} }

func (r *unsealedSecret) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_unsealed_secret"
}

func (r *unsealedSecret) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Decrypts the `sealed_value` of a key for the duration of one plan or apply. The secret can be used in write-only arguments and in provider configurations. It is never written to a state or plan file. Sends no request to the API.\n\n" +
			"Every plan and every apply decrypts the secret, so both need the identity. Needs Terraform 1.10 or later; write-only arguments need 1.11.",
		Attributes: map[string]schema.Attribute{
			"sealed_value": schema.StringAttribute{
				MarkdownDescription: "Encrypted secret: `sealed_value` of `openai_project_api_key` or `openai_admin_api_key`, or any other text in age's armor format.",
				Required:            true,
			},
			"identity": schema.StringAttribute{
				MarkdownDescription: "Identity of one of the recipients: the content of an age key file (`AGE-SECRET-KEY-…`), or a private SSH key without a passphrase. Take it from an ephemeral variable or an ephemeral resource. " +
					"Exactly one of `identity`, `identity_file` and `identity_env` must be configured.",
				Optional:  true,
				Sensitive: true,
				Validators: []validator.String{
					stringvalidator.ExactlyOneOf(path.MatchRoot("identity"), path.MatchRoot("identity_file"), path.MatchRoot("identity_env")),
				},
			},
			"identity_file": schema.StringAttribute{
				MarkdownDescription: "Path of a file that holds the identity.",
				Optional:            true,
			},
			"identity_env": schema.StringAttribute{
				MarkdownDescription: "Name of an environment variable of the Terraform process that holds the identity.",
				Optional:            true,
			},
			"value": schema.StringAttribute{
				MarkdownDescription: "The plain secret.",
				Computed:            true,
				Sensitive:           true,
			},
		},
	}
}

type unsealedSecretModel struct {
	SealedValue  types.String `tfsdk:"sealed_value"`
	Identity     types.String `tfsdk:"identity"`
	IdentityFile types.String `tfsdk:"identity_file"`
	IdentityEnv  types.String `tfsdk:"identity_env"`
	Value        types.String `tfsdk:"value"`
}

func (r *unsealedSecret) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config unsealedSecretModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	identity, at := config.identity(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	secret, err := seal.Open(config.SealedValue.ValueString(), identity)
	if err != nil {
		resp.Diagnostics.AddAttributeError(at, "Cannot decrypt the secret", fmt.Sprintf("%s. The identity comes from %s.", capital(err.Error()), at))
		return
	}
	config.Value = types.StringValue(secret)
	resp.Diagnostics.Append(resp.Result.Set(ctx, config)...)
}

// identity reads the identity from its source, and returns the attribute that names the source.
func (m *unsealedSecretModel) identity(diags *diag.Diagnostics) (string, path.Path) {
	const why = "Every plan and apply that decrypts a secret needs the identity. Provide the identity only where it is needed, or keep the keys in a separate configuration."
	switch {
	case !m.IdentityFile.IsNull():
		at := path.Root("identity_file")
		content, err := os.ReadFile(m.IdentityFile.ValueString())
		if err != nil {
			diags.AddAttributeError(at, "No identity", fmt.Sprintf("The file of the identity cannot be read: %s. %s", err, why))
		}
		return string(content), at
	case !m.IdentityEnv.IsNull():
		at := path.Root("identity_env")
		content := os.Getenv(m.IdentityEnv.ValueString())
		if content == "" {
			diags.AddAttributeError(at, "No identity", fmt.Sprintf("The environment variable %s is not set. %s", m.IdentityEnv.ValueString(), why))
		}
		return content, at
	default:
		return m.Identity.ValueString(), path.Root("identity")
	}
}

// capital begins a sentence with an error.
func capital(text string) string {
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}
