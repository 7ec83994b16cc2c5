package trust

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// A key is named differently in each cloud, by attributes that stand side by
// side, as in the API's answers. Those of one cloud are configured.

// keyFields are the attributes that name a key.
type keyFields struct {
	Audience       types.String `tfsdk:"audience"`
	ExternalID     types.String `tfsdk:"external_id"`
	KeyName        types.String `tfsdk:"key_name"`
	KeyVersion     types.String `tfsdk:"key_version"`
	KMSARN         types.String `tfsdk:"kms_arn"`
	KMSKeyLocation types.String `tfsdk:"kms_key_location"`
	KMSKeyName     types.String `tfsdk:"kms_key_name"`
	KMSKeyRingName types.String `tfsdk:"kms_key_ring_name"`
	KMSKeyVersion  types.String `tfsdk:"kms_key_version"`
	KMSProjectID   types.String `tfsdk:"kms_project_id"`
	RoleARN        types.String `tfsdk:"role_arn"`
	TenantID       types.String `tfsdk:"tenant_id"`
	VaultURI       types.String `tfsdk:"vault_uri"`
	PoolID         types.String `tfsdk:"workload_identity_pool_id"`
	ProjectNumber  types.String `tfsdk:"workload_identity_project_number"`
	ProviderID     types.String `tfsdk:"workload_identity_provider_id"`
}

func (f *keyFields) byName() map[string]*types.String {
	return map[string]*types.String{
		"audience": &f.Audience, "external_id": &f.ExternalID, "key_name": &f.KeyName, "key_version": &f.KeyVersion, "kms_arn": &f.KMSARN,
		"kms_key_location": &f.KMSKeyLocation, "kms_key_name": &f.KMSKeyName, "kms_key_ring_name": &f.KMSKeyRingName,
		"kms_key_version": &f.KMSKeyVersion, "kms_project_id": &f.KMSProjectID, "role_arn": &f.RoleARN, "tenant_id": &f.TenantID,
		"vault_uri": &f.VaultURI, "workload_identity_pool_id": &f.PoolID, "workload_identity_project_number": &f.ProjectNumber,
		"workload_identity_provider_id": &f.ProviderID,
	}
}

// keyCloud is what a cloud has to say of a key.
type keyCloud struct {
	name string
	// required name the key, version its version, where there is one.
	required []string
	version  string
}

var keyClouds = []keyCloud{
	{adminapi.CloudAWS, []string{"kms_arn", "role_arn", "external_id"}, ""},
	{adminapi.CloudGCP, []string{"audience", "kms_project_id", "kms_key_location", "kms_key_ring_name", "kms_key_name",
		"workload_identity_pool_id", "workload_identity_project_number", "workload_identity_provider_id"}, "kms_key_version"},
	{adminapi.CloudAzure, []string{"tenant_id", "vault_uri", "key_name"}, "key_version"},
}

const purposePSP = "psp_decryption"

// cloud is the one whose attributes are configured, nil when they are those of
// none or of several.
func (f *keyFields) cloud() *keyCloud {
	var found []*keyCloud
	fields := f.byName()
	for i, c := range keyClouds {
		if slices.ContainsFunc(append([]string{c.version}, c.required...), func(name string) bool { return fields[name] != nil && !fields[name].IsNull() }) {
			found = append(found, &keyClouds[i])
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// check finds what is wrong with the attributes of a key for this purpose.
func (f *keyFields) check(purpose types.String, diags *diag.Diagnostics) {
	c := f.cloud()
	if c == nil {
		var choices []string
		for _, c := range keyClouds {
			choices = append(choices, fmt.Sprintf("%s (%s)", strings.Join(c.required, ", "), c.name))
		}
		diags.AddError("Not one cloud", "Name the key in exactly one cloud, with all of one of these: "+strings.Join(choices, "; ")+".")
		return
	}
	fields := f.byName()
	for _, name := range c.required {
		if fields[name].IsNull() {
			diags.AddAttributeError(path.Root(name), "Missing attribute", fmt.Sprintf("%s is required for a key in %s.", name, c.name))
		}
	}
	if c.version == "" || purpose.IsUnknown() || fields[c.version].IsUnknown() {
		return
	}
	switch psp, given := purpose.ValueString() == purposePSP, !fields[c.version].IsNull(); {
	case psp && !given:
		diags.AddAttributeError(path.Root(c.version), "Missing attribute", c.version+" is required when the purpose is psp_decryption.")
	case given && !psp:
		diags.AddAttributeError(path.Root(c.version), "Invalid attribute", c.version+" is only accepted when the purpose is psp_decryption.")
	}
}

// values are the attributes that are set.
func (f *keyFields) values() map[string]string {
	values := map[string]string{}
	for name, value := range f.byName() {
		if !value.IsNull() {
			values[name] = value.ValueString()
		}
	}
	return values
}

func (f *keyFields) take(values map[string]string) {
	for name, field := range f.byName() {
		*field = types.StringNull()
		if value, ok := values[name]; ok {
			*field = types.StringValue(value)
		}
	}
}

var keyFieldDescriptions = map[string]string{
	"audience":                         "GCP: audience of the token that OpenAI identifies itself with: the id of the organisation or of one of its projects.",
	"external_id":                      "AWS: external id that OpenAI assumes the role with: the id of the organisation or of one of its projects.",
	"key_name":                         "Azure: name of the key in the vault.",
	"key_version":                      "Azure: exact version of the key. Required for `psp_decryption`, and not accepted otherwise.",
	"kms_arn":                          "AWS: ARN of the KMS key.",
	"kms_key_location":                 "GCP: location of the key ring.",
	"kms_key_name":                     "GCP: name of the key.",
	"kms_key_ring_name":                "GCP: name of the key ring.",
	"kms_key_version":                  "GCP: exact version of the key. Required for `psp_decryption`, and not accepted otherwise.",
	"kms_project_id":                   "GCP: id of the project that has the key.",
	"role_arn":                         "AWS: ARN of the role that OpenAI assumes to use the key.",
	"tenant_id":                        "Azure: id of the tenant.",
	"vault_uri":                        "Azure: HTTPS URI of the vault.",
	"workload_identity_pool_id":        "GCP: workload identity pool in which OpenAI is registered.",
	"workload_identity_project_number": "GCP: number of the project that has the pool.",
	"workload_identity_provider_id":    "GCP: provider of the pool that stands for OpenAI.",
}

var (
	awsKeyARN     = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$`)
	awsRoleARN    = regexp.MustCompile(`^arn:aws:iam::\d{12}:role/.+$`)
	projectNumber = regexp.MustCompile(`^[0-9]{1,19}$`)
)

// keyFieldAttributes are the attributes that name a key.
func keyFieldAttributes() map[string]schema.Attribute {
	rules := map[string]validator.String{
		"kms_arn":                          stringvalidator.RegexMatches(awsKeyARN, "must be the ARN of a KMS key or alias"),
		"role_arn":                         stringvalidator.RegexMatches(awsRoleARN, "must be the ARN of an IAM role"),
		"workload_identity_project_number": stringvalidator.RegexMatches(projectNumber, "must be a project number"),
		"vault_uri":                        httpsURL(),
	}
	attributes := map[string]schema.Attribute{}
	for name, description := range keyFieldDescriptions {
		validators := []validator.String{tfkit.Name()}
		if rule, ok := rules[name]; ok {
			validators = append(validators, rule)
		}
		attributes[name] = schema.StringAttribute{
			MarkdownDescription: description + " Changing it replaces the resource.",
			Optional:            true,
			Validators:          validators,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		}
	}
	return attributes
}
