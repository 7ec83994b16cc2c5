package trust

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Storage is named differently in each cloud, by an object for each, of which
// one is configured.

// storagePlace holds the attributes that say where storage is.
type storagePlace struct {
	AWS   *awsPlace   `tfsdk:"aws"`
	Azure *azurePlace `tfsdk:"azure"`
	GCP   *gcpPlace   `tfsdk:"gcp"`
	OCI   *ociPlace   `tfsdk:"oci"`
}

type awsPlace struct {
	Bucket  types.String `tfsdk:"bucket"`
	RoleARN types.String `tfsdk:"role_arn"`
}

type azurePlace struct {
	AccountName    types.String `tfsdk:"account_name"`
	Container      types.String `tfsdk:"container"`
	ResourceGroup  types.String `tfsdk:"resource_group"`
	SubscriptionID types.String `tfsdk:"subscription_id"`
	TenantID       types.String `tfsdk:"tenant_id"`
}

type gcpPlace struct {
	Bucket        types.String `tfsdk:"bucket"`
	PoolID        types.String `tfsdk:"workload_identity_pool_id"`
	ProjectNumber types.String `tfsdk:"workload_identity_project_number"`
	ProviderID    types.String `tfsdk:"workload_identity_provider_id"`
}

type ociPlace struct {
	Bucket      types.String `tfsdk:"bucket"`
	Region      types.String `tfsdk:"region"`
	TenancyOCID types.String `tfsdk:"tenancy_ocid"`
}

// value is the place as configured.
func (p *storagePlace) value() adminapi.StoragePlace {
	switch {
	case p.AWS != nil:
		return adminapi.StoragePlace{Cloud: adminapi.CloudAWS, Bucket: p.AWS.Bucket.ValueString(), RoleARN: p.AWS.RoleARN.ValueString()}
	case p.Azure != nil:
		return adminapi.StoragePlace{
			Cloud: adminapi.CloudAzure, AccountName: p.Azure.AccountName.ValueString(), Container: p.Azure.Container.ValueString(),
			ResourceGroup: p.Azure.ResourceGroup.ValueString(), SubscriptionID: p.Azure.SubscriptionID.ValueString(), TenantID: p.Azure.TenantID.ValueString(),
		}
	case p.GCP != nil:
		return adminapi.StoragePlace{
			Cloud: adminapi.CloudGCP, Bucket: p.GCP.Bucket.ValueString(), PoolID: p.GCP.PoolID.ValueString(),
			ProjectNumber: p.GCP.ProjectNumber.ValueString(), ProviderID: p.GCP.ProviderID.ValueString(),
		}
	case p.OCI != nil:
		return adminapi.StoragePlace{
			Cloud: adminapi.CloudOCI, Bucket: p.OCI.Bucket.ValueString(), Region: p.OCI.Region.ValueString(), TenancyOCID: p.OCI.TenancyOCID.ValueString(),
		}
	default:
		return adminapi.StoragePlace{}
	}
}

// take leaves everything empty in a cloud that this version does not know.
func (p *storagePlace) take(at adminapi.StoragePlace) {
	*p = storagePlace{}
	switch at.Cloud {
	case adminapi.CloudAWS:
		p.AWS = &awsPlace{types.StringValue(at.Bucket), types.StringValue(at.RoleARN)}
	case adminapi.CloudAzure:
		p.Azure = &azurePlace{
			types.StringValue(at.AccountName), types.StringValue(at.Container), types.StringValue(at.ResourceGroup),
			types.StringValue(at.SubscriptionID), types.StringValue(at.TenantID),
		}
	case adminapi.CloudGCP:
		p.GCP = &gcpPlace{types.StringValue(at.Bucket), types.StringValue(at.PoolID), types.StringValue(at.ProjectNumber), types.StringValue(at.ProviderID)}
	case adminapi.CloudOCI:
		p.OCI = &ociPlace{types.StringValue(at.Bucket), types.StringValue(at.Region), types.StringValue(at.TenancyOCID)}
	}
}

// inWords says what OpenAI tries, and access what has to be right for it.
func inWords(s *adminapi.ExternalStorage) (place, access string) {
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
			"role_arn": field("ARN of the role that OpenAI assumes to use the bucket.", stringvalidator.RegexMatches(awsRoleARN, "must be the ARN of an IAM role")),
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
			"workload_identity_project_number": field("Number of the project that has the pool.", stringvalidator.RegexMatches(projectNumber, "must be a project number")),
			"workload_identity_provider_id":    field("Provider of the pool that stands for OpenAI."),
		}),
		"oci": cloud("A bucket in Oracle Cloud Infrastructure.", map[string]schema.Attribute{
			"bucket":       field("Name of the bucket.", ociBucket),
			"region":       field("Region of the bucket, such as `eu-frankfurt-1`."),
			"tenancy_ocid": field("OCID of the tenancy.", tenancy),
		}),
	}
}
