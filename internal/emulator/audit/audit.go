// Package audit serves the audit log of the organization.
package audit

import (
	"encoding/json"
	"math"
	"net/url"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoint of the audit log.
func Routes(router api.Router) {
	router.Handle("GET /organization/audit_logs", list)
}

type entryReply struct {
	ID          string       `json:"id"`
	Type        string       `json:"type"`
	EffectiveAt int64        `json:"effective_at"`
	Actor       actor        `json:"actor"`
	Project     auditProject `json:"project"`
	payload     json.RawMessage
}

// MarshalJSON adds the details, whose key is the type of the event.
func (e entryReply) MarshalJSON() ([]byte, error) {
	type plain entryReply
	fixed, err := json.Marshal(plain(e))
	if err != nil {
		return nil, err
	}
	details, err := json.Marshal(map[string]json.RawMessage{e.Type: e.payload})
	if err != nil {
		return nil, err
	}
	return slices.Concat(fixed[:len(fixed)-1], []byte(","), details[1:]), nil
}

type auditProject struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type actor struct {
	Type    string        `json:"type"`
	APIKey  *actorKey     `json:"api_key,omitempty"`
	Session *actorSession `json:"session,omitempty"`
}

type actorKey struct {
	ID   string    `json:"id"`
	Type string    `json:"type"`
	User actorUser `json:"user"`
}

type actorSession struct {
	IPAddress string    `json:"ip_address"`
	User      actorUser `json:"user"`
}

type actorUser struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

func newReply(e store.AuditEntry) entryReply {
	user := actorUser{ID: e.ActorUser, Email: e.ActorEmail}
	reply := entryReply{
		ID: e.ID, Type: e.Type, EffectiveAt: e.EffectiveAt, payload: json.RawMessage(e.Payload),
		Project: auditProject{ID: e.ProjectID, Name: e.ProjectName},
		Actor:   actor{Type: "session", Session: &actorSession{IPAddress: "127.0.0.1", User: user}},
	}
	if e.ActorKey != nil {
		reply.Actor = actor{Type: "api_key", APIKey: &actorKey{ID: *e.ActorKey, Type: "user", User: user}}
	}
	return reply
}

// list gives the newest entries first. Assumption A-2: the documentation does
// not say.
func list(r *api.Request) (any, error) {
	if r.Behavior.AuditLogForbidden {
		return nil, api.Unauthorized("", "You have insufficient permissions for this operation. Missing scopes: api.audit_logs.read.")
	}
	query := r.URL.Query()
	from, to, err := period(query)
	if err != nil {
		return nil, err
	}
	tenantOnly, _, err := api.Boolean(query, "tenant_only")
	if err != nil {
		return nil, err
	}
	from = max(from, r.Behavior.AuditLogSince.Unix())
	// An entry shows up only after a while.
	to = min(to, r.Time.Add(-r.Behavior.AuditLogDelay).Unix())
	entries := []store.AuditEntry{}
	if !r.Behavior.AuditLogOff && !tenantOnly {
		if entries, err = r.Tx.AuditEntries(from, to); err != nil {
			return nil, err
		}
	}
	entries = slices.DeleteFunc(entries, func(e store.AuditEntry) bool { return !matches(query, e) })
	replies := make([]entryReply, len(entries))
	for i, e := range entries {
		replies[i] = newReply(e)
	}
	return api.Paginate(r, replies, func(e entryReply) string { return e.ID }, api.Usual, api.Unordered)
}

// matches applies the filters. Each takes several values.
func matches(query url.Values, e store.AuditEntry) bool {
	actors := []string{e.ActorUser}
	if e.ActorKey != nil {
		actors = append(actors, *e.ActorKey)
	}
	for name, values := range map[string][]string{
		"event_types": {e.Type}, "project_ids": {e.ProjectID}, "resource_ids": {e.ResourceID},
		"actor_ids": actors, "actor_emails": {e.ActorEmail},
	} {
		asked := api.Strings(query, name)
		if len(asked) > 0 && !slices.ContainsFunc(values, func(value string) bool { return slices.Contains(asked, value) }) {
			return false
		}
	}
	return true
}

// period reads the bounds of effective_at, both included.
func period(query url.Values) (from, to int64, err error) {
	from, to = 0, math.MaxInt64
	for _, bound := range []struct {
		name  string
		apply func(at int64)
	}{
		{"effective_at[gt]", func(at int64) { from = max(from, at+1) }},
		{"effective_at[gte]", func(at int64) { from = max(from, at) }},
		{"effective_at[lt]", func(at int64) { to = min(to, at-1) }},
		{"effective_at[lte]", func(at int64) { to = min(to, at) }},
	} {
		at, err := api.Integer(query, bound.name, 0, math.MaxInt32, -1)
		if err != nil {
			return 0, 0, err
		}
		if at >= 0 {
			bound.apply(int64(at))
		}
	}
	return from, to, nil
}
