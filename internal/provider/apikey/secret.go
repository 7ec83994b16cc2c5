package apikey

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// secretAttributes are the attributes of a key that concern its secret.
// onChange and versions say what the kind of key does with them.
func secretAttributes(onChange, versions string, modifiers ...planmodifier.Set) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"age_recipients": tfkit.AgeRecipients("value", "sealed_value", onChange, modifiers...),
		"value": schema.StringAttribute{
			MarkdownDescription: "The secret of the key (`sk-…`). Null with `age_recipients`, and after an import.",
			Computed:            true,
			Sensitive:           true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"sealed_value": tfkit.SealedSecret(),
		"key_version":  tfkit.ComputedInt64("Version of the secret; changes with every new secret. Use it as the `*_wo_version` argument of a resource that receives the secret. " + versions),
		"secret_available": schema.BoolAttribute{
			MarkdownDescription: "Whether the secret is in `value` or `sealed_value`: true for a key that Terraform created, false for an imported one.",
			Computed:            true,
			PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
	}
}

// addNotSealed reports a key that was created and revoked again, as its secret
// has no place to go.
func addNotSealed(diags *diag.Diagnostics, label string, err, revoking error) {
	tfkit.AddNotSealed(diags, label, "The key is revoked again.", err, revoking)
}
