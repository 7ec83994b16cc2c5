package externalkey

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func externalKey() lifecycle.Object[*externalKeyModel] {
	return lifecycle.Object[*externalKeyModel]{
		Core: lifecycle.Core[*externalKeyModel]{
			Type:     "external_key",
			Schema:   externalKeySchema,
			Identity: []lifecycle.Identifier{{Name: "external_key_id", Description: "Id of the registration."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/external_keys/{external_key_id}"))
			},
			Label:  (*externalKeyModel).label,
			Legacy: lifecycle.AsOfficial("openai_external_key"),
			Validate: func(_ context.Context, call *lifecycle.Call[*externalKeyModel]) {
				call.Config.check(call.Diags)
			},
			Read: readExternalKey,
			Delete: func(ctx context.Context, call *lifecycle.Call[*externalKeyModel]) error {
				return call.Client.ExternalKeys.Delete(ctx, call.State.ExternalKeyID.ValueString())
			},
			List: lifecycle.ListOrganization("The registered external keys.", "the external keys", listExternalKeys, listedExternalKey),
		},
		Create: createExternalKey,
		// A change of any argument replaces the key, so that nothing is sent.
		Update:  func(context.Context, *lifecycle.Call[*externalKeyModel]) error { return nil },
		Orphans: externalKeyOrphans,
	}
}

// The purposes of a key that the provider knows.
const (
	purposeEKM = "ekm"
	purposePSP = "psp_decryption"
)

func externalKeySchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the registration. Changing it replaces the resource.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{tfkit.NewName(), stringplanmodifier.RequiresReplace()},
		},
		"purpose": schema.StringAttribute{
			MarkdownDescription: "Purpose of the key: `ekm` to encrypt the data of projects, or `psp_decryption`. Default: `ekm`. Changing it replaces the resource.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(purposeEKM),
			Validators:          []validator.String{tfkit.OpenEnum(purposeEKM, purposePSP)},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"type":              tfkit.ComputedString("Cloud of the key: `aws`, `gcp`, `azure` or `oci`."),
		"external_key_id":   tfkit.ComputedString("Id of the registration (`extkey_…`), for the `external_key_id` of projects."),
		"workspace_id":      tfkit.ComputedString("ChatGPT workspace of the registration; empty when there is none."),
		"object":            tfkit.ComputedString("Type of the object, as the API names it."),
		"created_at":        tfkit.ComputedInt64("When the key was registered, in Unix seconds."),
		"validation_status": tfkit.ComputedString("Result of the validation after the registration, as the API returns it; null after an import."),
		"api_project_ids": schema.SetAttribute{
			MarkdownDescription: "Projects that use the key. Plans never show a change of this set.",
			ElementType:         types.StringType,
			Computed:            true,
			PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
	}
	maps.Copy(attributes, keyFieldAttributes())
	return schema.Schema{
		MarkdownDescription: "A registration of a key in AWS, Google Cloud, Azure or Oracle Cloud, with which OpenAI encrypts the data of projects. The resource does not create, change or remove the key itself.\n\n" +
			"A registration cannot be changed, so every change replaces it. Set `create_before_destroy` if projects use the key. " +
			"OpenAI validates the key once, after the registration. If the validation fails, the error has the reason. The API removes a registration only when no project uses it.\n\n" +
			"OpenAI must enable external keys for the organization first. The API cannot delete the key of a ChatGPT workspace.",
		Attributes: attributes,
	}
}

var keyFieldDescriptions = map[string]string{
	"audience":                         "GCP: audience of OpenAI's token: the id of the organization or of one of its projects.",
	"external_id":                      "AWS: external id with which OpenAI assumes the role: the id of the organization or of one of its projects.",
	"key_name":                         "Azure: name of the key in the vault: the id of the organization, two hyphens and a name, such as `org-123--production`.",
	"key_ocid":                         "OCI: OCID of the key in the vault.",
	"key_version":                      "Azure: exact version of the key. Required for `psp_decryption`; conflicts with other purposes.",
	"key_version_ocid":                 "OCI: OCID of the exact version of the key. Required for `psp_decryption`; conflicts with other purposes.",
	"kms_arn":                          "AWS: ARN of the KMS key.",
	"kms_key_location":                 "GCP: location of the key ring.",
	"kms_key_name":                     "GCP: name of the key.",
	"kms_key_ring_name":                "GCP: name of the key ring.",
	"kms_key_version":                  "GCP: exact version of the key. Required for `psp_decryption`; conflicts with other purposes.",
	"kms_project_id":                   "GCP: id of the project that has the key.",
	"region":                           "OCI: region of the vault, such as `eu-frankfurt-1`.",
	"role_arn":                         "AWS: ARN of the role that OpenAI assumes to use the key. It trusts `arn:aws:iam::790389265272:role/EnterpriseKeyManagement` and allows `kms:Encrypt` and `kms:Decrypt`.",
	"tenant_id":                        "Azure: id of the tenant.",
	"vault_ocid":                       "OCI: OCID of the vault.",
	"vault_uri":                        "Azure: HTTPS URI of the vault.",
	"workload_identity_pool_id":        "GCP: workload identity pool in which OpenAI is registered.",
	"workload_identity_project_number": "GCP: number of the project that has the pool.",
	"workload_identity_provider_id":    "GCP: provider of the pool for OpenAI.",
}

var awsKeyARN = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/.+$`)

// keyFieldAttributes are the attributes that name a key.
func keyFieldAttributes() map[string]schema.Attribute {
	rules := map[string]validator.String{
		"kms_arn":                          stringvalidator.RegexMatches(awsKeyARN, "must be the ARN of a KMS key or alias"),
		"role_arn":                         tfkit.AWSRoleARN(),
		"workload_identity_project_number": tfkit.GCPProjectNumber(),
		"vault_uri":                        tfkit.HTTPSURL(),
		"key_ocid":                         tfkit.OCID("key"),
		"key_version_ocid":                 tfkit.OCID("keyversion"),
		"vault_ocid":                       tfkit.OCID("vault"),
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

type externalKeyModel struct {
	Name             types.String `tfsdk:"name"`
	Purpose          types.String `tfsdk:"purpose"`
	Type             types.String `tfsdk:"type"`
	ExternalKeyID    types.String `tfsdk:"external_key_id"`
	WorkspaceID      types.String `tfsdk:"workspace_id"`
	Object           types.String `tfsdk:"object"`
	CreatedAt        types.Int64  `tfsdk:"created_at"`
	ValidationStatus types.String `tfsdk:"validation_status"`
	APIProjectIDs    types.Set    `tfsdk:"api_project_ids"`
	keyFields
}

// label names the registration in diagnostics.
func (m *externalKeyModel) label() string {
	return lifecycle.Label("external key", m.Name.ValueString(), m.ExternalKeyID.ValueString())
}

// A key is named differently in each cloud, by attributes that stand side by
// side, as in the API's answers. Those of one cloud are configured.

// keyFields are the attributes that name a key.
type keyFields struct {
	Audience       types.String `tfsdk:"audience"`
	ExternalID     types.String `tfsdk:"external_id"`
	KeyName        types.String `tfsdk:"key_name"`
	KeyOCID        types.String `tfsdk:"key_ocid"`
	KeyVersion     types.String `tfsdk:"key_version"`
	KeyVersionOCID types.String `tfsdk:"key_version_ocid"`
	KMSARN         types.String `tfsdk:"kms_arn"`
	KMSKeyLocation types.String `tfsdk:"kms_key_location"`
	KMSKeyName     types.String `tfsdk:"kms_key_name"`
	KMSKeyRingName types.String `tfsdk:"kms_key_ring_name"`
	KMSKeyVersion  types.String `tfsdk:"kms_key_version"`
	KMSProjectID   types.String `tfsdk:"kms_project_id"`
	Region         types.String `tfsdk:"region"`
	RoleARN        types.String `tfsdk:"role_arn"`
	TenantID       types.String `tfsdk:"tenant_id"`
	VaultOCID      types.String `tfsdk:"vault_ocid"`
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
		"key_ocid": &f.KeyOCID, "key_version_ocid": &f.KeyVersionOCID, "region": &f.Region, "vault_ocid": &f.VaultOCID,
		"vault_uri": &f.VaultURI, "workload_identity_pool_id": &f.PoolID, "workload_identity_project_number": &f.ProjectNumber,
		"workload_identity_provider_id": &f.ProviderID,
	}
}

// keyCloud has the attributes of a key in a cloud.
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
	{adminapi.CloudOCI, []string{"region", "vault_ocid", "key_ocid"}, "key_version_ocid"},
}

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

// check reports errors in the attributes that name the key.
func (m *externalKeyModel) check(diags *diag.Diagnostics) {
	c := m.cloud()
	if c == nil {
		var choices []string
		for _, c := range keyClouds {
			choices = append(choices, fmt.Sprintf("%s (%s)", strings.Join(c.required, ", "), c.name))
		}
		diags.AddError("Exactly one cloud provider must be configured", "Configure the key of exactly one cloud, with all of these attributes: "+strings.Join(choices, "; ")+".")
		return
	}
	fields := m.byName()
	for _, name := range c.required {
		if fields[name].IsNull() {
			diags.AddAttributeError(path.Root(name), "Missing attribute", fmt.Sprintf("%s is required for a key in %s.", name, c.name))
		}
	}
	if c.version == "" || m.Purpose.IsUnknown() || fields[c.version].IsUnknown() {
		return
	}
	switch psp, given := m.Purpose.ValueString() == purposePSP, !fields[c.version].IsNull(); {
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

func (f *keyFields) flatten(values map[string]string) {
	for name, field := range f.byName() {
		*field = types.StringNull()
		if value, ok := values[name]; ok {
			*field = types.StringValue(value)
		}
	}
}

func (m *externalKeyModel) flatten(ctx context.Context, k *adminapi.ExternalKey, diags *diag.Diagnostics) {
	m.Name = types.StringValue(k.Name)
	m.Purpose = types.StringValue(purposeEKM)
	if k.Purpose != "" {
		m.Purpose = types.StringValue(k.Purpose)
	}
	m.Type = types.StringValue(k.Cloud)
	m.ExternalKeyID = types.StringValue(k.ID)
	m.WorkspaceID = types.StringValue(k.WorkspaceID)
	m.Object = types.StringValue(k.Object)
	m.CreatedAt = types.Int64Value(k.CreatedAt)
	m.APIProjectIDs = tfkit.StringSet(ctx, k.ProjectIDs, diags)
	m.keyFields.flatten(k.Fields)
}

// expand returns the registration as configured.
func (m *externalKeyModel) expand() adminapi.ExternalKey {
	k := adminapi.ExternalKey{Name: m.Name.ValueString(), Purpose: m.Purpose.ValueString(), Fields: m.values()}
	if c := m.cloud(); c != nil {
		k.Cloud = c.name
	}
	return k
}

func createExternalKey(ctx context.Context, call *lifecycle.Call[*externalKeyModel]) error {
	// Values that were unknown in the validation are known now.
	if call.Plan.check(call.Diags); call.Diags.HasError() {
		return nil
	}
	created, err := call.Client.ExternalKeys.Create(ctx, call.Plan.expand())
	if err != nil {
		return err
	}
	call.Plan.flatten(ctx, created, call.Diags)
	call.Plan.ValidationStatus = types.StringNull()
	call.Checkpoint(ctx, call.Plan)
	status, err := call.Client.ExternalKeys.Validate(ctx, created.ID)
	call.Plan.ValidationStatus = types.StringValue(status)
	return err
}

func readExternalKey(ctx context.Context, call *lifecycle.Call[*externalKeyModel]) error {
	found, err := call.Client.ExternalKeys.Get(ctx, call.State.ExternalKeyID.ValueString())
	if err == nil {
		call.State.flatten(ctx, found, call.Diags)
	}
	return err
}

// externalKeyOrphans searches for registrations of the same key with the same
// name.
func externalKeyOrphans(_ context.Context, call *lifecycle.Call[*externalKeyModel]) *lifecycle.OrphanSearch {
	if !call.Knows(append(slices.Collect(maps.Keys(keyFieldDescriptions)), "name")...) {
		return nil
	}
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.ExternalKeys.Orphans(ctx, call.Plan.expand())
		},
	}
}

func listExternalKeys(ctx context.Context, client *adminapi.Client) ([]adminapi.ExternalKey, error) {
	return client.ExternalKeys.List(ctx)
}

func listedExternalKey(ctx context.Context, key *adminapi.ExternalKey, diags *diag.Diagnostics) (string, *externalKeyModel) {
	var m externalKeyModel
	m.flatten(ctx, key, diags)
	return key.Name, &m
}
