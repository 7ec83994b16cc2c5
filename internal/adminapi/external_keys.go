package adminapi

import (
	"context"
	"maps"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/packages/respjson"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	externalKeysPath = "/organization/external_keys"
	externalKeyPath  = externalKeysPath + "/{external_key_id}"
)

// The clouds that keys and external storage can be in.
const (
	CloudAWS   = "aws"
	CloudGCP   = "gcp"
	CloudAzure = "azure"
	CloudOCI   = "oci"
)

// ExternalKey is the registration of a key in a cloud of the customer's.
type ExternalKey struct {
	ID, Name string
	// Cloud is where the key is: one of the clouds above.
	Cloud string
	// Purpose is ekm or psp_decryption.
	Purpose string
	// Fields name the key there, by the API's names, without those that do not
	// apply to the cloud.
	Fields map[string]string
	// ProjectIDs are the projects that use the key.
	ProjectIDs  []string
	WorkspaceID string
	// Object is the type of the object, as the API names it.
	Object string
	// CreatedAt is in Unix seconds.
	CreatedAt int64
}

var externalKey = converted(func(k *openai.ExternalKey) (*ExternalKey, error) {
	if !isText(k.JSON.ID) || !validID(k.ID) || !isText(k.JSON.Type) || !k.JSON.APIProjectIDs.Valid() || !k.JSON.CreatedAt.Valid() {
		return nil, errIncomplete
	}
	out := &ExternalKey{
		ID: k.ID, Name: k.Name, Cloud: k.Type, Purpose: string(k.Purpose), Fields: map[string]string{}, ProjectIDs: k.APIProjectIDs,
		WorkspaceID: k.WorkspaceID, Object: k.Object, CreatedAt: k.CreatedAt,
	}
	for _, field := range []struct {
		name, value string
		sent        respjson.Field
	}{
		{"audience", k.Audience, k.JSON.Audience},
		{"external_id", k.ExternalID, k.JSON.ExternalID},
		{"key_name", k.KeyName, k.JSON.KeyName},
		{"key_ocid", k.KeyOcid, k.JSON.KeyOcid},
		{"key_version", k.KeyVersion, k.JSON.KeyVersion},
		{"key_version_ocid", k.KeyVersionOcid, k.JSON.KeyVersionOcid},
		{"kms_arn", k.KmsArn, k.JSON.KmsArn},
		{"kms_key_location", k.KmsKeyLocation, k.JSON.KmsKeyLocation},
		{"kms_key_name", k.KmsKeyName, k.JSON.KmsKeyName},
		{"kms_key_ring_name", k.KmsKeyRingName, k.JSON.KmsKeyRingName},
		{"kms_key_version", k.KmsKeyVersion, k.JSON.KmsKeyVersion},
		{"kms_project_id", k.KmsProjectID, k.JSON.KmsProjectID},
		{"region", k.Region, k.JSON.Region},
		{"role_arn", k.RoleArn, k.JSON.RoleArn},
		{"tenant_id", k.TenantID, k.JSON.TenantID},
		{"vault_ocid", k.VaultOcid, k.JSON.VaultOcid},
		{"vault_uri", k.VaultUri, k.JSON.VaultUri},
		{"workload_identity_pool_id", k.WorkloadIdentityPoolID, k.JSON.WorkloadIdentityPoolID},
		{"workload_identity_project_number", k.WorkloadIdentityProjectNumber, k.JSON.WorkloadIdentityProjectNumber},
		{"workload_identity_provider_id", k.WorkloadIdentityProviderID, k.JSON.WorkloadIdentityProviderID},
	} {
		if field.sent.Valid() && field.value != "" {
			out.Fields[field.name] = field.value
		}
	}
	return out, nil
})

// ExternalKeys are the external keys of the organization. They cannot be
// changed.
type ExternalKeys struct {
	client *Client
	sdk    openai.AdminOrganizationExternalKeyService
	shared *cache.Collection[ExternalKey]
}

func newExternalKeys(c *Client, sdk openai.AdminOrganizationExternalKeyService) *ExternalKeys {
	return &ExternalKeys{client: c, sdk: sdk, shared: itemList(c, transport.Read("list external keys", externalKeysPath), externalKey,
		func(k ExternalKey) string { return k.ID },
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[openai.ExternalKey], error) {
			return sdk.List(ctx, openai.AdminOrganizationExternalKeyListParams{}, opts...)
		})}
}

// Create registers a key, exactly once.
func (e *ExternalKeys) Create(ctx context.Context, want ExternalKey) (*ExternalKey, error) {
	return e.creation(want).run(ctx, e.client)
}

func (e *ExternalKeys) creation(want ExternalKey) creation[ExternalKey, ExternalKey] {
	return creation[ExternalKey, ExternalKey]{
		operation: "register external key",
		object:    "external_key",
		alike:     want.Name,
		send: func(ctx context.Context) (*ExternalKey, error) {
			return call(ctx, e.client, transport.Create("register external key", externalKeysPath),
				func(ctx context.Context, opts ...option.RequestOption) (*ExternalKey, error) {
					return externalKey(e.sdk.New(ctx, newKeyParams(want), opts...))
				})
		},
		record: func(k ExternalKey) {
			e.client.recent.Add(k.ID)
			e.shared.Put(k)
		},
		list: e.shared,
		equal: func(k ExternalKey) bool {
			return sameName(k.Name, want.Name) && k.Cloud == want.Cloud && (k.Purpose == "" || k.Purpose == want.Purpose) && maps.Equal(k.Fields, want.Fields)
		},
		createdAt: func(k ExternalKey) int64 { return k.CreatedAt },
		adopt:     func(k ExternalKey) ExternalKey { return k },
	}
}

func newKeyParams(k ExternalKey) (params openai.AdminOrganizationExternalKeyNewParams) {
	f := k.Fields
	optionalField := func(name string) param.Opt[string] {
		if f[name] == "" {
			return param.Opt[string]{}
		}
		return openai.String(f[name])
	}
	switch k.Cloud {
	case CloudAWS:
		params.OfAws = &openai.AdminOrganizationExternalKeyNewParamsBodyAws{
			Name: k.Name, Purpose: openai.String(k.Purpose), KmsArn: f["kms_arn"], RoleArn: f["role_arn"], ExternalID: f["external_id"],
		}
	case CloudGCP:
		params.OfGcp = &openai.AdminOrganizationExternalKeyNewParamsBodyGcp{
			Name: k.Name, Purpose: openai.String(k.Purpose), Audience: f["audience"],
			KmsProjectID: f["kms_project_id"], KmsKeyLocation: f["kms_key_location"], KmsKeyRingName: f["kms_key_ring_name"], KmsKeyName: f["kms_key_name"],
			KmsKeyVersion: optionalField("kms_key_version"), WorkloadIdentityPoolID: f["workload_identity_pool_id"],
			WorkloadIdentityProjectNumber: f["workload_identity_project_number"], WorkloadIdentityProviderID: f["workload_identity_provider_id"],
		}
	case CloudAzure:
		params.OfAzure = &openai.AdminOrganizationExternalKeyNewParamsBodyAzure{
			Name: k.Name, Purpose: openai.String(k.Purpose), TenantID: f["tenant_id"], VaultURI: f["vault_uri"],
			KeyName: f["key_name"], KeyVersion: optionalField("key_version"),
		}
	case CloudOCI:
		params.OfOci = &openai.AdminOrganizationExternalKeyNewParamsBodyOci{
			Name: k.Name, Purpose: openai.String(k.Purpose), Region: f["region"], VaultOcid: f["vault_ocid"],
			KeyOcid: f["key_ocid"], KeyVersionOcid: optionalField("key_version_ocid"),
		}
	}
	return params
}

// Validate lets OpenAI try the key, and returns its status.
func (e *ExternalKeys) Validate(ctx context.Context, id string) (string, error) {
	got, err := call(ctx, e.client, transport.Update("validate external key", externalKeyPath+"/validate"),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationExternalKeyValidateResponse, error) {
			got, err := e.sdk.Validate(ctx, id, opts...)
			if err == nil && (got == nil || !isText(got.JSON.Status)) {
				return nil, errIncomplete
			}
			return got, err
		})
	if err != nil {
		return "", err
	}
	return got.Status, nil
}

// Get returns a registration.
func (e *ExternalKeys) Get(ctx context.Context, id string) (*ExternalKey, error) {
	return getListed(ctx, e.client, e.shared, id, transport.Read("read external key", externalKeyPath),
		func(ctx context.Context, opts ...option.RequestOption) (*ExternalKey, error) {
			return externalKey(e.sdk.Get(ctx, id, opts...))
		})
}

// List returns the external keys of the organization.
func (e *ExternalKeys) List(ctx context.Context) ([]ExternalKey, error) { return e.shared.All(ctx) }

// Delete removes a registration; the key itself stays. One that is not there is
// a success.
func (e *ExternalKeys) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, e.client, e.shared, id, transport.Remove("remove external key", externalKeyPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ExternalKey, error) {
			return e.sdk.Delete(ctx, id, opts...)
		})
}
