package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	externalStoragesPath = "/organization/external_storage"
	externalStoragePath  = externalStoragesPath + "/{external_storage_id}"
)

// The statuses of external storage that the provider knows.
const (
	StorageValidated = "validated"
	StorageUnhealthy = "unhealthy"
)

// StoragePlace is the storage of a registration. Fields that do not apply to
// the cloud are empty.
type StoragePlace struct {
	// Cloud is one of the clouds above.
	Cloud string
	// Bucket is of AWS, GCP and OCI, RoleARN of AWS.
	Bucket, RoleARN string
	// Of Azure.
	AccountName, Container, ResourceGroup, SubscriptionID, TenantID string
	// Of GCP.
	PoolID, ProjectNumber, ProviderID string
	// Of OCI.
	Region, TenancyOCID string
}

// ExternalStorage is the registration of storage in a cloud of the customer's.
type ExternalStorage struct {
	ID, ProjectID string
	Place         StoragePlace
	// Region, AccountID, ExternalID and Audience are values that the API adds to
	// the place, empty where the cloud has no such thing.
	Region, AccountID, ExternalID, Audience string
	Geography, Status                       string
	// Object is the type of the object, as the API names it.
	Object string
	// CreatedAt is in Unix seconds.
	CreatedAt int64
}

var externalStorage = converted(func(s *openai.ExternalStorageConfiguration) (*ExternalStorage, error) {
	if !isText(s.JSON.ID) || !validID(s.ID) || !isText(s.JSON.ProjectID) || !isText(s.Provider.JSON.Type) || !isText(s.JSON.Status) || !s.JSON.CreatedAt.Valid() {
		return nil, errIncomplete
	}
	p := s.Provider
	out := &ExternalStorage{
		ID: s.ID, ProjectID: s.ProjectID, Place: StoragePlace{Cloud: p.Type}, Region: p.Region, AccountID: p.AccountID, ExternalID: p.ExternalID, Audience: p.Audience,
		Geography: s.Geography, Status: string(s.Status), Object: string(s.Object), CreatedAt: s.CreatedAt,
	}
	location := &out.Place
	switch p.Type {
	case CloudAWS:
		location.Bucket, location.RoleARN = p.Bucket, p.RoleArn
	case CloudAzure:
		location.AccountName, location.Container, location.ResourceGroup, location.SubscriptionID, location.TenantID = p.AccountName, p.Container, p.ResourceGroup, p.SubscriptionID, p.TenantID
	case CloudGCP:
		location.Bucket, location.PoolID, location.ProjectNumber, location.ProviderID = p.Bucket, p.WorkloadIdentityPoolID, p.WorkloadIdentityProjectNumber, p.WorkloadIdentityProviderID
	case CloudOCI:
		location.Bucket, location.Region, location.TenancyOCID = p.Bucket, p.Region, p.TenancyOcid
	}
	return out, nil
})

// ExternalStorages are the external storage of the organization's projects. A
// registration cannot be changed.
type ExternalStorages struct {
	client *Client
	sdk    openai.AdminOrganizationExternalStorageService
	shared *cache.Collection[ExternalStorage]
}

func newExternalStorages(c *Client, sdk openai.AdminOrganizationExternalStorageService) *ExternalStorages {
	return &ExternalStorages{client: c, sdk: sdk, shared: itemList(c, transport.Read("list external storage", externalStoragesPath), externalStorage,
		func(s ExternalStorage) string { return s.ID },
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[openai.ExternalStorageConfiguration], error) {
			return sdk.List(ctx, openai.AdminOrganizationExternalStorageListParams{}, opts...)
		})}
}

// List returns every registration of the organization.
func (e *ExternalStorages) List(ctx context.Context) ([]ExternalStorage, error) {
	return e.shared.All(ctx)
}

// Create registers storage for a project, exactly once.
func (e *ExternalStorages) Create(ctx context.Context, projectID string, location StoragePlace) (*ExternalStorage, error) {
	return e.creation(projectID, location).run(ctx, e.client)
}

func (e *ExternalStorages) creation(projectID string, location StoragePlace) creation[ExternalStorage, ExternalStorage] {
	return creation[ExternalStorage, ExternalStorage]{
		operation: "register external storage",
		object:    "external_storage",
		alike:     projectID + "\x00" + location.Bucket + location.Container,
		send: func(ctx context.Context) (*ExternalStorage, error) {
			return call(ctx, e.client, transport.Create("register external storage", externalStoragesPath),
				func(ctx context.Context, opts ...option.RequestOption) (*ExternalStorage, error) {
					return externalStorage(e.sdk.New(ctx, openai.AdminOrganizationExternalStorageNewParams{ProjectID: projectID, Provider: location.params()}, opts...))
				})
		},
		record: func(s ExternalStorage) {
			e.client.recent.Add(s.ID)
			e.shared.Put(s)
		},
		list:      e.shared,
		equal:     func(s ExternalStorage) bool { return s.ProjectID == projectID && s.Place == location },
		createdAt: func(s ExternalStorage) int64 { return s.CreatedAt },
		adopt:     func(s ExternalStorage) ExternalStorage { return s },
	}
}

func (p StoragePlace) params() (params openai.AdminOrganizationExternalStorageNewParamsProviderUnion) {
	switch p.Cloud {
	case CloudAWS:
		params.OfAws = &openai.AdminOrganizationExternalStorageNewParamsProviderAws{Bucket: p.Bucket, RoleArn: p.RoleARN}
	case CloudAzure:
		params.OfAzure = &openai.AdminOrganizationExternalStorageNewParamsProviderAzure{
			AccountName: p.AccountName, Container: p.Container, ResourceGroup: p.ResourceGroup, SubscriptionID: p.SubscriptionID, TenantID: p.TenantID,
		}
	case CloudGCP:
		params.OfGcp = &openai.AdminOrganizationExternalStorageNewParamsProviderGcp{
			Bucket: p.Bucket, WorkloadIdentityPoolID: p.PoolID, WorkloadIdentityProjectNumber: p.ProjectNumber, WorkloadIdentityProviderID: p.ProviderID,
		}
	case CloudOCI:
		params.OfOci = &openai.AdminOrganizationExternalStorageNewParamsProviderOci{Bucket: p.Bucket, Region: p.Region, TenancyOcid: p.TenancyOCID}
	}
	return params
}

// Validate lets OpenAI try the storage, and returns the registration with the
// status that it has then.
func (e *ExternalStorages) Validate(ctx context.Context, id string) (*ExternalStorage, error) {
	got, err := call(ctx, e.client, transport.Update("validate external storage", externalStoragePath+"/validate"),
		func(ctx context.Context, opts ...option.RequestOption) (*ExternalStorage, error) {
			return externalStorage(e.sdk.Validate(ctx, id, opts...))
		})
	if err == nil {
		e.shared.Put(*got)
	}
	return got, err
}

// Get returns a registration.
func (e *ExternalStorages) Get(ctx context.Context, id string) (*ExternalStorage, error) {
	return getListed(ctx, e.client, e.shared, id, transport.Read("read external storage", externalStoragePath),
		func(ctx context.Context, opts ...option.RequestOption) (*ExternalStorage, error) {
			return externalStorage(e.sdk.Get(ctx, id, opts...))
		})
}

// Delete disconnects storage; its content stays. One that is not there is a
// success.
func (e *ExternalStorages) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, e.client, e.shared, id, transport.Remove("disconnect external storage", externalStoragePath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ExternalStorageDeleted, error) {
			return e.sdk.Delete(ctx, id, opts...)
		})
}
