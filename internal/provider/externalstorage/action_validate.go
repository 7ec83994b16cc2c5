package externalstorage

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

type validateAction struct {
	ExternalStorageID types.String `tfsdk:"external_storage_id"`
}

func (a *validateAction) label() string {
	return "external storage " + a.ExternalStorageID.ValueString()
}

func validateStorageAction() lifecycle.Action[*validateAction] {
	return lifecycle.Action[*validateAction]{
		Type: "external_storage_validate",
		Schema: schema.Schema{
			MarkdownDescription: "Validates external storage again: OpenAI tries to write to it, for example after a change of its policy. If OpenAI cannot use the storage, the action fails. It changes only the `status` of the registration.",
			Attributes: map[string]schema.Attribute{
				"external_storage_id": lifecycle.ActionParameter("Id of the registration."),
			},
		},
		Label: (*validateAction).label,
		Invoke: func(ctx context.Context, call *lifecycle.ActionCall[*validateAction]) error {
			found, err := call.Client.ExternalStorages.Validate(ctx, call.Config.ExternalStorageID.ValueString())
			if err != nil {
				return err
			}
			switch found.Status {
			case adminapi.StorageValidated:
			case adminapi.StorageUnhealthy:
				_, access := describeStorage(found)
				call.Diags.AddError("External storage failed its validation", fmt.Sprintf(
					"OpenAI tried the %s and cannot use it; the API returns no reason. Check %s, then run the action again.", call.Config.label(), access))
			default:
				call.Diags.AddWarning("External storage is "+found.Status, fmt.Sprintf(
					"OpenAI tried the %s and does not report it as validated; the API returns no reason.", call.Config.label()))
			}
			call.Progress("Validation of the %s: %s", call.Config.label(), found.Status)
			return nil
		},
	}
}
