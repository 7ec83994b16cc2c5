// Package seed describes the organization that an emulator starts with.
package seed

import (
	_ "embed" // the built-in seed
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/usage"
)

// OrganizationID is the setting that holds the organization's id.
const OrganizationID = "organization_id"

//go:embed default.yaml
var builtIn []byte

// Seed is an organization.
type Seed struct {
	Organization Organization  `yaml:"organization"`
	Owner        Member        `yaml:"owner"`
	Members      []Member      `yaml:"members"`
	Groups       []Group       `yaml:"groups"`
	Projects     []Project     `yaml:"projects"`
	Models       []Model       `yaml:"models"`
	Usage        []usage.Event `yaml:"usage"`
}

// Organization names the organization.
type Organization struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	// DataRetention is the retention that was agreed with OpenAI, empty without an
	// agreement.
	DataRetention string `yaml:"data_retention"`
	// AgeDays is how long ago the organization, its projects and its members
	// were added.
	AgeDays int64 `yaml:"age_days"`
	Spend   `yaml:",inline"`
}

// Member is a person.
type Member struct {
	ID          string `yaml:"id"`
	Email       string `yaml:"email"`
	Name        string `yaml:"name"`
	Role        string `yaml:"role"`
	SCIMManaged bool   `yaml:"scim_managed"`
}

// Group is a group of members, who are named by e-mail address.
type Group struct {
	ID          string   `yaml:"id"`
	Name        string   `yaml:"name"`
	Type        string   `yaml:"type"`
	SCIMManaged bool     `yaml:"scim_managed"`
	Members     []string `yaml:"members"`
}

// Project is a project in addition to the default one.
type Project struct {
	ID              string `yaml:"id"`
	Name            string `yaml:"name"`
	Archived        bool   `yaml:"archived"`
	Spend           `yaml:",inline"`
	Members         []ProjectMember  `yaml:"members"`
	ServiceAccounts []ServiceAccount `yaml:"service_accounts"`
}

// ProjectMember gives a person of the organization a role in a project.
type ProjectMember struct {
	Email string `yaml:"email"`
	Role  string `yaml:"role"`
}

// ServiceAccount is a service account of a project.
type ServiceAccount struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	Role string `yaml:"role"`
	Keys []Key  `yaml:"keys"`
}

// Key is a key of a service account. Its secret is random and unknown, so that
// no application can use it.
type Key struct {
	ID            string `yaml:"id"`
	Name          string `yaml:"name"`
	AgeDays       int64  `yaml:"age_days"`
	ExpiresInDays *int64 `yaml:"expires_in_days"`
	UsedDaysAgo   *int64 `yaml:"used_days_ago"`
}

// Spend are the limits of a month's spend, in whole dollars.
type Spend struct {
	LimitUSD int64        `yaml:"spend_limit_usd"`
	Alerts   []SpendAlert `yaml:"spend_alerts"`
}

// SpendAlert sends an e-mail when the month's spend reaches a threshold.
type SpendAlert struct {
	ThresholdUSD int64    `yaml:"threshold_usd"`
	Recipients   []string `yaml:"recipients"`
}

// Model is a model with the organization's rate limits; a measure that is not
// given does not apply to the model.
type Model struct {
	Model                   string `yaml:"model"`
	RequestsPerMinute       int64  `yaml:"max_requests_per_1_minute"`
	TokensPerMinute         int64  `yaml:"max_tokens_per_1_minute"`
	ImagesPerMinute         *int64 `yaml:"max_images_per_1_minute"`
	AudioMegabytesPerMinute *int64 `yaml:"max_audio_megabytes_per_1_minute"`
	RequestsPerDay          *int64 `yaml:"max_requests_per_1_day"`
	BatchInputTokensPerDay  *int64 `yaml:"batch_1_day_max_input_tokens"`
}

// Company is the name of a built-in seed: an organization with two projects in
// use, limits, alerts, keys and four months of usage.
const Company = "company"

//go:embed company.yaml
var company string

// standard is the seed of the built-in file.
var standard = sync.OnceValue(func() Seed {
	var s Seed
	if err := yaml.UnmarshalWithOptions(builtIn, &s, yaml.Strict()); err != nil {
		panic(err) // the file is part of the binary
	}
	return s
})

// Default is an organization with an owner, a member, the default project and
// a month of usage.
func Default() *Seed {
	s := standard()
	s.Members, s.Groups, s.Projects = slices.Clone(s.Members), slices.Clone(s.Groups), slices.Clone(s.Projects)
	s.Models, s.Usage = slices.Clone(s.Models), slices.Clone(s.Usage)
	return &s
}

// Read reads a seed file, or the built-in seed of this name.
func Read(path string) (*Seed, error) {
	if path == Company {
		return Parse(strings.NewReader(company))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s, err := Parse(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// Parse reads a seed. Unknown fields are errors; missing parts of the
// organization, the owner and the models are taken from the built-in seed.
func Parse(r io.Reader) (*Seed, error) {
	var s Seed
	if err := yaml.NewDecoder(r, yaml.Strict()).Decode(&s); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	d := Default()
	if s.Organization.ID == "" {
		s.Organization.ID, s.Organization.Name = d.Organization.ID, d.Organization.Name
	}
	if s.Owner.Email == "" {
		s.Owner = d.Owner
	}
	if s.Models == nil {
		s.Models = d.Models
	}
	return &s, nil
}

// Apply writes the organization into an empty database.
func (s *Seed) Apply(tx *store.Tx, now time.Time) error {
	if err := tx.SetSetting(OrganizationID, s.Organization.ID); err != nil {
		return err
	}
	if err := tx.SetSetting("organization_name", s.Organization.Name); err != nil {
		return err
	}
	if s.Organization.DataRetention != "" {
		if err := tx.PutDataRetention(store.Organization, s.Organization.DataRetention); err != nil {
			return err
		}
	}
	if err := s.Organization.apply(tx, store.Organization); err != nil {
		return err
	}
	today := now
	now = now.AddDate(0, 0, -int(s.Organization.AgeDays))
	owner := s.Owner
	owner.Role = "owner"
	for _, m := range append([]Member{owner}, s.Members...) {
		if err := m.apply(tx, now); err != nil {
			return fmt.Errorf("member %s: %w", m.Email, err)
		}
	}
	for _, g := range s.Groups {
		if err := g.apply(tx, now); err != nil {
			return fmt.Errorf("group %s: %w", g.Name, err)
		}
	}
	if _, err := tx.AddProject(store.Project{Name: "Default project", CreatedAt: now.Unix(), Residency: "GLOBAL", IsDefault: true}); err != nil {
		return err
	}
	for _, p := range s.Projects {
		if err := p.apply(tx, now, today); err != nil {
			return fmt.Errorf("project %s: %w", p.Name, err)
		}
	}
	for _, m := range s.Models {
		if err := tx.AddModel(store.RateLimit(m)); err != nil {
			return fmt.Errorf("model %s: %w", m.Model, err)
		}
	}
	for i, e := range s.Usage {
		if err := e.Record(tx, today); err != nil {
			return fmt.Errorf("usage[%d]: %w", i, err)
		}
	}
	return nil
}

func (m Member) apply(tx *store.Tx, now time.Time) error {
	if m.Role == "" {
		m.Role = "reader"
	}
	if m.Role != "owner" && m.Role != "reader" {
		return fmt.Errorf("role must be owner or reader, got %q", m.Role)
	}
	_, err := tx.AddUser(store.User{ID: m.ID, Email: m.Email, Name: m.Name, Role: m.Role, AddedAt: now.Unix(), IsSCIMManaged: m.SCIMManaged})
	return err
}

func (g Group) apply(tx *store.Tx, now time.Time) error {
	if g.Type == "" {
		g.Type = "group"
	}
	group, err := tx.AddGroup(store.Group{ID: g.ID, Name: g.Name, CreatedAt: now.Unix(), Type: g.Type, IsSCIMManaged: g.SCIMManaged})
	if err != nil {
		return err
	}
	for _, email := range g.Members {
		user, err := tx.UserByEmail(email)
		if err != nil {
			return fmt.Errorf("member %s: %w", email, err)
		}
		if err := tx.AddGroupUser(group.ID, user.ID); err != nil {
			return err
		}
	}
	return nil
}

// day is in seconds.
const day = 86400

func (s Spend) apply(tx *store.Tx, scope string) error {
	if s.LimitUSD > 0 {
		if err := tx.PutSpendLimit(store.SpendLimit{Scope: scope, Amount: s.LimitUSD * 100, Currency: "USD", Interval: "month"}); err != nil {
			return err
		}
	}
	for _, a := range s.Alerts {
		if a.ThresholdUSD < 1 || len(a.Recipients) == 0 {
			return errors.New("a spend alert needs threshold_usd and recipients")
		}
		if _, err := tx.AddSpendAlert(store.SpendAlert{Scope: scope, Amount: a.ThresholdUSD * 100, Currency: "USD", Interval: "month", Recipients: a.Recipients}); err != nil {
			return err
		}
	}
	return nil
}

func (k Key) apply(tx *store.Tx, a store.ServiceAccount, today time.Time) error {
	secret := store.NewSecret(store.ServiceAccountSecretPrefix)
	key := store.APIKey{
		ID: k.ID, ProjectID: a.ProjectID, ServiceAccountID: &a.ID, Name: k.Name, SecretHash: store.Hash(secret),
		RedactedValue: store.Redact(secret, store.ServiceAccountSecretPrefix), CreatedAt: today.Unix() - k.AgeDays*day,
	}
	if k.ExpiresInDays != nil {
		at := today.Unix() + *k.ExpiresInDays*day
		key.ExpiresAt = &at
	}
	if k.UsedDaysAgo != nil {
		at := today.Unix() - *k.UsedDaysAgo*day
		key.LastUsedAt = &at
	}
	_, err := tx.AddAPIKey(key)
	return err
}

func (p Project) apply(tx *store.Tx, now, today time.Time) error {
	project, err := tx.AddProject(store.Project{ID: p.ID, Name: p.Name, CreatedAt: now.Unix(), Residency: "GLOBAL"})
	if err != nil {
		return err
	}
	for _, m := range p.Members {
		user, err := tx.UserByEmail(m.Email)
		if err != nil {
			return fmt.Errorf("member %s: %w", m.Email, err)
		}
		if err := tx.PutProjectUser(store.ProjectUser{ProjectID: project.ID, UserID: user.ID, Role: m.Role, AddedAt: now.Unix()}); err != nil {
			return err
		}
	}
	for _, a := range p.ServiceAccounts {
		account, err := tx.AddServiceAccount(store.ServiceAccount{ID: a.ID, ProjectID: project.ID, Name: a.Name, Role: a.Role, CreatedAt: now.Unix()})
		if err != nil {
			return err
		}
		for _, k := range a.Keys {
			if err := k.apply(tx, account, today); err != nil {
				return fmt.Errorf("key %s: %w", k.Name, err)
			}
		}
	}
	if err := p.Spend.apply(tx, project.ID); err != nil {
		return err
	}
	if p.Archived {
		at := now.Unix()
		project.ArchivedAt = &at
		return tx.ArchiveProject(project)
	}
	return nil
}

// EnsureAdminKey makes sure that this secret opens the organization, as a key
// of its first owner.
func EnsureAdminKey(tx *store.Tx, secret string, now time.Time) error {
	if _, err := tx.AdminKeyBySecret(secret); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	users, err := tx.Users()
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.Role == "owner" {
			_, err := tx.AddAdminKey(store.AdminKey{
				UserID: u.ID, Name: "emulator", SecretHash: store.Hash(secret),
				RedactedValue: store.Redact(secret, store.AdminSecretPrefix), CreatedAt: now.Unix(),
			})
			return err
		}
	}
	return errors.New("the organization has no owner")
}
