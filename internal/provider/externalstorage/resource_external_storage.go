package externalstorage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func externalStorage() lifecycle.Object[externalStorageModel] {
	return lifecycle.Object[externalStorageModel]{
		Core: lifecycle.Core[externalStorageModel]{
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
			Delete: func(ctx context.Context, call *lifecycle.Call[externalStorageModel]) error {
				return call.Client.ExternalStorages.Delete(ctx, call.State.ExternalStorageID.ValueString())
			},
			List: lifecycle.ListByProject("The external storage of one project or of all.",
				"Only that of this project (`proj_…`). Default: that of all projects, which takes no more requests.", "the external storage",
				listExternalStorage, func(s *adminapi.ExternalStorage) string { return s.ProjectID }, listedExternalStorage),
		},
		Create:  createExternalStorage,
		Update:  updateExternalStorage,
		Orphans: externalStorageOrphans,
	}
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
		MarkdownDescription: "Registers storage in AWS, Azure, Google Cloud or Oracle Cloud, in which OpenAI keeps the data of a project. The storage itself is neither made nor changed nor removed, and what is in it stays when the registration is destroyed. " +
			"When a project loses its last registration, the API puts its data retention back to that of the organization if it was managed by the customer.\n\n" +
			"Where the storage is cannot be changed, so that such a change replaces the registration: use `create_before_destroy`, so that the project is never without one.\n\n" +
			"After its registration the storage is tried once. A validation that fails, fails the apply, with what OpenAI found. The registration is in state all the same, and what happens next is Terraform's way with new objects that are not quite right: it is tainted, and the next apply replaces it. " +
			"To keep it, with its `external_id` or `audience`, run `terraform untaint` once the cloud is mended; the next apply validates it in place. A status of `degraded` or `pending` is a warning.\n\n" +
			"A cloud that has to know `external_id` or `audience` first takes two steps: register with `validate = false`, let the cloud trust OpenAI, then remove `validate`. A validation that fails then leaves the registration as it is, and the next apply tries again.",
		Attributes: attributes,
	}
}

// The lengths are checked apart: a regular expression that counts to hundreds
// takes milliseconds to compile, at every start of the provider.
var (
	awsBucket    = named(3, 63, `^[a-z0-9][a-z0-9.-]+[a-z0-9]$`, "must be the name of an S3 bucket, not its ARN or URL")
	gcpBucket    = named(3, 222, `^[a-z0-9][a-z0-9._-]+[a-z0-9]$`, "must be the name of a Cloud Storage bucket, without gs://")
	ociBucket    = named(1, 256, `^[A-Za-z0-9._-]+$`, "must be the name of an Object Storage bucket")
	azureAccount = named(3, 24, `^[a-z0-9]+$`, "must be the name of a storage account: 3 to 24 lower-case letters and digits")
	container    = named(3, 63, `^[a-z0-9]+(-[a-z0-9]+)*$`, "must be the name of a blob container, not its URL")
	tenancy      = stringvalidator.RegexMatches(regexp.MustCompile(`^ocid1\.tenancy\.[a-z0-9-]+\.[a-z0-9.-]+$`), "must be the OCID of a tenancy (ocid1.tenancy.…)")
)

// named accepts names of a form and of a length.
func named(shortest, longest int, form, message string) validator.String {
	return stringvalidator.All(stringvalidator.LengthBetween(shortest, longest), stringvalidator.RegexMatches(regexp.MustCompile(form), message))
}

// storagePlaceAttributes are the attributes that say where storage is.
func storagePlaceAttributes() map[string]schema.Attribute {
	cloud := func(description string, attributes map[string]schema.Attribute) schema.Attribute {
		return schema.SingleNestedAttribute{
			MarkdownDescription: description + " Exactly one of `aws`, `azure`, `gcp` and `oci` is given. A change of anything in it replaces the resource.",
			Optional:            true,
			Attributes:          attributes,
			PlanModifiers:       []planmodifier.Object{objectplanmodifier.RequiresReplace()},
		}
	}
	field := func(description string, rules ...validator.String) schema.Attribute {
		return schema.StringAttribute{
			MarkdownDescription: description + " Changing it replaces the resource.",
			Required:            true,
			Validators:          append([]validator.String{tfkit.Name()}, rules...),
		}
	}
	return map[string]schema.Attribute{
		"aws": cloud("A bucket in Amazon S3.", map[string]schema.Attribute{
			"bucket":   field("Name of the bucket.", awsBucket),
			"role_arn": field("ARN of the role that OpenAI assumes to use the bucket.", tfkit.AWSRoleARN()),
		}),
		"azure": cloud("A container in Azure Blob Storage.", map[string]schema.Attribute{
			"account_name":    field("Name of the storage account.", azureAccount),
			"container":       field("Name of the container.", container),
			"resource_group":  field("Resource group of the storage account."),
			"subscription_id": field("Id of the subscription."),
			"tenant_id":       field("Id of the tenant."),
		}),
		"gcp": cloud("A bucket in Google Cloud Storage.", map[string]schema.Attribute{
			"bucket":                           field("Name of the bucket.", gcpBucket),
			"workload_identity_pool_id":        field("Workload identity pool in which OpenAI is registered."),
			"workload_identity_project_number": field("Number of the project that has the pool.", tfkit.GCPProjectNumber()),
			"workload_identity_provider_id":    field("Provider of the pool that stands for OpenAI."),
		}),
		"oci": cloud("A bucket in Oracle Cloud Infrastructure.", map[string]schema.Attribute{
			"bucket":       field("Name of the bucket.", ociBucket),
			"region":       field("Region of the bucket, such as `eu-frankfurt-1`."),
			"tenancy_ocid": field("OCID of the tenancy.", tenancy),
		}),
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
		m.Validate = types.BoolValue(true) // it was validated elsewhere, if at all
	}
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// Storage is named differently in each cloud, by an object for each, of which
// one is configured.

// clouds are these objects.
func (m *externalStorageModel) clouds() map[string]*types.Object {
	return map[string]*types.Object{adminapi.CloudAWS: &m.AWS, adminapi.CloudAzure: &m.Azure, adminapi.CloudGCP: &m.GCP, adminapi.CloudOCI: &m.OCI}
}

// placeFields are the attributes of the object of a cloud.
func placeFields(cloud string, p *adminapi.StoragePlace) map[string]*string {
	switch cloud {
	case adminapi.CloudAWS:
		return map[string]*string{"bucket": &p.Bucket, "role_arn": &p.RoleARN}
	case adminapi.CloudAzure:
		return map[string]*string{
			"account_name": &p.AccountName, "container": &p.Container, "resource_group": &p.ResourceGroup,
			"subscription_id": &p.SubscriptionID, "tenant_id": &p.TenantID,
		}
	case adminapi.CloudGCP:
		return map[string]*string{
			"bucket": &p.Bucket, "workload_identity_pool_id": &p.PoolID,
			"workload_identity_project_number": &p.ProjectNumber, "workload_identity_provider_id": &p.ProviderID,
		}
	default:
		return map[string]*string{"bucket": &p.Bucket, "region": &p.Region, "tenancy_ocid": &p.TenancyOCID}
	}
}

// place returns where the configured storage is.
func (m *externalStorageModel) place() (p adminapi.StoragePlace) {
	for cloud, object := range m.clouds() {
		if object.IsNull() {
			continue
		}
		p.Cloud = cloud
		for name, field := range placeFields(cloud, &p) {
			if text, ok := object.Attributes()[name].(types.String); ok {
				*field = text.ValueString()
			}
		}
	}
	return p
}

// setPlace leaves all objects null for a cloud that this version does not know.
func (m *externalStorageModel) setPlace(p adminapi.StoragePlace) {
	for cloud, object := range m.clouds() {
		kinds, values := map[string]attr.Type{}, map[string]attr.Value{}
		for name, field := range placeFields(cloud, &p) {
			kinds[name], values[name] = types.StringType, types.StringValue(*field)
		}
		*object = types.ObjectNull(kinds)
		if cloud == p.Cloud {
			*object = types.ObjectValueMust(kinds, values)
		}
	}
}

// describeStorage names the storage, and what has to be right for OpenAI to use it.
func describeStorage(s *adminapi.ExternalStorage) (place, access string) {
	p := s.Place
	switch p.Cloud {
	case adminapi.CloudAWS:
		return fmt.Sprintf("bucket %q in AWS, through the role %s", p.Bucket, p.RoleARN),
			fmt.Sprintf("that the bucket exists, that the role may read and write it, and that the role's trust policy lets OpenAI assume it with the external id %q", s.ExternalID)
	case adminapi.CloudAzure:
		return fmt.Sprintf("container %q of the storage account %q in Azure", p.Container, p.AccountName),
			fmt.Sprintf("that the container exists in resource group %q of subscription %s, and that OpenAI's application in tenant %s may read and write it", p.ResourceGroup, p.SubscriptionID, p.TenantID)
	case adminapi.CloudGCP:
		return fmt.Sprintf("bucket %q in Google Cloud, through the workload identity provider %s/%s of project %s", p.Bucket, p.PoolID, p.ProviderID, p.ProjectNumber),
			fmt.Sprintf("that the bucket exists, that the provider accepts tokens for the audience %q, and that the pool's identity may read and write the bucket", s.Audience)
	case adminapi.CloudOCI:
		return fmt.Sprintf("bucket %q in region %s of Oracle Cloud", p.Bucket, p.Region),
			fmt.Sprintf("that the bucket exists, and that a policy of tenancy %s lets OpenAI read and write it", p.TenancyOCID)
	default:
		return "storage in " + p.Cloud, "that the storage exists, and that OpenAI may read and write it"
	}
}

// checkOneCloud refuses storage in no cloud, or in several.
func checkOneCloud(_ context.Context, call *lifecycle.Call[externalStorageModel]) {
	var configured []string
	clouds, unknown := call.Config.clouds(), false
	for _, cloud := range slices.Sorted(maps.Keys(clouds)) {
		switch object := clouds[cloud]; {
		case object.IsUnknown():
			unknown = true
		case !object.IsNull():
			configured = append(configured, cloud)
		}
	}
	const rule = "Exactly one of these attributes must be configured: [aws,azure,gcp,oci]"
	switch {
	case len(configured) > 1:
		call.Diags.AddAttributeError(path.Root(configured[0]), "Invalid Attribute Combination", rule)
	case len(configured) == 0 && !unknown:
		call.Diags.AddError("Missing Attribute Configuration", rule)
	}
}

// planExternalStorage lets a validation find another status.
func planExternalStorage(_ context.Context, call *lifecycle.Call[externalStorageModel]) {
	if call.State == nil || call.Plan == nil || call.State.Validate.ValueBool() {
		return
	}
	if call.Plan.Validate.IsUnknown() || call.Plan.Validate.ValueBool() {
		call.Plan.Status = types.StringUnknown()
	}
}

func createExternalStorage(ctx context.Context, call *lifecycle.Call[externalStorageModel]) error {
	created, err := call.Client.ExternalStorages.Create(ctx, call.Plan.ProjectID.ValueString(), call.Plan.place())
	if err != nil {
		return err
	}
	call.Plan.flatten(created)
	if call.Plan.Validate.ValueBool() {
		validateStorage(ctx, call, created, "Mend that, then apply again: Terraform registers the storage anew. "+
			"To keep this registration, run terraform untaint on the resource first; applying then validates it in place.")
	}
	return nil
}

func readExternalStorage(ctx context.Context, call *lifecycle.Call[externalStorageModel]) error {
	found, err := call.Client.ExternalStorages.Get(ctx, call.State.ExternalStorageID.ValueString())
	if err == nil {
		call.State.flatten(found)
	}
	return err
}

// updateExternalStorage validates, if that is asked for now. All else replaces.
func updateExternalStorage(ctx context.Context, call *lifecycle.Call[externalStorageModel]) error {
	if !call.Plan.Validate.ValueBool() || call.State.Validate.ValueBool() {
		return nil
	}
	storage := &adminapi.ExternalStorage{
		ID: call.Plan.ExternalStorageID.ValueString(), Place: call.Plan.place(), ExternalID: call.Plan.ExternalID.ValueString(), Audience: call.Plan.Audience.ValueString(),
	}
	call.Plan.Status = call.State.Status
	validateStorage(ctx, call, storage, "Mend that, then apply again: the storage is validated again, in place.")
	return nil
}

// validateStorage validates the planned storage, and keeps what OpenAI found.
// next says what to do when that is an error.
func validateStorage(ctx context.Context, call *lifecycle.Call[externalStorageModel], storage *adminapi.ExternalStorage, next string) {
	m := call.Plan
	place, access := describeStorage(storage)
	object := fmt.Sprintf("%s, registered and kept in state: %s", m.label(), place)
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
		call.Diags.AddAttributeError(path.Root("validate"), "External storage failed its validation", checked+"OpenAI tried the storage and cannot use it; the API tells no more. "+advice+next)
		return
	case adminapi.StorageValidated:
	default:
		call.Diags.AddAttributeWarning(path.Root("validate"), "External storage is "+found.Status, checked+
			"OpenAI tried the storage and does not call it validated; the API tells no more. "+advice+"The next plan reads the status again.")
	}
	m.Validate = types.BoolValue(true)
}

// isRefusal reports whether the API did what was asked, and refused.
func isRefusal(err error) bool {
	e, ok := errors.AsType[*adminapi.Error](err)
	return ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict || e.Status == http.StatusUnprocessableEntity)
}

// externalStorageOrphans searches for registrations of the same storage for the
// project.
func externalStorageOrphans(_ context.Context, call *lifecycle.Call[externalStorageModel]) *lifecycle.OrphanSearch {
	if !call.Knows("project_id", "aws", "azure", "gcp", "oci") {
		return nil
	}
	project, place := call.Plan.ProjectID.ValueString(), call.Plan.place()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("external storage %s of project %s", place.Bucket+place.Container, project), Parents: []string{project},
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.ExternalStorages.Orphans(ctx, project, place)
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
