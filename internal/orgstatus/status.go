// Package orgstatus shows on one screen what an organization has spent, what is
// left of each limit, and which keys and invitations end.
package orgstatus

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/snapshot"
)

// Within is how far ahead keys are shown.
const Within = 14 * day

const day = 24 * time.Hour

// Method describes the projection.
const Method = "Projection: the spend so far, with each day left of the month at the average of the last 7 complete days (UTC). " +
	"Today counts at that average, or at its spend so far if that is more. A project with less history is averaged over the days that it has."

// Status is an organization at one moment. Amounts are US dollars.
type Status struct {
	// FormatVersion is that of the JSON form of the status.
	FormatVersion string    `json:"format_version"`
	At            time.Time `json:"at"`
	Organization  Scope     `json:"organization"`
	// Projects are those that cost most first.
	Projects []Scope `json:"projects"`
	// NoProject is the spend of the organization that the API counts for no project.
	NoProject decimal.Decimal `json:"no_project_spent_usd"`
	// Keys are those that expire or are due soon.
	Keys []Key `json:"keys"`
	// Invites are the pending and the expired invitations.
	Invites []Invite `json:"invites"`
	Method  string   `json:"projection_method"`
}

// Scope is the spend of the organization or of a project in this month.
type Scope struct {
	// ID is empty for the organization.
	ID       string          `json:"id,omitempty"`
	Name     string          `json:"name,omitempty"`
	Archived bool            `json:"archived,omitempty"`
	Spent    decimal.Decimal `json:"spent_usd"`
	// Limit is the hard limit, and Left what is left of it, nil without one. Left
	// is negative when the spend is above the limit.
	Limit *decimal.Decimal `json:"limit_usd"`
	Left  *decimal.Decimal `json:"left_usd"`
	// Alerts are those with the lowest threshold first.
	Alerts []Alert `json:"alerts"`
	// Projection is the expected spend at the end of the month, rounded to cents, nil while
	// there is no complete day to average.
	Projection *decimal.Decimal `json:"projection_usd"`
	// LimitReached is the day on which the projection reaches the limit, nil when
	// that is not in this month.
	LimitReached *string `json:"limit_reached"`
}

// Alert is a spend alert.
type Alert struct {
	Threshold decimal.Decimal `json:"threshold_usd"`
	Passed    bool            `json:"passed"`
}

// The reasons for which a key is shown.
const (
	Expires = "expires"
	Due     = "due"
)

// Key is a key that expires, or is due for rotation by its age.
type Key struct {
	// ProjectID and Project are empty for an admin key.
	ProjectID string    `json:"project_id,omitempty"`
	Project   string    `json:"project,omitempty"`
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
}

// Invite is an invitation to the organization.
type Invite struct {
	Email  string `json:"email"`
	Role   string `json:"role"`
	Status string `json:"status"`
	// ExpiresAt is nil when the API does not return it.
	ExpiresAt *time.Time `json:"expires_at"`
}

// Read reads the status. Keys are due at this age.
func Read(ctx context.Context, client *adminapi.Client, dueAfter time.Duration) (*Status, error) {
	s, err := snapshot.Read(ctx, client, snapshot.Parts{Invites: true})
	if err != nil {
		return nil, err
	}
	status := &Status{
		FormatVersion: "1.0", At: s.At.Truncate(time.Second), Method: Method, Projects: []Scope{}, Keys: []Key{}, Invites: []Invite{},
		Organization: scope(s, adminapi.WholeOrganization, s.Scope),
	}
	for _, p := range s.Projects {
		found := scope(s, p.ID, p.Scope)
		found.Name, found.Archived = p.Name, p.IsArchived()
		if found.Archived && found.Spent.IsZero() {
			continue
		}
		if found.Archived {
			found.Projection = nil
		}
		status.Projects = append(status.Projects, found)
	}
	status.NoProject = status.Organization.Spent
	for _, p := range status.Projects {
		status.NoProject = status.NoProject.Sub(p.Spent)
	}
	slices.SortStableFunc(status.Projects, func(a, b Scope) int {
		return cmp.Or(b.Spent.Cmp(a.Spent), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	status.readKeys(s, dueAfter)
	status.readInvites(s.Invites)
	return status, nil
}

func scope(s *snapshot.Snapshot, id string, limits snapshot.Scope) Scope {
	found := Scope{ID: id, Spent: s.ThisMonth(id), Alerts: []Alert{}}
	for _, alert := range limits.Alerts {
		threshold := decimal.New(alert.ThresholdAmount, -2)
		found.Alerts = append(found.Alerts, Alert{threshold, found.Spent.GreaterThanOrEqual(threshold)})
	}
	slices.SortFunc(found.Alerts, func(a, b Alert) int { return a.Threshold.Cmp(b.Threshold) })
	projection, known := s.Projection(id)
	if known {
		total := projection.Total.Round(2)
		found.Projection = &total
	}
	if limits.Limit == nil {
		return found
	}
	limit := decimal.New(limits.Limit.ThresholdAmount, -2)
	left := limit.Sub(found.Spent)
	found.Limit, found.Left = &limit, &left
	if known && left.IsPositive() && projection.Total.GreaterThanOrEqual(limit) {
		if reached := projection.Reaches(left); reached.Before(s.Month().AddDate(0, 1, 0)) {
			text := reached.Format(time.DateOnly)
			found.LimitReached = &text
		}
	}
	return found
}

// readKeys finds the keys that expire or are due soon, the next ones first, and
// then those that are due already.
func (status *Status) readKeys(s *snapshot.Snapshot, dueAfter time.Duration) {
	add := func(key Key, createdAt int64, expires bool, expiresAt int64) {
		key.Reason, key.At = Due, time.Unix(createdAt, 0).UTC().Add(dueAfter)
		if at := time.Unix(expiresAt, 0).UTC(); expires && (at.Before(key.At) || at.Sub(s.At) <= Within) {
			key.Reason, key.At = Expires, at
		}
		isExpired := key.Reason == Expires && !key.At.After(s.At)
		if createdAt > 0 && !isExpired && key.At.Sub(s.At) <= Within {
			status.Keys = append(status.Keys, key)
		}
	}
	for _, p := range s.Active() {
		for _, key := range p.Keys {
			add(Key{ProjectID: p.ID, Project: p.Name, ID: key.ID, Name: key.Name}, key.CreatedAt, key.JSON.ExpiresAt.Valid(), key.ExpiresAt)
		}
	}
	for _, key := range s.AdminKeys {
		add(Key{ID: key.ID, Name: key.Name}, key.CreatedAt, key.JSON.ExpiresAt.Valid(), key.ExpiresAt)
	}
	slices.SortFunc(status.Keys, func(a, b Key) int {
		switch past := a.At.Before(s.At); {
		case past == b.At.Before(s.At):
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
		case past:
			return 1
		default:
			return -1
		}
	})
}

func (status *Status) readInvites(invites []openai.Invite) {
	for _, invite := range invites {
		if invite.Status != adminapi.InvitePending && invite.Status != adminapi.InviteExpired {
			continue
		}
		found := Invite{Email: invite.Email, Role: string(invite.Role), Status: string(invite.Status)}
		if invite.JSON.ExpiresAt.Valid() {
			at := time.Unix(invite.ExpiresAt, 0).UTC()
			found.ExpiresAt = &at
		}
		status.Invites = append(status.Invites, found)
	}
	slices.SortFunc(status.Invites, func(a, b Invite) int {
		return cmp.Or(-cmp.Compare(a.Status, b.Status), cmp.Compare(a.Email, b.Email)) // pending before expired
	})
}
