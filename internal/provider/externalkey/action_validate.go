package externalkey

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

type validateAction struct {
	ExternalKeyID types.String `tfsdk:"external_key_id"`
}

func (a *validateAction) label() string { return "external key " + a.ExternalKeyID.ValueString() }

func validateKeyAction() lifecycle.Action[*validateAction] {
	return lifecycle.Action[*validateAction]{
		Type: "external_key_validate",
		Schema: schema.Schema{
			MarkdownDescription: "Validates an external key again: OpenAI tries to encrypt and decrypt with it, for example after a change of its policy. If the cloud refuses, the action fails with the reason. It changes nothing.",
			Attributes: map[string]schema.Attribute{
				"external_key_id": lifecycle.ActionParameter("Id of the registration (`extkey_…`)."),
			},
		},
		Label: (*validateAction).label,
		Invoke: func(ctx context.Context, call *lifecycle.ActionCall[*validateAction]) error {
			status, err := call.Client.ExternalKeys.Validate(ctx, call.Config.ExternalKeyID.ValueString())
			if err != nil {
				return err
			}
			if status != validationSuccess {
				call.Diags.AddWarning("External key may not be valid", fmt.Sprintf(
					"OpenAI tried the %s and returned the status %q instead of %q.", call.Config.label(), status, validationSuccess))
			}
			call.Progress("Validation of the %s: %s", call.Config.label(), status)
			return nil
		},
	}
}

// validationSuccess is the status of a key that OpenAI can use.
const validationSuccess = "success"
