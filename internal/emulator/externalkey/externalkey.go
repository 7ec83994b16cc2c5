// Package externalkey serves the registrations of encryption keys in other clouds.
package externalkey

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of external keys.
func Routes(router api.Router) {
	const keys = "/organization/external_keys"
	router.Handle("GET "+keys, listExternalKeys)
	router.Handle("POST "+keys, createExternalKey)
	router.Handle("GET "+keys+"/{external_key_id}", getExternalKey)
	router.Handle("DELETE "+keys+"/{external_key_id}", removeExternalKey)
	router.Handle("POST "+keys+"/{external_key_id}/validate", validateExternalKey)
}

// externalKey is a key in the cloud of a customer that data are encrypted with.
type externalKey struct {
	ID, Type, Name, Purpose string
	// Fields name the key, differently in each cloud.
	Fields    map[string]string
	CreatedAt int64
}

var externalKeys = store.Collection[externalKey]{Name: "external_keys"}

// ofOrganization is the parent of all external keys.
const ofOrganization = ""

// cloud has the fields of the registration of a key in a cloud.
type cloud struct {
	required []string
	// version is the field of the key's version, empty where there is none.
	version string
}

var clouds = map[string]cloud{
	"aws": {[]string{"external_id", "kms_arn", "role_arn"}, ""},
	"gcp": {[]string{"audience", "kms_project_id", "kms_key_location", "kms_key_ring_name", "kms_key_name",
		"workload_identity_pool_id", "workload_identity_project_number", "workload_identity_provider_id"}, "kms_key_version"},
	"azure": {[]string{"tenant_id", "vault_uri", "key_name"}, "key_version"},
	"oci":   {[]string{"key_ocid", "region", "vault_ocid"}, "key_version_ocid"},
}

const (
	purposeEKM = "ekm"
	purposePSP = "psp_decryption"
)

// externalKeyReply is flat: the fields of the cloud are next to the others.
type externalKeyReply struct {
	ID            string   `json:"id"`
	Object        string   `json:"object"`
	Type          string   `json:"type"`
	Name          string   `json:"name"`
	Purpose       string   `json:"purpose"`
	CreatedAt     int64    `json:"created_at"`
	APIProjectIDs []string `json:"api_project_ids"`
	// WorkspaceID belongs to ChatGPT, which the emulator does not have. A-31.
	WorkspaceID *string `json:"workspace_id,omitempty"`
	fields      map[string]string
}

// MarshalJSON adds the fields of the cloud.
func (k externalKeyReply) MarshalJSON() ([]byte, error) {
	type plain externalKeyReply
	fixed, err := json.Marshal(plain(k))
	if err != nil || len(k.fields) == 0 {
		return fixed, err
	}
	fields, err := json.Marshal(k.fields)
	return slices.Concat(fixed[:len(fixed)-1], []byte(","), fields[1:]), err
}

func newExternalKeyReply(r *api.Request, k externalKey) (externalKeyReply, error) {
	reply := externalKeyReply{
		ID: k.ID, Object: "organization.external_key", Type: k.Type, Name: k.Name, Purpose: k.Purpose, CreatedAt: k.CreatedAt,
		APIProjectIDs: []string{}, fields: k.Fields,
	}
	if !r.Behavior.OmitsWorkspace {
		reply.WorkspaceID = new(string)
	}
	projects, err := r.Tx.Projects(false)
	for _, p := range projects {
		if p.ExternalKeyID != nil && *p.ExternalKeyID == k.ID {
			reply.APIProjectIDs = append(reply.APIProjectIDs, p.ID)
		}
	}
	return reply, err
}

func pathExternalKey(r *api.Request) (externalKeyReply, error) {
	id := r.PathValue("external_key_id")
	key, err := externalKeys.Get(r.Tx, ofOrganization, id)
	if err != nil {
		return externalKeyReply{}, api.Or(err, api.NotFound("external key", id))
	}
	return newExternalKeyReply(r, key)
}

func listExternalKeys(r *api.Request) (any, error) {
	keys, err := externalKeys.List(r.Tx, ofOrganization)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	replies := []externalKeyReply{}
	for _, k := range keys {
		if purpose := query.Get("purpose"); purpose != "" && purpose != k.Purpose {
			continue
		}
		reply, err := newExternalKeyReply(r, k)
		if err != nil {
			return nil, err
		}
		replies = append(replies, reply)
	}
	return api.Paginate(r, replies, func(k externalKeyReply) string { return k.ID }, api.Limits{Min: 0, Max: 100, Default: 20}, "asc")
}

func getExternalKey(r *api.Request) (any, error) {
	reply, err := pathExternalKey(r)
	return reply, err
}

func createExternalKey(r *api.Request) (any, error) {
	var asked map[string]string
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	key := externalKey{Type: asked["type"], Name: asked["name"], Purpose: asked["purpose"], CreatedAt: r.Now()}
	if key.Purpose == "" {
		key.Purpose = purposeEKM
	}
	where, ok := clouds[key.Type]
	switch {
	case !ok:
		return nil, api.BadRequest("type", "Invalid value: %q. Supported values are: 'aws', 'gcp', 'azure', 'oci'.", key.Type)
	case key.Name == "":
		return nil, api.BadRequest("name", "Missing required parameter: 'name'.")
	case key.Purpose != purposeEKM && key.Purpose != purposePSP:
		return nil, api.BadRequest("purpose", "Invalid value: %q. Supported values are: 'ekm', 'psp_decryption'.", key.Purpose)
	}
	maps.DeleteFunc(asked, func(name, _ string) bool { return name == "type" || name == "name" || name == "purpose" })
	key.Fields = asked
	if err := where.check(r, key); err != nil {
		return nil, err
	}
	var err error
	if key.ID, err = r.Tx.NewID("extkey_"); err != nil {
		return nil, err
	}
	if err := externalKeys.Put(r.Tx, ofOrganization, key.ID, key); err != nil {
		return nil, err
	}
	reply, err := newExternalKeyReply(r, key)
	return reply, errors.Join(err, r.Log("external_key.registered", api.Change{ID: key.ID, Data: reply}))
}

func (c cloud) check(r *api.Request, key externalKey) error {
	for _, name := range c.required {
		if key.Fields[name] == "" {
			return api.BadRequest(name, "Missing required parameter: '%s'.", name)
		}
	}
	for name, pattern := range map[string]*regexp.Regexp{"role_arn": api.RoleARN, "workload_identity_project_number": api.ProjectNumber} {
		if value, ok := key.Fields[name]; ok && !pattern.MatchString(value) {
			return api.BadRequest(name, "Invalid '%s': %q.", name, value)
		}
	}
	if version, given := key.Fields[c.version]; c.version != "" && given != (key.Purpose == purposePSP) {
		return api.BadRequest(c.version, "'%s' is required for 'psp_decryption' and not accepted for 'ekm', got %q.", c.version, version)
	}
	organization, err := r.Tx.Setting("organization_id")
	if err != nil {
		return err
	}
	if name, ok := key.Fields["key_name"]; ok && (!strings.HasPrefix(name, organization+"--") || name == organization+"--") {
		return api.BadRequest("key_name", "'key_name' must be the id of the organization, '--' and a name, got %q.", name)
	}
	for _, name := range []string{"external_id", "audience"} {
		value, ok := key.Fields[name]
		if !ok || value == organization {
			continue
		}
		if _, err := r.Tx.Project(value); err != nil {
			return api.Or(err, api.BadRequest(name, "'%s' must be the id of the organization or of one of its projects.", name))
		}
	}
	return nil
}

// removeExternalKey answers with the removed key.
func removeExternalKey(r *api.Request) (any, error) {
	reply, err := pathExternalKey(r)
	if err != nil {
		return nil, err
	}
	reply.Object = "organization.external_key.deleted"
	if len(reply.APIProjectIDs) > 0 {
		return nil, api.BadRequest("", "External key %s is used by project %s.", reply.ID, reply.APIProjectIDs[0])
	}
	return reply, errors.Join(externalKeys.Remove(r.Tx, ofOrganization, reply.ID), r.Log("external_key.removed", api.Change{ID: reply.ID}))
}

type validationReply struct {
	Status string `json:"status"`
}

// validateExternalKey finds every key in order: there is no cloud to ask.
func validateExternalKey(r *api.Request) (any, error) {
	_, err := pathExternalKey(r)
	return validationReply{"success"}, err
}
