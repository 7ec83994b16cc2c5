package externalstorage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func externalStorage() lifecycle.Object[*externalStorageModel] {
	return lifecycle.Object[*externalStorageModel]{
		Core: lifecycle.Core[*externalStorageModel]{
			Type:     "external_storage",
			Schema:   externalStorageSchema,
			Identity: []lifecycle.Identifier{{Name: "external_storage_id", Description: "Id of the registration."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/external_storage/{external_storage_id}"))
			},
			Label:    (*externalStorageModel).label,
			Legacy:   lifecycle.AsOfficial("openai_external_storage"),
			Validate: checkOneCloud,
			Plan:     planExternalStorage,
			Read:     readExternalStorage,
			Delete: func(ctx context.Context, call *lifecycle.Call[*externalStorageModel]) error {
				return call.Client.ExternalStorages.Delete(ctx, call.State.ExternalStorageID.ValueString())
			},
			List: lifecycle.ListByProject("The external storage of one project or of all projects.",
				"Id of a project (`proj_…`) whose storage is listed. Default: all projects, which takes no additional requests.", "the external storage",
				listExternalStorage, func(s *adminapi.ExternalStorage) string { return s.ProjectID }, listedExternalStorage),
		},
		Create:  createExternalStorage,
		Update:  updateExternalStorage,
		Orphans: externalStorageOrphans,
	}
}

func externalStorageSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"project_id": tfkit.ParentID("Id of the project (`proj_…`) whose data is in the storage."),
		"validate": schema.BoolAttribute{
			MarkdownDescription: "Whether OpenAI validates the storage after its registration. " +
				"`false` only registers the storage, for use before the cloud grants access to OpenAI. Changing it to `true` validates in place; changing it to `false` does nothing. In state it is `false` until a validation has passed; imported storage counts as validated. Default: `true`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(true),
		},
		"external_storage_id": tfkit.ComputedString("Id of the registration (`extstorage_…`)."),
		"type":                tfkit.ComputedString("Cloud of the storage: `aws`, `azure`, `gcp` or `oci`."),
		"object":              tfkit.ComputedString("Type of the object, as the API names it."),
		"created_at":          tfkit.ComputedInt64("When the storage was registered, in Unix seconds."),
		"geography":           tfkit.ComputedString("Geography of the storage, as the API names it, such as `US`."),
		"region":              tfkit.ComputedString("Region of the storage in its cloud, as the API returns it."),
		"account_id":          tfkit.ComputedString("AWS: account of the role. Null in other clouds."),
		"external_id":         tfkit.ComputedString("AWS: external id with which OpenAI assumes the role, for the condition `sts:ExternalId` of the role's trust policy. Null in other clouds."),
		"audience":            tfkit.ComputedString("GCP: audience of OpenAI's token, for the workload identity provider. Null in other clouds."),
		"status": tfkit.ComputedString("Result of the last validation: `pending` before the first one, `validated`, `degraded` or `unhealthy`. " +
			"The API changes this value; plans never show a change of it."),
	}
	maps.Copy(attributes, storagePlaceAttributes())
	return schema.Schema{
		MarkdownDescription: "A registration of storage in AWS, Azure, Google Cloud or Oracle Cloud, in which OpenAI stores the data of a project. The resource does not create, change or remove the storage itself. Destroying the registration keeps the data. " +
			"When the last registration of a project is removed, the API resets a customer-managed data retention to that of the organization.\n\n" +
			"The location of the storage cannot be changed, so such a change replaces the registration. Set `create_before_destroy`, so that the project always has one.\n\n" +
			"OpenAI validates the storage once, after the registration. If the validation fails, the apply fails with the reason. The registration is in state and tainted, so the next apply replaces it. " +
			"To keep it, with its `external_id` or `audience`, run `terraform untaint` after the cloud is corrected; the next apply validates it in place. A status of `degraded` or `pending` is a warning.\n\n" +
			"If the cloud needs `external_id` or `audience` first, use two steps: register with `validate = false`, grant access to OpenAI in the cloud, then remove `validate`. A validation that then fails keeps the registration, and the next apply validates again.",
		Attributes: attributes,
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
	AWS               types.Object `tfsdk:"aws"`
	Azure             types.Object `tfsdk:"azure"`
	GCP               types.Object `tfsdk:"gcp"`
	OCI               types.Object `tfsdk:"oci"`
}

// label names the registration in diagnostics.
func (m *externalStorageModel) label() string {
	label := "external storage"
	if id := m.ExternalStorageID.ValueString(); id != "" {
		label += " " + id
	}
	return label + " of project " + m.ProjectID.ValueString()
}

func (m *externalStorageModel) flatten(s *adminapi.ExternalStorage) {
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
	m.setPlace(s.Place)
	if m.Validate.IsNull() {
		m.Validate = types.BoolValue(true) // the default, as it is not known whether the storage was validated
	}
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// planExternalStorage lets a validation find another status.
func planExternalStorage(_ context.Context, call *lifecycle.Call[*externalStorageModel]) {
	if !call.HasState() || !call.HasPlan() || call.State.Validate.ValueBool() {
		return
	}
	if call.Plan.Validate.IsUnknown() || call.Plan.Validate.ValueBool() {
		call.Plan.Status = types.StringUnknown()
	}
}

func createExternalStorage(ctx context.Context, call *lifecycle.Call[*externalStorageModel]) error {
	created, err := call.Client.ExternalStorages.Create(ctx, call.Plan.ProjectID.ValueString(), call.Plan.location())
	if err != nil {
		return err
	}
	call.Plan.flatten(created)
	if call.Plan.Validate.ValueBool() {
		validateStorage(ctx, call, created, "Correct that, then apply again: Terraform registers the storage again. "+
			"To keep this registration, run terraform untaint on the resource first; applying then validates it in place.")
	}
	return nil
}

func readExternalStorage(ctx context.Context, call *lifecycle.Call[*externalStorageModel]) error {
	found, err := call.Client.ExternalStorages.Get(ctx, call.State.ExternalStorageID.ValueString())
	if err == nil {
		call.State.flatten(found)
	}
	return err
}

// updateExternalStorage validates, if that is asked for now. All else replaces.
func updateExternalStorage(ctx context.Context, call *lifecycle.Call[*externalStorageModel]) error {
	if !call.Plan.Validate.ValueBool() || call.State.Validate.ValueBool() {
		return nil
	}
	storage := &adminapi.ExternalStorage{
		ID: call.Plan.ExternalStorageID.ValueString(), Place: call.Plan.location(), ExternalID: call.Plan.ExternalID.ValueString(), Audience: call.Plan.Audience.ValueString(),
	}
	call.Plan.Status = call.State.Status
	validateStorage(ctx, call, storage, "Correct that, then apply again: the storage is validated again, in place.")
	return nil
}

// validateStorage validates the planned storage, and keeps the result. next
// says what to do when that is an error.
func validateStorage(ctx context.Context, call *lifecycle.Call[*externalStorageModel], storage *adminapi.ExternalStorage, next string) {
	m := call.Plan
	location, access := describeStorage(storage)
	object := fmt.Sprintf("%s, registered and kept in state: %s", m.label(), location)
	advice := "Check " + access + ". "
	m.Validate = types.BoolValue(false)
	call.Checkpoint(ctx, m)
	found, err := call.Client.ExternalStorages.Validate(ctx, storage.ID)
	switch {
	case err != nil && isRefusal(err):
		tfkit.AddAPIErrorAt(call.Diags, path.Root("validate"), object, advice+next, err)
		return
	case err != nil:
		call.AddError(object, err)
		return
	}
	m.flatten(found)
	checked := fmt.Sprintf("Object: %s\nStatus: %s\n\n", object, found.Status)
	switch found.Status {
	case adminapi.StorageUnhealthy:
		call.Checkpoint(ctx, m)
		call.Diags.AddAttributeError(path.Root("validate"), "External storage failed its validation", checked+"OpenAI tried the storage and cannot use it; the API returns no reason. "+advice+next)
		return
	case adminapi.StorageValidated:
	default:
		call.Diags.AddAttributeWarning(path.Root("validate"), "External storage is "+found.Status, checked+
			"OpenAI tried the storage and does not report it as validated; the API returns no reason. "+advice+"The next plan reads the status again.")
	}
	m.Validate = types.BoolValue(true)
}

// isRefusal reports whether the API handled the request, and refused it.
func isRefusal(err error) bool {
	e, ok := errors.AsType[*adminapi.Error](err)
	return ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict || e.Status == http.StatusUnprocessableEntity)
}

// externalStorageOrphans searches for registrations of the same storage for the
// project.
func externalStorageOrphans(_ context.Context, call *lifecycle.Call[*externalStorageModel]) *lifecycle.OrphanSearch {
	if !call.Knows("project_id", "aws", "azure", "gcp", "oci") {
		return nil
	}
	project, location := call.Plan.ProjectID.ValueString(), call.Plan.location()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("external storage %s of project %s", location.Bucket+location.Container, project), Parents: []string{project},
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.ExternalStorages.Orphans(ctx, project, location)
		},
	}
}

func listExternalStorage(ctx context.Context, client *adminapi.Client) ([]adminapi.ExternalStorage, error) {
	return client.ExternalStorages.List(ctx)
}

func listedExternalStorage(_ context.Context, storage *adminapi.ExternalStorage, _ *diag.Diagnostics) (string, *externalStorageModel) {
	var m externalStorageModel
	m.flatten(storage)
	name, _ := describeStorage(storage)
	return name, &m
}
