package apikey

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// byInvoke says how the actions that revoke keys are used.
const byInvoke = "\n\nRun it with `terraform apply -invoke`. Do not use it in an `action_trigger` with `after_update`: every update of the resource would revoke keys again."

const keyOfAction = "Id of the project (`proj_…`) of the key."

// keyAction is the model of the action that revokes one key.
type keyAction struct {
	ProjectID types.String `tfsdk:"project_id"`
	APIKeyID  types.String `tfsdk:"api_key_id"`
	Name      types.String `tfsdk:"name"`
}

func (a *keyAction) label() string { return labelInProject("API key", a.APIKeyID, a.ProjectID) }

func revokeKeyAction() lifecycle.Action[*keyAction] {
	return lifecycle.Action[*keyAction]{
		Type: "project_api_key_revoke",
		Schema: schema.Schema{
			MarkdownDescription: "Revokes one API key of a project, for example an orphan that a plan reported. The key stops working immediately, and cannot be restored. " +
				"If the key is managed by an `openai_project_api_key`, the next plan creates it again. A key that does not exist is a success." + byInvoke,
			Attributes: map[string]schema.Attribute{
				"project_id": lifecycle.ActionParameter(keyOfAction),
				"api_key_id": lifecycle.ActionParameter("Id of the key (`key_…`)."),
				"name": schema.StringAttribute{
					MarkdownDescription: "Expected name of the key. If the key has another name, the action fails and revokes nothing. Default: any name.",
					Optional:            true,
					Validators:          []validator.String{tfkit.Name()},
				},
			},
		},
		Label: (*keyAction).label,
		Invoke: func(ctx context.Context, call *lifecycle.ActionCall[*keyAction]) error {
			project, id := call.Config.ProjectID.ValueString(), call.Config.APIKeyID.ValueString()
			key, err := call.Client.APIKeys.Get(ctx, project, id)
			switch {
			case adminapi.IsNotFound(err):
				call.Progress("Key %s does not exist in project %s", id, project)
				return nil
			case err != nil:
				return err
			case !call.Config.Name.IsNull() && call.Config.Name.ValueString() != key.Name:
				call.Diags.AddAttributeError(path.Root("name"), "Key has another name", fmt.Sprintf(
					"Key %s of project %s has the name %q, and name is %q. Nothing was revoked. Check api_key_id.", id, project, key.Name, call.Config.Name.ValueString()))
				return nil
			}
			return revoke(ctx, call, project, id)
		},
	}
}

// revoke revokes a key, and shows it.
func revoke[A any](ctx context.Context, call *lifecycle.ActionCall[A], project, id string) error {
	if err := call.Client.APIKeys.Delete(ctx, project, id); err != nil {
		return err
	}
	call.Progress("Revoked key %s", id)
	return nil
}

// revokeAll revokes keys. It goes on after a failure, which it reports.
func revokeAll[A any](ctx context.Context, call *lifecycle.ActionCall[A], project string, ids []string) {
	for _, id := range ids {
		if err := revoke(ctx, call, project, id); err != nil {
			tfkit.AddAPIError(call.Diags, fmt.Sprintf("API key %s of project %s", id, project), err)
		}
	}
}

// previousAction is the model of the action that ends an overlap.
type previousAction struct {
	ProjectID   types.String `tfsdk:"project_id"`
	APIKeyID    types.String `tfsdk:"api_key_id"`
	PreviousIDs types.Set    `tfsdk:"previous_ids"`
}

func revokePreviousAction() lifecycle.Action[*previousAction] {
	return lifecycle.Action[*previousAction]{
		Type: "project_api_key_revoke_previous",
		Schema: schema.Schema{
			MarkdownDescription: "Ends the overlap of a rotation: revokes the previous keys of an `openai_project_api_key` before they expire. They stop working immediately, and cannot be restored. " +
				"The action checks that the current key is valid, and that each previous key is an older key of the same service account. Otherwise it fails and revokes nothing." + byInvoke,
			Attributes: map[string]schema.Attribute{
				"project_id": lifecycle.ActionParameter(keyOfAction),
				"api_key_id": lifecycle.ActionParameter("Id of the current key (`key_…`), the `id` of the resource. It stays valid."),
				"previous_ids": schema.SetAttribute{
					MarkdownDescription: "Ids of the keys to revoke: the `previous_id` of the resource, and the keys of its `expiring_keys`. Null elements and keys that do not exist are ignored.",
					ElementType:         types.StringType,
					Required:            true,
					Validators:          []validator.Set{setvalidator.ValueStringsAre(tfkit.ID())},
				},
			},
		},
		Label:  func(a *previousAction) string { return labelInProject("API key", a.APIKeyID, a.ProjectID) },
		Invoke: revokePrevious,
	}
}

func revokePrevious(ctx context.Context, call *lifecycle.ActionCall[*previousAction]) error {
	project := call.Config.ProjectID.ValueString()
	current, err := call.Client.APIKeys.Get(ctx, project, call.Config.APIKeyID.ValueString())
	if err != nil {
		return err
	}
	if status(current, call.Client.Now().Unix()) == statusExpired {
		call.Diags.AddAttributeError(path.Root("api_key_id"), "Current key has expired", fmt.Sprintf(
			"Key %s of project %s has expired. Nothing was revoked: the previous keys may be the only ones that work. Apply to rotate the key first.", current.ID, project))
		return nil
	}
	var ids []types.String
	call.Diags.Append(call.Config.PreviousIDs.ElementsAs(ctx, &ids, false)...)
	var found []string
	for _, id := range ids {
		if id.IsNull() {
			continue
		}
		key, err := call.Client.APIKeys.Get(ctx, project, id.ValueString())
		switch {
		case adminapi.IsNotFound(err):
			call.Progress("Key %s does not exist in project %s", id.ValueString(), project)
		case err != nil:
			return err
		case !isPrevious(key, current):
			call.Diags.AddAttributeError(path.Root("previous_ids"), "Not a previous key", fmt.Sprintf(
				"Key %s of project %s is not an older key of the service account of key %s. Nothing was revoked.", key.ID, project, current.ID))
		default:
			found = append(found, key.ID)
		}
	}
	if call.Diags.HasError() {
		return nil
	}
	if len(found) == 0 {
		call.Progress("There are no previous keys to revoke")
	}
	revokeAll(ctx, call, project, found)
	return nil
}

// isPrevious reports whether a key is an older one of the same account.
func isPrevious(key, current *openai.ProjectAPIKey) bool {
	account := key.Owner.ServiceAccount.ID
	return key.ID != current.ID && account != "" && account == current.Owner.ServiceAccount.ID && key.CreatedAt <= current.CreatedAt
}

// accountAction is the model of the action that revokes the keys of a service
// account.
type accountAction struct {
	ProjectID        types.String `tfsdk:"project_id"`
	ServiceAccountID types.String `tfsdk:"service_account_id"`
}

func revokeAccountKeysAction() lifecycle.Action[*accountAction] {
	return lifecycle.Action[*accountAction]{
		Type: "service_account_revoke_keys",
		Schema: schema.Schema{
			MarkdownDescription: "Revokes all API keys of a service account, for example after a leak. They stop working immediately, and cannot be restored. The account itself stays. " +
				"If a key cannot be revoked, the action reports it and revokes the other keys. " +
				"The next plan creates the keys again that an `openai_project_api_key` manages, with new secrets." + byInvoke,
			Attributes: map[string]schema.Attribute{
				"project_id":         lifecycle.ActionParameter("Id of the project (`proj_…`) of the service account."),
				"service_account_id": lifecycle.ActionParameter("Id of the service account."),
			},
		},
		Label: func(a *accountAction) string {
			return labelInProject("service account", a.ServiceAccountID, a.ProjectID)
		},
		Invoke: revokeAccountKeys,
	}
}

func revokeAccountKeys(ctx context.Context, call *lifecycle.ActionCall[*accountAction]) error {
	project, account := call.Config.ProjectID.ValueString(), call.Config.ServiceAccountID.ValueString()
	// A wrong id must not look like an account without keys.
	if _, err := call.Client.ServiceAccounts.Get(ctx, project, account); err != nil {
		return err
	}
	keys, err := call.Client.APIKeys.List(ctx, project)
	if err != nil {
		return err
	}
	keys = slices.DeleteFunc(slices.Clone(keys), func(key openai.ProjectAPIKey) bool { return key.Owner.ServiceAccount.ID != account })
	ids := lifecycle.Flatten(keys, func(key *openai.ProjectAPIKey) string { return key.ID })
	call.Progress("Service account %s has %d API keys", account, len(ids))
	revokeAll(ctx, call, project, ids)
	return nil
}
