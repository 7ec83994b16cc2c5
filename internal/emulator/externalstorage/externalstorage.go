// Package externalstorage serves the registrations of storage in other clouds.
package externalstorage

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of external storage.
func Routes(router api.Router) {
	const storage = "/organization/external_storage"
	router.Handle("GET "+storage, listExternalStorage)
	router.Handle("POST "+storage, createExternalStorage)
	router.Handle("GET "+storage+"/{external_storage_id}", getExternalStorage)
	router.Handle("DELETE "+storage+"/{external_storage_id}", removeExternalStorage)
	router.Handle("POST "+storage+"/{external_storage_id}/validate", validateExternalStorage)
	router.Control("POST /external_storage", playCloud)
}

// storageFields are the required fields of a registration in each cloud. The
// first names it.
var storageFields = map[string][]string{
	"aws":   {"bucket", "role_arn"},
	"azure": {"container", "account_name", "resource_group", "subscription_id", "tenant_id"},
	"gcp":   {"bucket", "workload_identity_pool_id", "workload_identity_project_number", "workload_identity_provider_id"},
	"oci":   {"bucket", "region", "tenancy_ocid"},
}

const (
	statusPending   = "pending"
	statusValidated = "validated"
	statusDegraded  = "degraded"
	statusUnhealthy = "unhealthy"
)

type externalStorageReply struct {
	ID        string            `json:"id"`
	Object    string            `json:"object"`
	ProjectID string            `json:"project_id"`
	Provider  map[string]string `json:"provider"`
	Geography string            `json:"geography"`
	Status    string            `json:"status"`
	CreatedAt int64             `json:"created_at"`
}

func newExternalStorageReply(s store.ExternalStorage) externalStorageReply {
	return externalStorageReply{
		ID: s.ID, Object: "organization.external_storage", ProjectID: s.ProjectID, Provider: s.Place,
		Geography: s.Geography, Status: s.Status, CreatedAt: s.CreatedAt,
	}
}

func pathExternalStorage(r *api.Request) (store.ExternalStorage, error) {
	id := r.PathValue("external_storage_id")
	storage, err := r.Tx.ExternalStorage(id)
	return storage, api.Or(err, api.NotFound("external storage", id))
}

func listExternalStorage(r *api.Request) (any, error) {
	all, err := r.Tx.ExternalStorages()
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	replies := []externalStorageReply{}
	for _, s := range all {
		if project := query.Get("project_id"); project == "" || project == s.ProjectID {
			replies = append(replies, newExternalStorageReply(s))
		}
	}
	return api.Paginate(r, replies, func(s externalStorageReply) string { return s.ID }, api.Limits{Min: 1, Max: 100, Default: 20}, "asc")
}

func getExternalStorage(r *api.Request) (any, error) {
	storage, err := pathExternalStorage(r)
	return newExternalStorageReply(storage), err
}

func createExternalStorage(r *api.Request) (any, error) {
	var asked struct {
		ProjectID string            `json:"project_id"`
		Provider  map[string]string `json:"provider"`
	}
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	if asked.ProjectID == "" {
		return nil, api.BadRequest("project_id", "Missing required parameter: 'project_id'.")
	}
	project, err := r.Tx.Project(asked.ProjectID)
	if err != nil {
		return nil, api.Or(err, api.NotFound("project", asked.ProjectID))
	}
	if project.ArchivedAt != nil {
		return nil, api.ProjectArchived(project.ID)
	}
	if err := checkPlace(asked.Provider); err != nil {
		return nil, err
	}
	location := derive(asked.Provider, project.ID)
	storage, err := r.Tx.AddExternalStorage(store.ExternalStorage{
		ProjectID: project.ID, Name: location[storageFields[location["type"]][0]], Place: location,
		Geography: geographyOf(location["region"]), Status: statusPending, CreatedAt: r.Now(),
	})
	if err != nil {
		return nil, err
	}
	registered := map[string]any{"geography": storage.Geography, "provider": storage.Place}
	return newExternalStorageReply(storage), r.Log("external_storage.registered", api.Change{ID: storage.ID, Data: registered})
}

func checkPlace(location map[string]string) error {
	fields, ok := storageFields[location["type"]]
	if !ok {
		return api.BadRequest("provider.type", "Invalid value: %q. Supported values are: 'aws', 'azure', 'gcp', 'oci'.", location["type"])
	}
	for _, name := range fields {
		if location[name] == "" {
			return api.BadRequest("provider."+name, "Missing required parameter: 'provider.%s'.", name)
		}
	}
	for name := range location {
		if name != "type" && !slices.Contains(fields, name) {
			return api.BadRequest("provider."+name, "Unknown parameter: 'provider.%s'.", name)
		}
	}
	if arn, ok := location["role_arn"]; ok && !api.RoleARN.MatchString(arn) {
		return api.BadRequest("provider.role_arn", "Invalid 'provider.role_arn': %q.", arn)
	}
	if number, ok := location["workload_identity_project_number"]; ok && !api.ProjectNumber.MatchString(number) {
		return api.BadRequest("provider.workload_identity_project_number", "Invalid 'provider.workload_identity_project_number': %q.", number)
	}
	return nil
}

// derive adds the values that the API finds out by itself. There is no cloud to
// ask, so that the regions are made up. OpenAI's own identity is not documented
// for storage; for keys it is the id of a project, too.
func derive(location map[string]string, project string) map[string]string {
	location = maps.Clone(location)
	switch location["type"] {
	case "aws":
		location["account_id"] = strings.Split(location["role_arn"], ":")[4]
		location["external_id"], location["region"] = project, "us-east-1"
	case "azure":
		location["region"] = "eastus"
	case "gcp":
		location["audience"], location["region"] = project, "us-east1"
	}
	return location
}

func geographyOf(region string) string {
	if strings.HasPrefix(region, "eu-") {
		return "EU"
	}
	return "US"
}

type externalStorageDeletedReply struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Deleted bool   `json:"deleted"`
}

func removeExternalStorage(r *api.Request) (any, error) {
	storage, err := pathExternalStorage(r)
	if err != nil {
		return nil, err
	}
	return externalStorageDeletedReply{storage.ID, "organization.external_storage.deleted", true},
		errors.Join(r.Tx.RemoveExternalStorage(storage.ID), r.Log("external_storage.removed", api.Change{ID: storage.ID}))
}

// validateExternalStorage finds storage in order unless a fault is set.
// Whether the API refuses or answers with a status when it is not is not
// documented, so that both can be had.
func validateExternalStorage(r *api.Request) (any, error) {
	storage, err := pathExternalStorage(r)
	if err != nil {
		return nil, err
	}
	trouble, err := r.Tx.StorageTrouble(storage.Name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		storage.Status = statusValidated
	case err != nil:
		return nil, err
	case trouble.Message != "":
		return nil, &api.Error{Status: http.StatusBadRequest, Type: "invalid_request_error", Code: trouble.Code, Message: trouble.Message}
	default:
		storage.Status = trouble.Status
	}
	return newExternalStorageReply(storage), r.Tx.SetStorageStatus(storage.ID, storage.Status)
}

type cloudReply struct {
	Object string `json:"object"`
	Name   string `json:"name"`
	Status string `json:"status"`
}

// playCloud puts a bucket or container out of order, or in order again. Storage
// that was validated before is monitored, and shows the change at once.
func playCloud(r *api.Request) (any, error) {
	var asked struct {
		Name    string `json:"name"`
		Status  string `json:"status"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	trouble := store.StorageTrouble(asked)
	if trouble.Name == "" {
		return nil, api.BadRequest("name", "Name the bucket or the container.")
	}
	if trouble.Status == "" && trouble.Message != "" {
		trouble.Status = statusUnhealthy
	}
	var err error
	switch trouble.Status {
	case statusValidated:
		err = r.Tx.ForgetStorageTrouble(trouble.Name)
	case statusPending, statusDegraded, statusUnhealthy:
		err = r.Tx.SetStorageTrouble(trouble)
	default:
		return nil, api.BadRequest("status", "Give a status: 'pending', 'validated', 'degraded' or 'unhealthy'; or a code and a message to refuse with.")
	}
	all, listErr := r.Tx.ExternalStorages()
	err = errors.Join(err, listErr)
	for _, s := range all {
		if s.Name == trouble.Name && s.Status != statusPending {
			err = errors.Join(err, r.Tx.SetStorageStatus(s.ID, trouble.Status))
		}
	}
	return cloudReply{"emulator.external_storage", trouble.Name, trouble.Status}, err
}
