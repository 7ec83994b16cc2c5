package externalstorage

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Each cloud has an object of its own that names the storage. Exactly one is
// configured.

// The lengths are checked apart: a regular expression that counts to hundreds
// takes milliseconds to compile, at every start of the provider.
var (
	awsBucket    = named(3, 63, `^[a-z0-9][a-z0-9.-]+[a-z0-9]$`, "must be the name of an S3 bucket, not its ARN or URL")
	gcpBucket    = named(3, 222, `^[a-z0-9][a-z0-9._-]+[a-z0-9]$`, "must be the name of a Cloud Storage bucket, without gs://")
	ociBucket    = named(1, 256, `^[A-Za-z0-9._-]+$`, "must be the name of an Object Storage bucket")
	azureAccount = named(3, 24, `^[a-z0-9]+$`, "must be the name of a storage account: 3 to 24 lower-case letters and digits")
	container    = named(3, 63, `^[a-z0-9]+(-[a-z0-9]+)*$`, "must be the name of a blob container, not its URL")
	tenancy      = tfkit.OCID("tenancy")
)

// named accepts names of a form and of a length.
func named(shortest, longest int, form, message string) validator.String {
	return stringvalidator.All(stringvalidator.LengthBetween(shortest, longest), stringvalidator.RegexMatches(regexp.MustCompile(form), message))
}

// storagePlaceAttributes are the attributes that say where storage is.
func storagePlaceAttributes() map[string]schema.Attribute {
	cloud := func(description string, attributes map[string]schema.Attribute) schema.Attribute {
		return schema.SingleNestedAttribute{
			MarkdownDescription: description + " Configure exactly one of `aws`, `azure`, `gcp` and `oci`. Changing any of its attributes replaces the resource.",
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
			"workload_identity_provider_id":    field("Provider of the pool for OpenAI."),
		}),
		"oci": cloud("A bucket in Oracle Cloud Infrastructure.", map[string]schema.Attribute{
			"bucket":       field("Name of the bucket.", ociBucket),
			"region":       field("Region of the bucket, such as `eu-frankfurt-1`."),
			"tenancy_ocid": field("OCID of the tenancy.", tenancy),
		}),
	}
}

// checkOneCloud refuses storage in no cloud, or in several.
func checkOneCloud(_ context.Context, call *lifecycle.Call[*externalStorageModel]) {
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

// location returns the location of the configured storage.
func (m *externalStorageModel) location() (p adminapi.StoragePlace) {
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

// describeStorage names the storage, and the conditions for OpenAI to use it.
func describeStorage(s *adminapi.ExternalStorage) (location, access string) {
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
