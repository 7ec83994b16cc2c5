package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// project has the fields of a project that matter.
type project struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt int64  `json:"created_at"`
	Residency string `json:"residency"`
	Status    string `json:"status"`
	// IsInitial may be there, and marks the default project.
	IsInitial *bool `json:"is_initial"`
}

// user has the fields of a user of the organization.
type user struct {
	ID               string `json:"id"`
	Email            string `json:"email"`
	Role             string `json:"role"`
	IsServiceAccount bool   `json:"is_service_account"`
}

// role has the fields of a role.
type role struct {
	ID          string   `json:"id"`
	Predefined  bool     `json:"predefined_role"`
	Permissions []string `json:"permissions"`
	Description *string  `json:"description"`
}

// defaultProject is the name of the default project of every organization.
const defaultProject = "Default project"

// readWeek is a week before the API existed, in which no organization has usage.
var readWeek = time.Date(2020, time.May, 1, 0, 0, 0, 0, time.UTC)

// read asks the questions that lists and settings answer.
func (s *session) read(ctx context.Context, projects *answer) {
	if !s.step(ctx, "Reading the organization") {
		return
	}
	all := decode[list[project]](projects).Data
	s.readProjects(ctx, all)
	s.readPeople(ctx)
	s.readRoles(ctx)
	s.readSettings(ctx)
	s.readUsage(ctx)
	if at := slices.IndexFunc(all, func(p project) bool { return p.Status != "archived" }); at >= 0 && s.step(ctx, "Reading a project") {
		s.readProject(ctx, all[at].ID)
	}
}

func (s *session) readProjects(ctx context.Context, all []project) {
	if len(all) == 0 {
		s.missed("A-8", "the organization has no project")
		return
	}
	s.call(ctx, "organization.projects.retrieve", []string{all[0].ID})
	//
	switch {
	case slices.ContainsFunc(all, func(p project) bool { return p.IsInitial != nil }):
		s.observe("A-8", "is-initial")
	case slices.ContainsFunc(all, func(p project) bool { return p.Name == defaultProject }):
		s.observe("A-8", "name")
	default:
		s.missed("A-8", "no project is named Default project")
	}
	s.observeOrder(all)
	//
	a := s.call(ctx, "organization.projects.list", nil, query("limit", "1"), header("OpenAI-Organization", "org-conformance-of-another"))
	switch {
	case a.ok():
		s.observe("A-1", "ignored")
	case a.status == http.StatusUnauthorized, a.refused():
		s.observe("A-1", "refused")
	default:
		s.missed("A-1", "%s", a)
	}
}

// observeOrder answers A-2 by projects that were created at different times.
func (s *session) observeOrder(all []project) {
	oldestFirst := slices.IsSortedFunc(all, func(a, b project) int { return int(a.CreatedAt - b.CreatedAt) })
	newestFirst := slices.IsSortedFunc(all, func(a, b project) int { return int(b.CreatedAt - a.CreatedAt) })
	switch {
	case oldestFirst && newestFirst:
		s.missed("A-2", "all projects were created at the same time")
	case oldestFirst:
		s.observe("A-2", "usual")
	case newestFirst:
		s.observe("A-2", "reversed")
	default:
		s.observe("A-2", "neither by age")
	}
}

func (s *session) readPeople(ctx context.Context) {
	users := decode[list[user]](s.call(ctx, "organization.users.list", nil, query("limit", "100"))).Data
	if len(users) > 0 {
		s.call(ctx, "organization.users.retrieve", []string{users[0].ID})
		s.call(ctx, "organization.users.roles.list", []string{users[0].ID})
	}
	// that there is none is only known once there is a service account.
	if slices.ContainsFunc(users, func(u user) bool { return u.IsServiceAccount }) {
		s.observe("A-17", "listed")
	}
	//
	invites := decode[list[struct {
		ID     string `json:"id"`
		Email  string `json:"email"`
		Status string `json:"status"`
	}]](s.call(ctx, "organization.invites.list", nil, query("limit", "100"))).Data
	pending := map[string]bool{}
	for _, i := range invites {
		if i.Status == "pending" {
			if email := strings.ToLower(i.Email); pending[email] {
				s.observe("A-18", "created")
			} else {
				pending[email] = true
			}
		}
	}
	if len(invites) > 0 {
		s.call(ctx, "organization.invites.retrieve", []string{invites[0].ID})
	}
	//
	keys := decode[list[struct {
		ID    string `json:"id"`
		Owner struct {
			Type string `json:"type"`
		} `json:"owner"`
	}]](s.call(ctx, "organization.admin_api_keys.list", nil, query("limit", "100"))).Data
	for _, key := range keys {
		s.observe("A-15", strings.ReplaceAll(key.Owner.Type, "_", "-"))
	}
	if len(keys) > 0 {
		s.call(ctx, "organization.admin_api_keys.retrieve", []string{keys[0].ID})
	} else {
		s.missed("A-15", "no admin key is listed")
	}
}

func (s *session) readRoles(ctx context.Context) {
	a := s.call(ctx, "organization.roles.list", nil)
	roles := decode[list[role]](a).Data
	//
	s.missed("A-42", "%s lists no predefined role", a)
	for _, r := range roles {
		if !r.Predefined {
			continue
		}
		if strings.Contains(r.ID, "__api-organization__") {
			s.observe("A-42", "long")
		} else {
			s.observe("A-42", "short")
		}
	}
	if len(roles) > 0 {
		s.call(ctx, "organization.roles.retrieve", []string{roles[0].ID})
		//
		a := s.call(ctx, "organization.roles.list", nil, query("limit", "0"))
		switch {
		case !a.ok():
			s.missed("A-3", "%s", a)
		case len(decode[list[role]](a).Data) == 0:
			s.observe("A-3", "empty")
		default:
			s.observe("A-3", "default")
		}
	} else {
		s.missed("A-3", "%s lists no role", a)
	}
	groups := decode[list[object]](s.call(ctx, "organization.groups.list", nil)).Data
	if len(groups) > 0 {
		s.call(ctx, "organization.groups.retrieve", []string{groups[0].ID})
		s.call(ctx, "organization.groups.users.list", []string{groups[0].ID})
		s.call(ctx, "organization.groups.roles.list", []string{groups[0].ID})
	}
}

// readSettings reads the objects that only the organization has.
func (s *session) readSettings(ctx context.Context) {
	s.call(ctx, "organization.spend_limit.retrieve", nil, mayMiss)
	s.call(ctx, "organization.spend_alerts.list", nil)
	s.call(ctx, "organization.audit_logs.list", nil, query("limit", "20"))
	s.call(ctx, "organization.certificates.list", nil)
	s.call(ctx, "organization.external_storage.list", nil)
	s.call(ctx, "organization.workload_identity_providers.list", nil)
	//
	a := s.call(ctx, "organization.data_retention.retrieve", nil)
	switch kind := decode[struct {
		Type string `json:"type"`
	}](a).Type; {
	case a.ok() && kind == "none":
		s.observe("A-30", "none")
	case a.ok():
		s.missed("A-30", "the organization has an agreement: %s", kind)
	case a.refused():
		s.observe("A-30", "refused")
	default:
		s.missed("A-30", "%s", a)
	}
	keys := decode[list[json.RawMessage]](s.call(ctx, "organization.external_keys.list", nil)).Data
	for _, key := range keys {
		s.observeWorkspace(key)
	}
}

// observeWorkspace answers A-31.
func (s *session) observeWorkspace(key []byte) {
	got := "absent"
	if bytes.Contains(key, []byte(`"workspace_id"`)) {
		got = "sent"
	}
	s.observe("A-31", got)
}

func (s *session) readUsage(ctx context.Context) {
	start := strconv.FormatInt(readWeek.Unix(), 10)
	//
	a := s.call(ctx, "organization.usage.completions", nil, query("start_time", start, "bucket_width", "1d", "limit", "7"))
	switch days := len(decode[list[json.RawMessage]](a).Data); {
	case !a.ok():
		s.missed("A-35", "%s", a)
	case days == 7:
		s.observe("A-35", "sent")
	default:
		s.observe("A-35", "absent")
	}
	//
	now := s.options.Clock.Now()
	a = s.call(ctx, "organization.usage.completions", nil, query(
		"start_time", strconv.FormatInt(now.AddDate(0, 0, -1).Unix(), 10), "end_time", strconv.FormatInt(now.AddDate(0, 0, 1).Unix(), 10)))
	s.observeStatus("A-36", a, "accepted", "refused")
	week := query("start_time", strconv.FormatInt(now.AddDate(0, 0, -7).Unix(), 10))
	for name := range s.operations {
		if kind, isUsage := strings.CutPrefix(name, "organization.usage."); isUsage && kind != "completions" {
			s.call(ctx, name, nil, week)
		}
	}
}

// projectLists are the operations that read lists of a project, and those that
// read an item of them.
var projectLists = [][2]string{
	{"organization.projects.users.list", "organization.projects.users.retrieve"},
	{"organization.projects.service_accounts.list", "organization.projects.service_accounts.retrieve"},
	{"organization.projects.api_keys.list", "organization.projects.api_keys.retrieve"},
	{"organization.projects.rate_limits.list_rate_limits", ""},
	{"organization.projects.spend_alerts.list", "organization.projects.spend_alerts.retrieve"},
	{"organization.projects.certificates.list", ""},
	{"organization.projects.groups.list", ""},
	{"organization.projects.roles.list", "organization.projects.roles.retrieve"},
}

// projectSettings are the operations that read settings of a project; true where
// 404 means that nothing is set.
var projectSettings = map[string]bool{
	"organization.projects.spend_limit.retrieve":             true,
	"organization.projects.model_permissions.retrieve":       true,
	"organization.projects.hosted_tool_permissions.retrieve": false,
	"organization.projects.service_tier_settings.retrieve":   false,
	"organization.projects.data_retention.retrieve":          false,
}

// readProject reads a project's lists and settings.
func (s *session) readProject(ctx context.Context, id string) {
	for _, operations := range projectLists {
		items := decode[list[object]](s.call(ctx, operations[0], []string{id})).Data
		if operations[1] != "" && len(items) > 0 {
			s.call(ctx, operations[1], []string{id, items[0].ID})
		}
	}
	for name, mayBeUnset := range projectSettings {
		var options []option
		if mayBeUnset {
			options = append(options, mayMiss)
		}
		s.call(ctx, name, []string{id}, options...)
	}
}

// provokeThrottle answers A-4: it reads one list until the API refuses.
func (s *session) provokeThrottle(ctx context.Context) {
	const enough = 12
	if len(s.throttles) == 0 && s.step(ctx, "Reading one list until the API refuses") {
		for range enough {
			a := s.send(ctx, s.operations["organization.roles.list"], "/organization/roles", request{})
			if a.status == http.StatusTooManyRequests {
				s.throttled(a)
				break
			}
		}
	}
	s.missed("A-4", "the API did not throttle")
	for _, t := range s.throttles {
		got := "absent"
		if slices.ContainsFunc(t.Headers, func(h string) bool { return strings.HasPrefix(h, "Retry-After") }) {
			got = "sent"
		}
		s.observe("A-4", got)
	}
}
