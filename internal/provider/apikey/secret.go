package apikey

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
	"github.com/allthingsai/terraform-provider-openai/internal/seal"
)

// The state holds the secret of a key as it is, or encrypted to the recipients,
// who alone can decrypt it.

// secretAttributes are the attributes of a key that concern its secret.
// onChange and versions say what the kind of key does with them.
func secretAttributes(onChange, versions string, modifiers ...planmodifier.Set) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"age_recipients": schema.SetAttribute{
			MarkdownDescription: "Recipients of the encrypted secret: [age](https://age-encryption.org) recipients (`age1…`, or the post-quantum `age1pq1…`) or public SSH keys (`ssh-ed25519 …`, `ssh-rsa …`). " +
				"Any of the recipients can decrypt the secret. The state then holds `sealed_value`, and `value` is null. Default: the secret is not encrypted. " + onChange,
			ElementType:   types.StringType,
			Optional:      true,
			Validators:    []validator.Set{validAgeRecipients{}},
			PlanModifiers: modifiers,
		},
		"value": schema.StringAttribute{
			MarkdownDescription: "The secret of the key (`sk-…`). Null with `age_recipients`, and after an import.",
			Computed:            true,
			Sensitive:           true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"sealed_value": tfkit.ComputedString("The secret, encrypted to `age_recipients`, in the ASCII armor of [age](https://age-encryption.org). The ephemeral resource `openai_unsealed_secret` decrypts it. Null without `age_recipients`, and after an import."),
		"key_version":  tfkit.ComputedInt64("Version of the secret; changes with every new secret. Use it as the `*_wo_version` argument of a resource that receives the secret. " + versions),
		"secret_available": schema.BoolAttribute{
			MarkdownDescription: "Whether the secret is in `value` or `sealed_value`: true for a key that Terraform created, false for an imported one.",
			Computed:            true,
			PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
	}
}

// validAgeRecipients refuses recipients that age cannot encrypt to.
type validAgeRecipients struct{}

func (validAgeRecipients) Description(context.Context) string {
	return "at least one age recipient or public SSH key"
}

func (v validAgeRecipients) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (validAgeRecipients) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	recipients := []string{}
	for _, element := range req.ConfigValue.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() {
			return // seen again when it is known
		}
		recipients = append(recipients, text.ValueString())
	}
	if _, err := seal.New(recipients); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid age recipients", fmt.Sprintf("%s: %s.", req.Path, err))
	}
}

// newSealer returns the sealer for these recipients, nil without recipients.
func newSealer(ctx context.Context, recipients types.Set, diags *diag.Diagnostics) *seal.Sealer {
	if recipients.IsNull() {
		return nil
	}
	var texts []string
	diags.Append(recipients.ElementsAs(ctx, &texts, false)...)
	sealer, err := seal.New(texts)
	if err != nil {
		diags.AddError("Invalid age recipients", fmt.Sprintf("age_recipients: %s.", err))
	}
	return sealer
}

// storeSecret returns value and sealed_value for a secret; one of them is null.
func storeSecret(sealer *seal.Sealer, secret string) (value, sealed types.String, err error) {
	if sealer == nil {
		return types.StringValue(secret), types.StringNull(), nil
	}
	text, err := sealer.Seal(secret)
	return types.StringNull(), types.StringValue(text), err
}

// planSecret plans where the secret of a new key will be.
func planSecret(recipients types.Set) (value, sealed types.String) {
	value, sealed = types.StringUnknown(), types.StringUnknown()
	if recipients.IsNull() {
		sealed = types.StringNull()
	} else if !recipients.IsUnknown() {
		value = types.StringNull()
	}
	return value, sealed
}

// addNotSealed reports a key that was made and revoked again, as its secret
// has no place to go.
func addNotSealed(diags *diag.Diagnostics, label string, err, revoking error) {
	diags.AddError("Cannot encrypt the secret", fmt.Sprintf("%s: %s. The key is revoked again.", label, err))
	if revoking != nil {
		tfkit.AddAPIError(diags, label, revoking)
	}
}
