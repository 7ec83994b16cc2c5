package trust

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure        = (*externalStorageResource)(nil)
	_ resource.ResourceWithConfigValidators = (*externalStorageResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*externalStorageResource)(nil)
	_ resource.ResourceWithImportState      = (*externalStorageResource)(nil)
	_ resource.ResourceWithIdentity         = (*externalStorageResource)(nil)
	_ resource.ResourceWithUpgradeState     = (*externalStorageResource)(nil)
	_ resource.ResourceWithMoveState        = (*externalStorageResource)(nil)
)

type externalStorageResource struct{ tfkit.Resource }

func newExternalStorageResource() resource.Resource { return &externalStorageResource{} }

func (r *externalStorageResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_storage"
}

func (r *externalStorageResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = externalStorageSchema()
}

func externalStorageSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"project_id": tfkit.ParentID("Project whose data are kept in the storage (`proj_…`)."),
		"validate": schema.BoolAttribute{
			MarkdownDescription: "Whether OpenAI tries the storage right after its registration. " +
				"`false` registers only, for as long as the cloud does not know OpenAI yet. Changing it to `true` validates in place, changing it to `false` does nothing. In state it is `false` until a validation has passed; what is imported counts as validated. Default: `true`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(true),
		},
		"external_storage_id": tfkit.ComputedString("Id of the registration (`extstorage_…`)."),
		"type":                tfkit.ComputedString("Cloud of the storage: `aws`, `azure`, `gcp` or `oci`. It follows from what is configured."),
		"object":              tfkit.ComputedString("Type of the object, as the API names it."),
		"created_at":          tfkit.ComputedInt64("When the storage was registered, in Unix seconds."),
		"geography":           tfkit.ComputedString("Part of the world that the storage is in, as the API names it, such as `US`."),
		"region":              tfkit.ComputedString("Region of the storage in its cloud, as OpenAI found it."),
		"account_id":          tfkit.ComputedString("AWS: account of the role. Null in other clouds."),
		"external_id":         tfkit.ComputedString("AWS: external id that OpenAI assumes the role with, for the condition `sts:ExternalId` of the role's trust policy. Null in other clouds."),
		"audience":            tfkit.ComputedString("GCP: audience of the token that OpenAI identifies itself with, for the workload identity provider. Null in other clouds."),
		"status": tfkit.ComputedString("How OpenAI found the storage when it last looked: `pending` before the first validation, `validated`, `degraded` or `unhealthy`. " +
			"It changes by itself, and never makes a difference in a plan."),
	}
	maps.Copy(attributes, storagePlaceAttributes())
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "Registers storage in AWS, Azure, Google Cloud or Oracle Cloud, in which OpenAI keeps the data of a project. The storage itself is neither made nor changed nor removed, and what is in it stays when the registration is destroyed. " +
			"When a project loses its last registration, the API puts its data retention back to that of the organisation if it was managed by the customer.\n\n" +
			"Where the storage is cannot be changed, so that such a change replaces the registration: use `create_before_destroy`, so that the project is never without one.\n\n" +
			"After its registration the storage is tried once. A validation that fails, fails the apply, with what OpenAI found. The registration is in state all the same, and what happens next is Terraform's way with new objects that are not quite right: it is tainted, and the next apply replaces it. " +
			"To keep it, with its `external_id` or `audience`, run `terraform untaint` once the cloud is mended; the next apply validates it in place. A status of `degraded` or `pending` is a warning.\n\n" +
			"A cloud that has to know `external_id` or `audience` first takes two steps: register with `validate = false`, let the cloud trust OpenAI, then remove `validate`. A validation that fails then leaves the registration as it is, and the next apply tries again.",
		Attributes: attributes,
	}
}

func (r *externalStorageResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"external_storage_id": tfkit.IdentityAttribute("Id of the registration."),
	}}
}

func (r *externalStorageResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(externalStorageSchema())
}

func (r *externalStorageResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(externalStorageSchema(), tfkit.AsOfficial("openai_external_storage"))
}

func (r *externalStorageResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{
		resourcevalidator.ExactlyOneOf(path.MatchRoot("aws"), path.MatchRoot("azure"), path.MatchRoot("gcp"), path.MatchRoot("oci")),
	}
}

type externalStorageModel struct {
	ProjectID         types.String `tfsdk:"project_id"`
	Validate          types.Bool   `tfsdk:"validate"`
	ExternalStorageID types.String `tfsdk:"external_storage_id"`
	Type              types.String `tfsdk:"type"`
	Object            types.String `tfsdk:"object"`
	CreatedAt         types.Int64  `tfsdk:"created_at"`
	Geography         types.String `tfsdk:"geography"`
	Region            types.String `tfsdk:"region"`
	AccountID         types.String `tfsdk:"account_id"`
	ExternalID        types.String `tfsdk:"external_id"`
	Audience          types.String `tfsdk:"audience"`
	Status            types.String `tfsdk:"status"`
	storagePlace
}

func (m *externalStorageModel) take(s *adminapi.ExternalStorage) {
	m.ProjectID = types.StringValue(s.ProjectID)
	m.ExternalStorageID = types.StringValue(s.ID)
	m.Type = types.StringValue(s.Place.Cloud)
	m.Object = types.StringValue(s.Object)
	m.CreatedAt = types.Int64Value(s.CreatedAt)
	m.Geography = types.StringValue(s.Geography)
	m.Region = textOrNull(s.Region)
	m.AccountID = textOrNull(s.AccountID)
	m.ExternalID = textOrNull(s.ExternalID)
	m.Audience = textOrNull(s.Audience)
	m.Status = types.StringValue(s.Status)
	m.storagePlace.take(s.Place)
	if m.Validate.IsNull() {
		m.Validate = types.BoolValue(true) // it was validated elsewhere, if at all
	}
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

func (m *externalStorageModel) identity() map[string]types.String {
	return map[string]types.String{"external_storage_id": m.ExternalStorageID}
}

// label names the registration in diagnostics.
func (m *externalStorageModel) label() string {
	return fmt.Sprintf("external storage %s of project %s", m.ExternalStorageID.ValueString(), m.ProjectID.ValueString())
}

// ModifyPlan lets a validation find another status.
func (r *externalStorageResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	var before, after types.Bool
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("validate"), &before)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("validate"), &after)...)
	if !before.ValueBool() && (after.IsUnknown() || after.ValueBool()) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), types.StringUnknown())...)
	}
}

func (r *externalStorageResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan externalStorageModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	made, err := r.Client.ExternalStorages.Create(ctx, plan.ProjectID.ValueString(), plan.value())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "external storage of project "+plan.ProjectID.ValueString(), err)
		return
	}
	plan.take(made)
	if plan.Validate.ValueBool() {
		r.validate(ctx, made, &plan, "Mend that, then apply again: Terraform registers the storage anew. "+
			"To keep this registration, run terraform untaint on the resource first; applying then validates it in place.", &resp.Diagnostics)
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

// validate lets OpenAI try the storage, and takes what it found. next tells what
// to do when that is bad.
func (r *externalStorageResource) validate(ctx context.Context, storage *adminapi.ExternalStorage, m *externalStorageModel, next string, diags *diag.Diagnostics) {
	place, access := inWords(storage)
	object := fmt.Sprintf("%s, registered and kept in state: %s", m.label(), place)
	advice := "Check " + access + ". "
	m.Validate = types.BoolValue(false)
	found, err := r.Client.ExternalStorages.Validate(ctx, storage.ID)
	if err != nil {
		if isRefusal(err) {
			tfkit.AddAPIErrorAt(diags, path.Root("validate"), object, advice+next, err)
		} else {
			tfkit.AddAPIError(diags, object, err)
		}
		return
	}
	m.take(found)
	checked := fmt.Sprintf("Object: %s\nStatus: %s\n\n", object, found.Status)
	switch found.Status {
	case adminapi.StorageUnhealthy:
		diags.AddAttributeError(path.Root("validate"), "External storage failed its validation", checked+"OpenAI tried the storage and cannot use it; the API tells no more. "+advice+next)
		return
	case adminapi.StorageValidated:
	default:
		diags.AddAttributeWarning(path.Root("validate"), "External storage is "+found.Status, checked+
			"OpenAI tried the storage and does not call it validated; the API tells no more. "+advice+"The next plan reads the status again.")
	}
	m.Validate = types.BoolValue(true)
}

// isRefusal says whether the API did what was asked, and answered no.
func isRefusal(err error) bool {
	e, ok := errors.AsType[*adminapi.Error](err)
	return ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict || e.Status == http.StatusUnprocessableEntity)
}

func (r *externalStorageResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state externalStorageModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := r.get(ctx, &state)
	if tfkit.NothingRead(ctx, resp, state.identity(), state.label(), err) {
		return
	}
	state.take(found)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *externalStorageResource) get(ctx context.Context, state *externalStorageModel) (*adminapi.ExternalStorage, error) {
	r.Client.Expect(state.ExternalStorageID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.ExternalStorages.Get(ctx, state.ExternalStorageID.ValueString())
}

// Update validates, if it is asked for now. All else replaces.
func (r *externalStorageResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state externalStorageModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.Validate.ValueBool() && !state.Validate.ValueBool() {
		storage := &adminapi.ExternalStorage{
			ID: plan.ExternalStorageID.ValueString(), Place: plan.value(), ExternalID: plan.ExternalID.ValueString(), Audience: plan.Audience.ValueString(),
		}
		plan.Status = state.Status
		r.validate(ctx, storage, &plan, "Mend that, then apply again: the storage is validated again, in place.", &resp.Diagnostics)
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *externalStorageResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state externalStorageModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.ExternalStorages.Delete(ctx, state.ExternalStorageID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *externalStorageResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "external_storage_id")
}
