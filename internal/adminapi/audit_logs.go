package adminapi

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// AuditLogs are the events of the organization, with their actors.
type AuditLogs struct {
	client *Client
	sdk    openai.AdminOrganizationAuditLogService
}

func newAuditLogs(c *Client, sdk openai.AdminOrganizationAuditLogService) *AuditLogs {
	return &AuditLogs{client: c, sdk: sdk}
}

// AuditEntry is one entry.
type AuditEntry struct {
	ID          string        `json:"id"`
	Type        string        `json:"type"`
	EffectiveAt int64         `json:"effective_at"`
	Actor       AuditActor    `json:"actor"`
	Project     *AuditProject `json:"project"`
	// Details are JSON, without anything that looks like a secret; nil when
	// the entry has none.
	Details *string `json:"-"`
}

// AuditProject is the project that an entry belongs to.
type AuditProject struct {
	ID   *string `json:"id"`
	Name *string `json:"name"`
}

// AuditActor is the person in a browser, or the key, that caused an event.
type AuditActor struct {
	Type    *string `json:"type"`
	Session *struct {
		IPAddress *string   `json:"ip_address"`
		User      AuditUser `json:"user"`
	} `json:"session"`
	APIKey *struct {
		ID             *string   `json:"id"`
		User           AuditUser `json:"user"`
		ServiceAccount struct {
			ID *string `json:"id"`
		} `json:"service_account"`
	} `json:"api_key"`
}

// AuditUser is a person.
type AuditUser struct {
	ID    *string `json:"id"`
	Email *string `json:"email"`
}

// UnmarshalJSON also takes the details, which lie under the name of the type.
func (l *AuditEntry) UnmarshalJSON(data []byte) error {
	type plain AuditEntry
	if err := json.Unmarshal(data, (*plain)(l)); err != nil {
		return err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	if details, ok := all[l.Type]; ok && string(details) != "null" {
		text := transport.Redact(string(details))
		l.Details = &text
	}
	return nil
}

// AuditFilter selects entries. An empty field does not filter.
type AuditFilter struct {
	EventTypes, ProjectIDs, ActorIDs, ActorEmails, ResourceIDs []string
	// The bounds are Unix seconds; nil is none.
	After, AtOrAfter, Before, AtOrBefore *int64
	TenantOnly                           bool
}

func (f AuditFilter) params() openai.AdminOrganizationAuditLogListParams {
	params := openai.AdminOrganizationAuditLogListParams{
		EventTypes: f.EventTypes, ProjectIDs: f.ProjectIDs, ActorIDs: f.ActorIDs, ActorEmails: f.ActorEmails, ResourceIDs: f.ResourceIDs,
	}
	if f.After != nil {
		params.EffectiveAt.Gt = openai.Int(*f.After)
	}
	if f.AtOrAfter != nil {
		params.EffectiveAt.Gte = openai.Int(*f.AtOrAfter)
	}
	if f.Before != nil {
		params.EffectiveAt.Lt = openai.Int(*f.Before)
	}
	if f.AtOrBefore != nil {
		params.EffectiveAt.Lte = openai.Int(*f.AtOrBefore)
	}
	if f.TenantOnly {
		params.TenantOnly = openai.Bool(true)
	}
	return params
}

// auditPage is a page as the API sends it: the SDK has a field for each type of
// entry, and would drop new types.
type auditPage struct {
	Data    []AuditEntry `json:"data"`
	HasMore *bool        `json:"has_more"`
	LastID  *string      `json:"last_id"`
}

func (auditPage) complete() bool { return true }

// List returns the first entries that the filter wants, at most most of them,
// in the API's order, and whether there are more.
func (l *AuditLogs) List(ctx context.Context, filter AuditFilter, most int) (entries []AuditEntry, more bool, err error) {
	params := filter.params()
	var seen cache.Progress
	for {
		params.Limit = openai.Int(int64(min(pageSize, most-len(entries))))
		got, err := into[auditPage](ctx, l.client, transport.Read("list audit logs", "/organization/audit_logs"), func(ctx context.Context, opts ...option.RequestOption) error {
			return failure(l.sdk.List(ctx, params, opts...))
		})
		if err != nil {
			return nil, false, err
		}
		if got.Data == nil || got.HasMore == nil {
			return nil, false, errNoPage
		}
		for _, entry := range got.Data {
			if entry.ID == "" || entry.Type == "" {
				return nil, false, fmt.Errorf("list audit logs: an entry is broken: %w", errIncomplete)
			}
		}
		entries = append(entries, got.Data...)
		switch {
		case len(entries) >= most:
			return entries[:most], *got.HasMore || len(entries) > most, nil
		case !*got.HasMore:
			return entries, false, nil
		}
		next := ""
		if got.LastID != nil {
			next = *got.LastID
		}
		ids := cache.IDsOf(got.Data, func(e AuditEntry) string { return e.ID })
		if err := seen.Check(len(got.Data), ids, params.After.Value, next); err != nil {
			return nil, false, err
		}
		params.After = openai.String(next)
	}
}
