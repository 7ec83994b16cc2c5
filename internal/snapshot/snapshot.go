// Package snapshot reads what an organization is at one moment: limits, alerts,
// keys, people and daily costs. It sends few requests, which the endpoints answer
// side by side.
package snapshot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// Parts are the parts that are read in addition to costs, projects, limits,
// alerts and keys, which are read always.
type Parts struct {
	// Invites are the invitations to the organization.
	Invites bool
	// People are the users of the organization, and those of projects and groups.
	People bool
	// RateLimits says whether the rate limits of a project are read, for none when
	// it is nil. It is asked when everything else is known.
	RateLimits func(s *Snapshot, p *Project) bool
	// Since is the first day of the costs, if it is before the previous month.
	Since time.Time
}

// Snapshot is an organization at one moment.
type Snapshot struct {
	// At is the moment, in UTC.
	At time.Time
	// Scope has the limit and the alerts of the organization.
	Scope
	Costs     Costs
	Projects  []*Project
	AdminKeys []openai.AdminAPIKey
	Invites   []openai.Invite
	Users     []openai.OrganizationUser
	// GroupUsers are the ids of the users of each group that has a role in a
	// project.
	GroupUsers map[string][]string
}

// Scope is what the organization and projects both have.
type Scope struct {
	// Limit is the hard limit, nil where there is none.
	Limit  *adminapi.SpendLimit
	Alerts []adminapi.SpendAlert
}

// Project is a project. An archived one has only a name, and costs.
type Project struct {
	openai.Project
	Scope
	Keys       []openai.ProjectAPIKey
	Users      []openai.ProjectUser
	GroupIDs   []string
	RateLimits []openai.ProjectRateLimit
}

// IsArchived says whether the project is archived.
func (p *Project) IsArchived() bool { return p.Status == adminapi.ProjectArchived }

// IsDefault says whether it is the default project of the organization.
// Assumption: the API marks it with is_initial, and it has the name that it was
// created with, because it cannot be renamed.
func (p *Project) IsDefault() bool {
	if marked := p.JSON.ExtraFields["is_initial"]; marked.Valid() {
		return marked.Raw() == "true"
	}
	return strings.EqualFold(p.Name, "Default project")
}

// Active are the projects that are not archived.
func (s *Snapshot) Active() []*Project {
	return slices.DeleteFunc(slices.Clone(s.Projects), (*Project).IsArchived)
}

// Default is the default project, nil when it is not known.
func (s *Snapshot) Default() *Project {
	at := slices.IndexFunc(s.Projects, (*Project).IsDefault)
	if at < 0 {
		return nil
	}
	return s.Projects[at]
}

// Month is the first day of the month of the snapshot, and PreviousMonth that of
// the month before.
func (s *Snapshot) Month() time.Time { return month(s.At) }

// PreviousMonth is the first day of the month before that of the snapshot.
func (s *Snapshot) PreviousMonth() time.Time { return month(s.At).AddDate(0, -1, 0) }

func month(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// today is the day of the snapshot.
func (s *Snapshot) today() time.Time { return s.At.Truncate(day) }

const day = 24 * time.Hour

// Read reads an organization. A project that is archived meanwhile is left out.
func Read(ctx context.Context, client *adminapi.Client, parts Parts) (*Snapshot, error) {
	s := &Snapshot{At: client.Now().UTC(), GroupUsers: map[string][]string{}}
	r := reader{client: client, snapshot: s, parts: parts}
	if err := r.readOrganization(ctx); err != nil {
		return nil, err
	}
	if err := r.readProjects(ctx); err != nil {
		return nil, err
	}
	if err := r.readGroups(ctx); err != nil {
		return nil, err
	}
	return s, r.readRateLimits(ctx)
}
