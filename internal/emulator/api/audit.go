package api

import (
	"encoding/json"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Change is a change as the audit log shows it. The fields of the values
// differ from kind to kind.
type Change struct {
	ID        string `json:"id"`
	Data      any    `json:"data,omitempty"`
	Requested any    `json:"changes_requested,omitempty"`
}

// Log writes a change that the caller made into the audit log.
func (r *Request) Log(kind string, change Change) error {
	return r.LogDetails(kind, change.ID, change)
}

// LogDetails is Log for the kinds whose events have fields of their own.
func (r *Request) LogDetails(kind, id string, details any) error {
	payload, err := json.Marshal(details)
	if err != nil {
		return err
	}
	// The API files everything that is done with an admin key under the default
	// project, even if the object belongs to another.
	project, err := r.Tx.DefaultProject()
	if err != nil {
		return err
	}
	scope := r.PathValue("project_id")
	if strings.HasPrefix(kind, "project.") {
		scope = id
	}
	entry := store.AuditEntry{
		Type: kind, EffectiveAt: r.Now(), ActorUser: r.Caller.ID, ActorEmail: r.Caller.Email,
		ProjectID: project.ID, ProjectName: project.Name, ResourceID: id, Payload: string(payload), Scope: scope,
	}
	if r.AdminKeyID != "" {
		entry.ActorKey = &r.AdminKeyID
	}
	return r.Tx.AddAuditEntry(entry)
}
