package api

import (
	"encoding/json"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Change is what the audit log tells of a change. What it tells of the values
// differs from kind to kind.
type Change struct {
	ID        string `json:"id"`
	Data      any    `json:"data,omitempty"`
	Requested any    `json:"changes_requested,omitempty"`
}

// Log writes a change that the caller made into the audit log.
func (r *Request) Log(kind string, change Change) error { return r.LogEvent(kind, change.ID, change) }

// LogEvent is Log for the changes of which the audit log tells something else.
func (r *Request) LogEvent(kind, resourceID string, details any) error {
	payload, err := json.Marshal(details)
	if err != nil {
		return err
	}
	// The API files everything that is done with an admin key under the default
	// project, whatever it was done to.
	project, err := r.Tx.DefaultProject()
	if err != nil {
		return err
	}
	entry := store.AuditEntry{
		Type: kind, EffectiveAt: r.Now(), ActorUser: r.Caller.ID, ActorEmail: r.Caller.Email,
		ProjectID: project.ID, ProjectName: project.Name, ResourceID: resourceID, Payload: string(payload),
	}
	if r.AdminKeyID != "" {
		entry.ActorKey = &r.AdminKeyID
	}
	return r.Tx.AddAuditEntry(entry)
}
