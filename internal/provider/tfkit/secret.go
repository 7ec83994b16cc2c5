package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/seal"
)

// The state holds a secret that the API shows once as it is, or encrypted to the
// recipients, who alone can decrypt it.

// AgeRecipients is the attribute for the recipients of a secret, which is in one
// of the attributes plain and sealed. onChange says what a change does.
func AgeRecipients(plain, sealed, onChange string, modifiers ...planmodifier.Set) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: "Recipients of the encrypted secret: [age](https://age-encryption.org) recipients (`age1…`, or the post-quantum `age1pq1…`) or public SSH keys (`ssh-ed25519 …`, `ssh-rsa …`). " +
			"Any of the recipients can decrypt the secret. The state then holds `" + sealed + "`, and `" + plain + "` is null. Default: the secret is not encrypted. " + onChange,
		ElementType:   types.StringType,
		Optional:      true,
		Validators:    []validator.Set{validAgeRecipients{}},
		PlanModifiers: modifiers,
	}
}

// SealedSecret is the attribute for a secret that is encrypted to age_recipients.
func SealedSecret() schema.StringAttribute {
	return ComputedString("The secret, encrypted to `age_recipients`, in the ASCII armor of [age](https://age-encryption.org). The ephemeral resource `openai_unsealed_secret` decrypts it. Null without `age_recipients`, and after an import.")
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

// NewSealer returns the sealer for these recipients, nil without recipients.
func NewSealer(ctx context.Context, recipients types.Set, diags *diag.Diagnostics) *seal.Sealer {
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

// StoreSecret returns the plain and the encrypted value of a secret; one of them
// is null.
func StoreSecret(sealer *seal.Sealer, secret string) (plain, sealed types.String, err error) {
	if sealer == nil {
		return types.StringValue(secret), types.StringNull(), nil
	}
	text, err := sealer.Seal(secret)
	return types.StringNull(), types.StringValue(text), err
}

// PlanSecret plans where a new secret will be.
func PlanSecret(recipients types.Set) (plain, sealed types.String) {
	plain, sealed = types.StringUnknown(), types.StringUnknown()
	if recipients.IsNull() {
		sealed = types.StringNull()
	} else if !recipients.IsUnknown() {
		plain = types.StringNull()
	}
	return plain, sealed
}

// AddNotSealed reports an object that was created and removed again, as its
// secret has no place to go. removed says so.
func AddNotSealed(diags *diag.Diagnostics, label, removed string, err, removing error) {
	diags.AddError("Cannot encrypt the secret", fmt.Sprintf("%s: %s. %s", label, err, removed))
	if removing != nil {
		AddAPIError(diags, label, removing)
	}
}
