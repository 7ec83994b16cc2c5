// Package keyrules has the rules of good practice for API keys, for the check of
// an organization and the data source openai_key_report.
package keyrules

import (
	"slices"
	"time"

	"github.com/openai/openai-go/v3"
)

// Rule names a rule. The check puts key- in front of it, with hyphens.
type Rule string

// The rules. Only keys that have not expired break one.
const (
	OlderThan              Rule = "older_than"
	UnusedFor              Rule = "unused_for"
	NeverExpires           Rule = "never_expires"
	OwnedByUser            Rule = "owned_by_user"
	OwnerInactive          Rule = "owner_inactive"
	NameShared             Rule = "name_shared"
	NameInSeveralProjects  Rule = "name_in_several_projects"
	AccountShared          Rule = "account_shared"
	ExpiresWithoutRotation Rule = "expires_without_rotation"
)

// All are all rules.
var All = []Rule{OlderThan, UnusedFor, NeverExpires, OwnedByUser, OwnerInactive, NameShared, NameInSeveralProjects, AccountShared, ExpiresWithoutRotation}

// Limits are the numbers of the rules.
type Limits struct {
	OlderThan, UnusedFor time.Duration
	// ExpiresWithin is the time before an expiry in which there must be a newer
	// key.
	ExpiresWithin time.Duration
}

// DefaultExpiresWithin is the time before its expiry in which a key needs a
// successor.
const DefaultExpiresWithin = 14 * 24 * time.Hour

// Project has the keys of a project.
type Project struct {
	ID   string
	Keys []openai.ProjectAPIKey
}

// Rules finds the rules that keys break.
type Rules struct {
	limits Limits
	now    time.Time
	// projects are the projects that have an active key of a name.
	projects map[string]map[string]bool
	// named are the active keys of a name in a project.
	named map[inProject]int
	// names are the names of the active keys of a service account.
	names map[inProject]map[string]bool
	// newest is the latest creation of an active key of a name and an owner.
	newest map[inProject]int64
}

// inProject is a name or an id within a project.
type inProject struct{ project, name, owner string }

// New prepares rules for these keys at this time. The keys of all projects count
// for rules about several keys.
func New(projects []Project, limits Limits, now time.Time) *Rules {
	r := &Rules{
		limits: limits, now: now,
		projects: map[string]map[string]bool{}, named: map[inProject]int{},
		names: map[inProject]map[string]bool{}, newest: map[inProject]int64{},
	}
	for _, project := range projects {
		for i := range project.Keys {
			if key := &project.Keys[i]; !IsExpired(key, now) {
				r.count(project.ID, key)
			}
		}
	}
	return r
}

func (r *Rules) count(project string, key *openai.ProjectAPIKey) {
	if r.projects[key.Name] == nil {
		r.projects[key.Name] = map[string]bool{}
	}
	r.projects[key.Name][project] = true
	r.named[inProject{project: project, name: key.Name}]++
	if account := (inProject{project: project, owner: key.Owner.ServiceAccount.ID}); account.owner != "" {
		if r.names[account] == nil {
			r.names[account] = map[string]bool{}
		}
		r.names[account][key.Name] = true
	}
	successor := inProject{project, key.Name, OwnerID(key)}
	r.newest[successor] = max(r.newest[successor], key.CreatedAt)
}

// IsExpired says whether a key has expired.
func IsExpired(key *openai.ProjectAPIKey, now time.Time) bool {
	return key.JSON.ExpiresAt.Valid() && key.ExpiresAt <= now.Unix()
}

// OwnerID is the id of the service account or person that owns a key.
func OwnerID(key *openai.ProjectAPIKey) string {
	if key.Owner.JSON.ServiceAccount.Valid() {
		return key.Owner.ServiceAccount.ID
	}
	return key.Owner.User.ID
}

// LastUse is the last use of a key, and its creation when it was never used.
func LastUse(key *openai.ProjectAPIKey) time.Time {
	if key.JSON.LastUsedAt.Valid() {
		return time.Unix(key.LastUsedAt, 0)
	}
	return time.Unix(key.CreatedAt, 0)
}

// Broken are the rules that a key of a project breaks, sorted.
func (r *Rules) Broken(project string, key *openai.ProjectAPIKey) []Rule {
	if IsExpired(key, r.now) {
		return nil
	}
	account := inProject{project: project, owner: key.Owner.ServiceAccount.ID}
	dated := key.JSON.CreatedAt.Valid()
	var broken []Rule
	for rule, holds := range map[Rule]bool{
		OlderThan:              dated && r.now.Sub(time.Unix(key.CreatedAt, 0)) > r.limits.OlderThan,
		UnusedFor:              (dated || key.JSON.LastUsedAt.Valid()) && r.now.Sub(LastUse(key)) > r.limits.UnusedFor,
		NeverExpires:           !key.JSON.ExpiresAt.Valid(),
		OwnedByUser:            key.Owner.Type == "user",
		OwnerInactive:          key.OwnerProjectAccess == openai.ProjectAPIKeyOwnerProjectAccessInactive,
		NameShared:             r.named[inProject{project: project, name: key.Name}] > 1,
		NameInSeveralProjects:  len(r.projects[key.Name]) > 1,
		AccountShared:          len(r.names[account]) > 1,
		ExpiresWithoutRotation: r.endsWithoutSuccessor(project, key),
	} {
		if holds {
			broken = append(broken, rule)
		}
	}
	slices.Sort(broken)
	return broken
}

// endsWithoutSuccessor says whether a key expires soon, and its owner has no
// newer key of its name. The API does not show a rotation; a rotation creates the
// successor first.
func (r *Rules) endsWithoutSuccessor(project string, key *openai.ProjectAPIKey) bool {
	return key.JSON.ExpiresAt.Valid() && time.Unix(key.ExpiresAt, 0).Sub(r.now) <= r.limits.ExpiresWithin &&
		r.newest[inProject{project, key.Name, OwnerID(key)}] <= key.CreatedAt
}
