package adminapi

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// Bounds of reading the audit log.
const (
	maxLogPages   = 50        // with more changes, reading each object is cheaper
	shortestSpan  = time.Hour // how far back the first look goes at least
	sameWriteSpan = 2 * time.Minute
	unnamed       = "" // where entries are filed that do not name their object
)

// The types of events about objects that a plan reads.
const (
	ProjectCreated        = "project.created"
	ProjectUpdated        = "project.updated"
	ProjectWasArchived    = "project.archived"
	projectDeleted        = "project.deleted"
	ServiceAccountCreated = "service_account.created"
	ServiceAccountUpdated = "service_account.updated"
	ServiceAccountDeleted = "service_account.deleted"
	APIKeyCreated         = "api_key.created"
	APIKeyUpdated         = "api_key.updated"
	APIKeyDeleted         = "api_key.deleted"
	RateLimitUpdated      = "rate_limit.updated"
	RateLimitDeleted      = "rate_limit.deleted"
	UserAdded             = "user.added"
	UserUpdated           = "user.updated"
	UserDeleted           = "user.deleted"
	roleAssigned          = "role.assignment.created"
	roleUnassigned        = "role.assignment.deleted"
)

var (
	wantedEvents = []string{
		ProjectCreated, ProjectUpdated, ProjectWasArchived, projectDeleted,
		ServiceAccountCreated, ServiceAccountUpdated, ServiceAccountDeleted,
		APIKeyCreated, APIKeyUpdated, APIKeyDeleted, RateLimitUpdated, RateLimitDeleted,
		UserAdded, UserUpdated, UserDeleted, roleAssigned, roleUnassigned,
	}
	// endings are the events that end everything that belongs to an object.
	endings = []string{ProjectWasArchived, projectDeleted, ServiceAccountDeleted, UserDeleted}
)

// ErrLogUnusable says why the audit log cannot be relied on, once; later calls
// fail with ErrLogGivenUp.
var (
	ErrLogUnusable = errors.New("the audit log cannot be used")
	ErrLogGivenUp  = errors.New("the audit log was given up before")
)

// Event is a change in the audit log.
type Event struct {
	Type string
	// At is the moment in Unix seconds.
	At int64
	// Stale says that we wrote to the object afterwards.
	Stale bool
	// Scopes are those that a key was given; ScopesKnown says whether the event
	// contains them.
	Scopes      []string
	ScopesKnown bool
	// Rates are the measures that were asked for in a change of a rate limit.
	Rates openai.AdminOrganizationAuditLogListResponseRateLimitUpdatedChangesRequested
}

// Write is a change of this provider, whose event will appear in the audit
// log.
type Write struct {
	Type string `json:"type"`
	At   int64  `json:"at"`
}

// Verified says when an object was last seen as it is in state: nothing that
// happened before At is missing in it, nor any of the writes.
type Verified struct {
	At     int64   `json:"at"`
	Writes []Write `json:"writes,omitempty"`
}

// lastWrite is when we last wrote to the object, 0 when we did not.
func (v Verified) lastWrite() (last int64) {
	for _, w := range v.Writes {
		last = max(last, w.At)
	}
	return last
}

// FollowLog is how the audit log is used in place of reads.
type FollowLog struct {
	// Delay is the longest time between a change and its event in the log.
	Delay time.Duration
	// FullRefreshInterval is the maximum age of an object's state before it is read
	// regardless of the log.
	FullRefreshInterval time.Duration
}

// ChangeLog finds the objects that changed since they were last read, at the
// cost of a page for every hundred changes instead of a read for each object.
type ChangeLog struct {
	client  *Client
	sdk     openai.AdminOrganizationAuditLogService
	follow  FollowLog
	started time.Time

	// turn is held by the one who reads the log. Waiting for it can be given up.
	turn chan struct{}
	// oldest is the moment back to which the log was read.
	oldest time.Time
	pages  int
	// first is the earliest entry seen of any kind: the log was on by then.
	first    int64
	useless  bool
	subjects map[string][]Event

	mu     sync.Mutex
	writes map[string][]Write
}

func newChangeLog(c *Client, sdk openai.AdminOrganizationAuditLogService, follow FollowLog) *ChangeLog {
	now := c.clock.Now()
	return &ChangeLog{
		client: c, sdk: sdk, follow: follow, started: now, turn: make(chan struct{}, 1),
		oldest: now.Add(shortestSpan), first: math.MaxInt64, subjects: map[string][]Event{}, writes: map[string][]Write{},
	}
}

// Followed says whether the log is used at all.
func (l *ChangeLog) Followed() bool { return l.follow.FullRefreshInterval > 0 }

// Covers says whether the log may be asked about an object that was last seen
// at that moment.
func (l *ChangeLog) Covers(seen Verified) bool {
	return l.Followed() && seen.At > 0 && l.client.serverAt(l.started).Sub(time.Unix(seen.At, 0)) < l.follow.FullRefreshInterval
}

// wrote remembers a change that this process made to an object.
func (l *ChangeLog) wrote(id, event string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes[id] = append(l.writes[id], Write{Type: event, At: l.client.ServerNow().Unix()})
}

func (l *ChangeLog) writesTo(id string) []Write {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.writes[id])
}

// Verified describes an object that this process has just read or created.
// Before is its earlier state, which late entries of the log may be about.
func (l *ChangeLog) Verified(before Verified, id string) Verified {
	// Snapshots may be as old as the process.
	now := Verified{At: l.client.serverAt(l.started).Unix()}
	for _, w := range before.Writes {
		if w.At >= now.At-int64(l.follow.Delay.Seconds()) {
			now.Writes = append(now.Writes, w)
		}
	}
	now.Writes = append(now.Writes, l.writesTo(id)...)
	return now
}

// Changed describes an object that this process has changed, but not read:
// another client may have changed other fields since the last read.
func (l *ChangeLog) Changed(before Verified, id string) Verified {
	return Verified{At: before.At, Writes: append(slices.Clone(before.Writes), l.writesTo(id)...)}
}

// Changes returns the events of an object since it was last seen, other than
// our own writes. Objects that it belongs to count where they end.
func (l *ChangeLog) Changes(ctx context.Context, seen Verified, id string, parents ...string) ([]Event, error) {
	select {
	case <-ctx.Done():
		return nil, wait.End(ctx, "the audit log, which another operation reads")
	case l.turn <- struct{}{}:
	}
	defer func() { <-l.turn }()
	if l.useless {
		return nil, ErrLogGivenUp
	}
	since := time.Unix(seen.At, 0).Add(-l.follow.Delay)
	err := l.reachBack(ctx, since)
	if err == nil {
		// The values of a new object are in the answer, not in the log.
		err = l.wasOn(ctx, max(seen.At, seen.lastWrite())+int64(sameWriteSpan.Seconds()))
	}
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			l.useless = true
		}
		return nil, fmt.Errorf("%w: %w", ErrLogUnusable, err)
	}
	changes := append(unknownTo(seen.Writes, l.since(id, since.Unix())), l.since(unnamed, since.Unix())...)
	for i := range changes {
		changes[i].Stale = changes[i].At < seen.lastWrite()
	}
	for _, parent := range parents {
		for _, event := range l.since(parent, since.Unix()) {
			if slices.Contains(endings, event.Type) {
				changes = append(changes, event)
			}
		}
	}
	return changes, nil
}

func (l *ChangeLog) since(id string, at int64) []Event {
	var events []Event
	for _, event := range l.subjects[id] {
		if event.At >= at {
			events = append(events, event)
		}
	}
	return events
}

// unknownTo removes the events of our own writes, one for each.
func unknownTo(writes []Write, events []Event) []Event {
	for _, w := range writes {
		if i := slices.IndexFunc(events, func(e Event) bool {
			return e.Type == w.Type && max(e.At-w.At, w.At-e.At) <= int64(sameWriteSpan.Seconds())
		}); i >= 0 {
			events = slices.Delete(events, i, i+1)
		}
	}
	return events
}

// reachBack reads the log back to a moment. Each look goes twice as far back as
// the one before, up to where it can be of use, so that there are few for any
// moments.
func (l *ChangeLog) reachBack(ctx context.Context, since time.Time) error {
	if l.pages > 0 && !since.Before(l.oldest) {
		return nil
	}
	age := max(l.started.Sub(since), shortestSpan, min(2*l.started.Sub(l.oldest), l.follow.FullRefreshInterval+l.follow.Delay))
	from := l.started.Add(-age)
	span := openai.AdminOrganizationAuditLogListParamsEffectiveAt{Gte: openai.Int(from.Unix())}
	if l.pages > 0 {
		span.Lt = openai.Int(l.oldest.Unix())
	}
	entries, err := cache.ReadAll(ctx, func(ctx context.Context, after string) (cache.Page[logEntry], error) {
		if l.pages == maxLogPages {
			return cache.Page[logEntry]{}, fmt.Errorf("it has more than %d changes since %s", maxLogPages*pageSize, from.UTC().Format(time.RFC3339))
		}
		l.pages++
		return l.page(ctx, span, wantedEvents, pageSize, after)
	})
	if err != nil {
		return err
	}
	for _, entry := range entries {
		l.first = min(l.first, entry.At)
		if !slices.Contains(wantedEvents, entry.Type) {
			continue
		}
		l.subjects[entry.subject] = append(l.subjects[entry.subject], entry.Event)
	}
	l.oldest = from.Truncate(time.Second)
	return nil
}

// logEntry is an event and its object, empty when the event does not name it:
// it may be any object. One as the SDK has it takes twelve kilobytes.
type logEntry struct {
	subject string
	Event
}

func (l *ChangeLog) page(ctx context.Context, span openai.AdminOrganizationAuditLogListParamsEffectiveAt, kinds []string, limit int64, after string) (cache.Page[logEntry], error) {
	params := openai.AdminOrganizationAuditLogListParams{Limit: openai.Int(limit), EffectiveAt: span, EventTypes: kinds}
	if after != "" {
		params.After = openai.String(after)
	}
	return convertPage(newLogEntry)(cursorPage(call(ctx, l.client, transport.Read("list audit logs", "/organization/audit_logs"),
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.AdminOrganizationAuditLogListResponse], error) {
			return l.sdk.List(ctx, params, opts...)
		})))
}

// wasOn makes sure that the log was on at a moment: it has an entry that is as
// old. One that was switched on later would look as if nothing had happened.
func (l *ChangeLog) wasOn(ctx context.Context, at int64) error {
	if l.first <= at {
		return nil
	}
	got, err := l.page(ctx, openai.AdminOrganizationAuditLogListParamsEffectiveAt{Lte: openai.Int(at)}, nil, 1, "")
	if err != nil {
		return err
	}
	if len(got.Items) == 0 {
		return fmt.Errorf("it has no entry from before %s, so that it may have been off", time.Unix(at, 0).UTC().Format(time.RFC3339))
	}
	l.first = got.Items[0].At
	return nil
}

func newLogEntry(entry *openai.AdminOrganizationAuditLogListResponse, err error) (*logEntry, error) {
	if err != nil {
		return nil, err
	}
	if !isText(entry.JSON.ID) || !isText(entry.JSON.Type) || !entry.JSON.EffectiveAt.Valid() {
		return nil, errors.New("an entry does not say what happened when")
	}
	e := &logEntry{Event: Event{Type: string(entry.Type), At: entry.EffectiveAt}}
	switch e.Type {
	case ProjectCreated:
		e.subject = entry.ProjectCreated.ID
	case ProjectUpdated:
		e.subject = entry.ProjectUpdated.ID
	case ProjectWasArchived:
		e.subject = entry.ProjectArchived.ID
	case projectDeleted:
		e.subject = entry.ProjectDeleted.ID
	case ServiceAccountCreated:
		e.subject = entry.ServiceAccountCreated.ID
	case ServiceAccountUpdated:
		e.subject = entry.ServiceAccountUpdated.ID
	case ServiceAccountDeleted:
		e.subject = entry.ServiceAccountDeleted.ID
	case APIKeyCreated:
		data := entry.APIKeyCreated.Data
		e.Scopes, e.ScopesKnown = data.Scopes, data.JSON.Scopes.Valid()
		e.subject = entry.APIKeyCreated.ID
	case APIKeyUpdated:
		data := entry.APIKeyUpdated.ChangesRequested
		e.Scopes, e.ScopesKnown = data.Scopes, data.JSON.Scopes.Valid()
		e.subject = entry.APIKeyUpdated.ID
	case APIKeyDeleted:
		e.subject = entry.APIKeyDeleted.ID
	case RateLimitUpdated:
		e.Rates = entry.RateLimitUpdated.ChangesRequested
		e.subject = entry.RateLimitUpdated.ID
	case RateLimitDeleted:
		e.subject = entry.RateLimitDeleted.ID
	case UserAdded:
		e.subject = entry.UserAdded.ID
	case UserUpdated:
		e.subject = entry.UserUpdated.ID
	case UserDeleted:
		e.subject = entry.UserDeleted.ID
	case roleAssigned:
		e.subject = entry.RoleAssignmentCreated.PrincipalID
	case roleUnassigned:
		e.subject = entry.RoleAssignmentDeleted.PrincipalID
	}
	return e, nil
}
