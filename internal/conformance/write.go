package conformance

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"
)

// fixture are the objects that one run creates and asks about.
type fixture struct {
	project, account string
	// owner is a person who may be added to the project.
	owner user
}

// named is a name of the run's own.
func (s *session) named(what string) string { return s.options.Prefix + "-" + what }

// email is an address of the run's own. No mail reaches the domain.
func (s *session) email() string { return s.options.Prefix + "@example.com" }

type nameBody struct {
	Name string `json:"name"`
}

// write creates objects and asks the questions that their answers answer.
func (s *session) write(ctx context.Context) {
	if !s.step(ctx, "Creating a project") {
		return
	}
	owners := s.owners(ctx)
	var f fixture
	if f.project = s.newProject(ctx, owners); f.project == "" {
		return
	}
	if len(owners) > 0 {
		f.owner = owners[0]
	}
	for _, part := range []struct {
		text string
		ask  func(context.Context, *fixture)
	}{
		{"Service accounts and keys", s.writeAccount},
		{"Roles", s.writeRoles},
		{"Groups", s.writeGroups},
		{"Members of the project", s.writeMembers},
		{"Invitations", s.writeInvites},
		{"Limits of the project", s.writeLimits},
		{"Settings of the project", s.writeSettings},
		{"Certificates", s.writeCertificates},
		{"Workload identity", s.writeIdentity},
		{"External keys", s.writeExternalKey},
		{"Deletion of the service account", s.deleteAccount},
	} {
		if s.step(ctx, part.text) {
			part.ask(ctx, &f)
		}
	}
}

func (s *session) owners(ctx context.Context) []user {
	users := decode[list[user]](s.call(ctx, "organization.users.list", nil, query("limit", "100"))).Data
	return slices.DeleteFunc(users, func(u user) bool { return u.Role != "owner" || u.IsServiceAccount })
}

// create sends a create, and has its object removed at the end.
func (s *session) create(ctx context.Context, operation string, values []string, remove string, options ...option) *answer {
	a := s.call(ctx, operation, values, options...)
	if id := decode[object](a).ID; a.ok() && id != "" {
		s.removeLater(a.operation, remove, append(slices.Clone(values), id))
	}
	return a
}

func (s *session) newProject(ctx context.Context, owners []user) string {
	a := s.create(ctx, "organization.projects.create", nil, "organization.projects.archive", body(nameBody{s.named("project")}))
	p := decode[project](a)
	if p.ID == "" {
		for _, id := range []string{"A-7", "A-41", "A-39"} {
			s.missed(id, "%s", a)
		}
		return ""
	}
	//
	switch p.Residency {
	case "GLOBAL":
		s.observe("A-7", "global")
	case "":
		s.observe("A-7", "absent")
	default:
		s.observe("A-7", p.Residency)
	}
	//
	if got := s.call(ctx, "organization.projects.retrieve", []string{p.ID}); got.ok() && !s.late {
		s.observe("A-39", "found")
	} else if !got.ok() {
		s.missed("A-39", "%s", got)
	}
	s.call(ctx, "organization.projects.update", []string{p.ID}, body(nameBody{s.named("project")}))
	s.observeOrder(decode[list[project]](s.call(ctx, "organization.projects.list", nil, query("limit", "100"))).Data)
	//
	a = s.call(ctx, "organization.projects.users.list", []string{p.ID})
	switch members := len(decode[list[user]](a).Data); {
	case !a.ok():
		s.missed("A-41", "%s", a)
	case members == 0:
		s.observe("A-41", "none")
	case members == 1 && len(owners) > 1:
		s.observe("A-41", "creator")
	case members == len(owners) && members > 1:
		s.observe("A-41", "owners")
	default:
		s.observe("A-41", fmt.Sprintf("%d of %d owners", members, len(owners)))
	}
	return p.ID
}

type accountBody struct {
	Name string `json:"name"`
	Only bool   `json:"create_service_account_only"`
}

func (s *session) writeAccount(ctx context.Context, f *fixture) {
	a := s.create(ctx, "organization.projects.service_accounts.create", []string{f.project}, "organization.projects.service_accounts.delete",
		body(accountBody{s.named("account"), true}))
	if f.account = decode[object](a).ID; f.account == "" {
		for _, id := range []string{"A-11", "A-13", "A-17"} {
			s.missed(id, "%s", a)
		}
		return
	}
	at := []string{f.project, f.account}
	s.call(ctx, "organization.projects.service_accounts.retrieve", at)
	s.call(ctx, "organization.projects.service_accounts.update", at, body(struct {
		Role string `json:"role"`
	}{"member"}))
	//
	users := s.call(ctx, "organization.users.list", nil, query("limit", "100"))
	switch isAccount := func(u user) bool { return u.ID == f.account || u.IsServiceAccount }; {
	case !users.ok():
		s.missed("A-17", "%s", users)
	case slices.ContainsFunc(decode[list[user]](users).Data, isAccount):
		s.observe("A-17", "listed")
	default:
		s.observe("A-17", "absent")
	}
	//
	type roleBody struct {
		RoleID string `json:"role_id"`
	}
	const viewer = "role-api-project-viewer"
	a = s.call(ctx, "organization.projects.users.roles.create", at, body(roleBody{viewer}))
	s.observeStatus("A-11", a, "accepted", "refused")
	if a.ok() {
		s.call(ctx, "organization.projects.users.roles.list", at)
		s.call(ctx, "organization.projects.users.roles.retrieve", append(slices.Clone(at), viewer))
		s.call(ctx, "organization.projects.users.roles.delete", append(slices.Clone(at), viewer))
	}
	s.writeKeys(ctx, f)
}

type keyBody struct {
	Name             string   `json:"name"`
	Scopes           []string `json:"scopes"`
	ExpiresInSeconds int64    `json:"expires_in_seconds"`
}

// keyLifetime bounds the use of a key that could not be deleted.
const keyLifetime = 3600

func (s *session) writeKeys(ctx context.Context, f *fixture) {
	at := []string{f.project, f.account}
	create := func(name, scope string) *answer {
		a := s.call(ctx, "organization.projects.service_accounts.api_keys.create", at, body(keyBody{s.named(name), []string{scope}, keyLifetime}))
		if id := decode[object](a).ID; a.ok() && id != "" {
			s.removeLater(a.operation, "organization.projects.api_keys.delete", []string{f.project, id})
		}
		return a
	}
	key := create("key", "api.model.read")
	if id := decode[object](key).ID; id != "" {
		one := []string{f.project, id}
		s.call(ctx, "organization.projects.api_keys.list", []string{f.project}, query("owner_project_access", "any"))
		s.call(ctx, "organization.projects.api_keys.retrieve", one)
		s.call(ctx, "organization.projects.api_keys.update", one, body(struct {
			Scopes []string `json:"scopes"`
		}{[]string{"api.model.read"}}))
	}
	//
	if !key.ok() {
		s.missed("A-13", "%s", key)
		return
	}
	s.observeStatus("A-13", create("second-key", "api.conformance.read"), "accepted", "refused")
}

// deleteAccount answers A-10 with an account of its own, because the deletion of
// an account ends what belongs to it.
func (s *session) deleteAccount(ctx context.Context, f *fixture) {
	created := s.create(ctx, "organization.projects.service_accounts.create", []string{f.project}, "organization.projects.service_accounts.delete",
		body(accountBody{s.named("second-account"), true}))
	account := decode[object](created).ID
	key := s.call(ctx, "organization.projects.service_accounts.api_keys.create", []string{f.project, account},
		body(keyBody{s.named("last-key"), []string{"api.model.read"}, keyLifetime}))
	id := decode[object](key).ID
	if id == "" {
		s.missed("A-10", "%s", key)
		return
	}
	deleted := s.call(ctx, "organization.projects.service_accounts.delete", []string{f.project, account})
	if !deleted.ok() {
		s.missed("A-10", "%s", deleted)
		return
	}
	s.removed("organization.projects.service_accounts.delete", account)
	a := s.call(ctx, "organization.projects.api_keys.retrieve", []string{f.project, id}, mayMiss)
	switch {
	case a.ok():
		s.removeLater(key.operation, "organization.projects.api_keys.delete", []string{f.project, id})
		s.observe("A-10", "kept")
	case a.status == http.StatusNotFound:
		s.observe("A-10", "removed")
	default:
		s.missed("A-10", "%s", a)
	}
}

type newRole struct {
	Name        string   `json:"role_name"`
	Permissions []string `json:"permissions"`
	Description string   `json:"description,omitempty"`
}

func (s *session) writeRoles(ctx context.Context, _ *fixture) {
	// In an order that no sorting has.
	permissions := []string{"api.threads.write", "api.assistants.read", "api.files.read"}
	a := s.create(ctx, "organization.roles.create", nil, "organization.roles.delete", body(newRole{s.named("role"), permissions, "d"}))
	created := decode[role](a)
	if created.ID == "" {
		for _, id := range []string{"A-6", "A-43"} {
			s.missed(id, "%s", a)
		}
	} else {
		//
		if slices.Equal(created.Permissions, permissions) {
			s.observe("A-43", "sent")
		} else {
			s.observe("A-43", "other")
		}
		s.call(ctx, "organization.roles.retrieve", []string{created.ID})
		//
		a = s.call(ctx, "organization.roles.update", []string{created.ID}, body(struct {
			Description *string `json:"description"`
		}{}))
		switch description := decode[role](a).Description; {
		case !a.ok():
			s.missed("A-6", "%s", a)
		case description == nil || *description == "":
			s.observe("A-6", "description")
		default:
			s.observe("A-6", "nothing")
		}
	}
	//
	a = s.create(ctx, "organization.roles.create", nil, "organization.roles.delete", body(newRole{s.named("groups"), []string{"api.groups.read"}, ""}))
	s.observeStatus("A-40", a, "accepted", "refused")
}

func (s *session) writeGroups(ctx context.Context, f *fixture) {
	key := header("Idempotency-Key", s.named("group"))
	first := s.create(ctx, "organization.groups.create", nil, "organization.groups.delete", body(nameBody{s.named("group")}), key)
	id := decode[object](first).ID
	if id == "" {
		for _, id := range []string{"A-22", "A-38"} {
			s.missed(id, "%s", first)
		}
		return
	}
	//
	second := s.call(ctx, "organization.groups.create", nil, body(nameBody{s.named("group")}), key)
	switch other := decode[object](second).ID; {
	case !second.ok():
		s.missed("A-38", "%s", second)
	case other == id:
		s.observe("A-38", "honored")
	default:
		s.removeLater(second.operation, "organization.groups.delete", []string{other})
		s.observe("A-38", "ignored")
	}
	group := []string{id}
	s.call(ctx, "organization.groups.retrieve", group)
	s.call(ctx, "organization.groups.update", group, body(nameBody{s.named("renamed")}))
	s.writeGroupUsers(ctx, id, f)
	s.writeGroupRoles(ctx, id, f)
}

// writeGroupUsers answers A-22 for members.
func (s *session) writeGroupUsers(ctx context.Context, group string, f *fixture) {
	at := []string{group}
	member := body(struct {
		UserID string `json:"user_id"`
	}{f.account})
	if f.account == "" {
		return
	}
	a := s.call(ctx, "organization.groups.users.create", at, member)
	if !a.ok() {
		s.missed("A-22", "%s", a)
		return
	}
	s.observeStatus("A-22", s.call(ctx, "organization.groups.users.create", at, member), "accepted", "refused")
	one := []string{group, f.account}
	s.call(ctx, "organization.groups.users.list", at)
	s.call(ctx, "organization.groups.users.retrieve", one)
	s.call(ctx, "organization.groups.users.delete", one)
}

// assignment is a role of a group, in the organization or in a project.
type assignment struct {
	operations string
	at         []string
}

// writeGroupRoles answers A-22 for roles.
func (s *session) writeGroupRoles(ctx context.Context, group string, f *fixture) {
	none := newRole{s.named("none"), []string{}, ""}
	own := s.create(ctx, "organization.roles.create", nil, "organization.roles.delete", body(none))
	inProject := s.create(ctx, "organization.projects.roles.create", []string{f.project}, "organization.projects.roles.delete", body(none))
	projectRole, isAdded := decode[object](inProject).ID, false
	if projectRole != "" {
		one := []string{f.project, projectRole}
		s.call(ctx, "organization.projects.roles.list", []string{f.project})
		s.call(ctx, "organization.projects.roles.retrieve", one)
		s.call(ctx, "organization.projects.roles.update", one, body(newRole{s.named("renamed"), []string{}, ""}))
		added := s.call(ctx, "organization.projects.groups.create", []string{f.project}, body(struct {
			GroupID string `json:"group_id"`
			Role    string `json:"role"`
		}{group, projectRole}))
		if isAdded = added.ok(); isAdded {
			s.call(ctx, "organization.projects.groups.list", []string{f.project})
			s.call(ctx, "organization.projects.groups.retrieve", []string{f.project, group})
		}
	}
	for _, a := range []struct {
		assignment
		role string
	}{
		{assignment{"organization.groups.roles.", []string{group}}, decode[object](own).ID},
		{assignment{"organization.projects.groups.roles.", []string{f.project, group}}, "role-api-project-viewer"},
	} {
		s.assign(ctx, a.assignment, a.role)
	}
	if isAdded {
		s.call(ctx, "organization.projects.groups.delete", []string{f.project, group})
	}
}

func (s *session) assign(ctx context.Context, a assignment, role string) {
	send := body(struct {
		RoleID string `json:"role_id"`
	}{role})
	if role == "" {
		return
	}
	first := s.call(ctx, a.operations+"create", a.at, send)
	if !first.ok() {
		s.missed("A-22", "%s", first)
		return
	}
	s.observeStatus("A-22", s.call(ctx, a.operations+"create", a.at, send), "accepted", "refused")
	one := append(slices.Clone(a.at), role)
	s.call(ctx, a.operations+"list", a.at)
	s.call(ctx, a.operations+"retrieve", one)
	s.call(ctx, a.operations+"delete", one)
}

// writeMembers adds an owner of the organization to the project of the run, and
// removes the person again.
func (s *session) writeMembers(ctx context.Context, f *fixture) {
	if f.owner.ID == "" {
		for _, id := range []string{"A-19", "A-20"} {
			s.missed(id, "no owner of the organization is listed")
		}
		return
	}
	type member struct {
		UserID string `json:"user_id,omitempty"`
		Email  string `json:"email,omitempty"`
		Role   string `json:"role"`
	}
	one := []string{f.project, f.owner.ID}
	if s.call(ctx, "organization.projects.users.retrieve", one, mayMiss).ok() {
		// The new project has members. This one is added again.
		s.call(ctx, "organization.projects.users.delete", one)
	}
	//
	a := s.call(ctx, "organization.projects.users.create", []string{f.project}, body(member{f.owner.ID, f.owner.Email, "member"}))
	s.observeStatus("A-19", a, "accepted", "refused")
	if !a.ok() {
		a = s.call(ctx, "organization.projects.users.create", []string{f.project}, body(member{UserID: f.owner.ID, Role: "member"}))
	}
	if !a.ok() {
		s.missed("A-20", "%s", a)
		return
	}
	s.removeLater(a.operation, "organization.projects.users.delete", one)
	s.call(ctx, "organization.projects.users.update", one, body(struct {
		Role string `json:"role"`
	}{"member"}))
	//
	custom := s.create(ctx, "organization.projects.roles.create", []string{f.project}, "organization.projects.roles.delete", body(newRole{s.named("custom"), []string{}, ""}))
	id := decode[object](custom).ID
	if id == "" {
		s.missed("A-20", "%s", custom)
		return
	}
	if assigned := s.call(ctx, "organization.projects.users.roles.create", one, body(struct {
		RoleID string `json:"role_id"`
	}{id})); !assigned.ok() {
		s.missed("A-20", "%s", assigned)
		return
	}
	a = s.call(ctx, "organization.projects.users.retrieve", one)
	switch shown := decode[user](a).Role; {
	case !a.ok():
		s.missed("A-20", "%s", a)
	case shown == "owner" || shown == "member":
		s.observe("A-20", "owner-or-member")
	default:
		s.observe("A-20", "custom")
	}
	s.call(ctx, "organization.projects.users.roles.delete", append(slices.Clone(one), id))
}

// writeInvites answers A-18.
func (s *session) writeInvites(ctx context.Context, _ *fixture) {
	invite := body(struct {
		Email    string   `json:"email"`
		Role     string   `json:"role"`
		Projects []string `json:"projects"`
	}{s.email(), "reader", []string{}})
	first := s.create(ctx, "organization.invites.create", nil, "organization.invites.delete", invite)
	id := decode[object](first).ID
	if id == "" {
		s.missed("A-18", "%s", first)
		return
	}
	s.call(ctx, "organization.invites.retrieve", []string{id})
	second := s.call(ctx, "organization.invites.create", nil, invite)
	switch other := decode[object](second).ID; {
	case second.ok() && other == id:
		s.observe("A-18", "returned")
	case second.ok():
		s.removeLater(second.operation, "organization.invites.delete", []string{other})
		s.observe("A-18", "created")
	case second.refused():
		s.observe("A-18", "refused")
	default:
		s.missed("A-18", "%s", second)
	}
}

// farAmount is a million dollars, in cents, which the project does not spend.
const farAmount = 100_000_000

type monthly struct {
	Amount   int64  `json:"threshold_amount"`
	Currency string `json:"currency"`
	Interval string `json:"interval"`
}

func (s *session) writeLimits(ctx context.Context, f *fixture) {
	at := []string{f.project}
	month := monthly{farAmount, "USD", "month"}
	//
	a := s.call(ctx, "organization.projects.spend_limit.update", at, body(month))
	switch status := decode[struct {
		Enforcement struct {
			Status string `json:"status"`
		} `json:"enforcement"`
	}](a).Enforcement.Status; {
	case !a.ok():
		s.missed("A-23", "%s", a)
	default:
		s.observe("A-23", status)
		s.call(ctx, "organization.projects.spend_limit.retrieve", at)
		s.call(ctx, "organization.projects.spend_limit.delete", at)
	}
	//
	type channel struct {
		Type       string   `json:"type"`
		Recipients []string `json:"recipients"`
	}
	alert := body(struct {
		monthly
		Channel channel `json:"notification_channel"`
	}{month, channel{"email", []string{s.email()}}})
	first := s.create(ctx, "organization.projects.spend_alerts.create", at, "organization.projects.spend_alerts.delete", alert)
	if id := decode[object](first).ID; id != "" {
		one := []string{f.project, id}
		s.call(ctx, "organization.projects.spend_alerts.list", at)
		s.call(ctx, "organization.projects.spend_alerts.retrieve", one)
		s.call(ctx, "organization.projects.spend_alerts.update", one, alert)
		s.observeStatus("A-26", s.create(ctx, "organization.projects.spend_alerts.create", at, "organization.projects.spend_alerts.delete", alert), "created", "refused")
	} else {
		s.missed("A-26", "%s", first)
	}
	rates := decode[list[struct {
		ID       string `json:"id"`
		Requests int64  `json:"max_requests_per_1_minute"`
	}]](s.call(ctx, "organization.projects.rate_limits.list_rate_limits", at)).Data
	if len(rates) > 0 {
		s.call(ctx, "organization.projects.rate_limits.update_rate_limit", []string{f.project, rates[0].ID}, body(struct {
			Requests int64 `json:"max_requests_per_1_minute"`
		}{rates[0].Requests}))
	}
}

func (s *session) writeSettings(ctx context.Context, f *fixture) {
	at := []string{f.project}
	//
	type models struct {
		Mode   string   `json:"mode"`
		Models []string `json:"model_ids"`
	}
	empty := s.call(ctx, "organization.projects.model_permissions.update", at, body(models{"deny_list", []string{}}))
	s.observeStatus("A-28", empty, "accepted", "refused")
	if s.call(ctx, "organization.projects.model_permissions.update", at, body(models{"deny_list", []string{"gpt-4o"}})).ok() {
		s.call(ctx, "organization.projects.model_permissions.retrieve", at)
		s.call(ctx, "organization.projects.model_permissions.delete", at)
	}
	//
	type tiers struct {
		Default string   `json:"default"`
		Enabled []string `json:"enabled_tiers"`
	}
	s.observeStatus("A-29", s.call(ctx, "organization.projects.service_tier_settings.update", at, body(tiers{"fast", []string{}})), "accepted", "refused")
	s.call(ctx, "organization.projects.service_tier_settings.update", at, body(tiers{"standard", []string{}}))
	s.call(ctx, "organization.projects.service_tier_settings.retrieve", at)
	//
	type tool struct {
		Enabled bool `json:"enabled"`
	}
	type tools struct {
		MCP tool `json:"mcp"`
	}
	s.observeStatus("A-44", s.call(ctx, "organization.projects.hosted_tool_permissions.update", at, body(tools{tool{false}})), "selected", "all")
	s.call(ctx, "organization.projects.hosted_tool_permissions.update", at, body(tools{tool{true}}))
	s.call(ctx, "organization.projects.hosted_tool_permissions.retrieve", at)
	s.call(ctx, "organization.projects.data_retention.update", at, body(struct {
		Type string `json:"retention_type"`
	}{"organization_default"}))
	s.call(ctx, "organization.projects.data_retention.retrieve", at)
}

func (s *session) writeCertificates(ctx context.Context, f *fixture) {
	text, err := certificate(s.named("ca"), s.options.Clock.Now())
	if err != nil {
		return
	}
	created := s.create(ctx, "organization.certificates.create", nil, "organization.certificates.delete", body(struct {
		Name        string `json:"name"`
		Certificate string `json:"certificate"`
	}{s.named("ca"), text}))
	id := decode[object](created).ID
	if id == "" {
		return
	}
	s.call(ctx, "organization.certificates.retrieve", []string{id})
	s.call(ctx, "organization.certificates.update", []string{id}, body(nameBody{s.named("renamed")}))
	// Only in the project of the run: in the organization it would refuse other
	// clients.
	ids := body(struct {
		IDs []string `json:"certificate_ids"`
	}{[]string{id}})
	if s.call(ctx, "organization.projects.certificates.activate", []string{f.project}, ids).ok() {
		s.call(ctx, "organization.projects.certificates.list", []string{f.project})
		s.call(ctx, "organization.projects.certificates.deactivate", []string{f.project}, ids)
	}
}

// certificate is the certificate of an authority whose key is not kept.
func certificate(name string, now time.Time) (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.Unix()), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 7),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	encoded, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: encoded})), err
}

// writeIdentity answers A-33. Its rule is disabled, so that no token is issued.
func (s *session) writeIdentity(ctx context.Context, f *fixture) {
	created := s.create(ctx, "organization.workload_identity_providers.create", nil, "organization.workload_identity_providers.delete", body(struct {
		Type     string `json:"type"`
		Name     string `json:"name"`
		Issuer   string `json:"issuer"`
		Audience string `json:"audience"`
	}{"oidc", s.named("provider"), "https://token.actions.githubusercontent.com", s.named("audience")}))
	got := decode[struct {
		ID      string `json:"id"`
		Enabled bool   `json:"enabled"`
	}](created)
	if got.ID == "" {
		s.missed("A-33", "%s", created)
		return
	}
	if got.Enabled {
		s.observe("A-33", "enabled")
	} else {
		s.observe("A-33", "disabled")
	}
	provider := []string{got.ID}
	s.call(ctx, "organization.workload_identity_providers.retrieve", provider)
	type enabled struct {
		Enabled bool `json:"enabled"`
	}
	s.call(ctx, "organization.workload_identity_providers.update", provider, body(enabled{false}))
	if f.account == "" {
		return
	}
	type matchers struct {
		Repository string `json:"repository"`
	}
	rule := s.create(ctx, "organization.workload_identity_providers.federation_rules.create", provider, "organization.workload_identity_providers.federation_rules.delete", body(struct {
		Project  string   `json:"project_id"`
		Account  string   `json:"service_account_id"`
		Matchers matchers `json:"attribute_matchers"`
		Enabled  bool     `json:"enabled"`
	}{f.project, f.account, matchers{s.named("none") + "/none"}, false}))
	if id := decode[object](rule).ID; id != "" {
		one := []string{got.ID, id}
		s.call(ctx, "organization.workload_identity_providers.federation_rules.list", provider)
		s.call(ctx, "organization.workload_identity_providers.federation_rules.retrieve", one)
		s.call(ctx, "organization.workload_identity_providers.federation_rules.update", one, body(enabled{false}))
	}
}

// writeExternalKey answers with a registration of a key that does
// not exist.
func (s *session) writeExternalKey(ctx context.Context, f *fixture) {
	created := s.create(ctx, "organization.external_keys.create", nil, "organization.external_keys.delete", body(struct {
		Type   string `json:"type"`
		Name   string `json:"name"`
		Region string `json:"region"`
		Vault  string `json:"vault_ocid"`
		Key    string `json:"key_ocid"`
	}{"oci", s.named("external-key"), "eu-frankfurt-1", "ocid1.vault.oc1.eu-frankfurt-1.none.none", "ocid1.key.oc1.eu-frankfurt-1.none.none"}))
	id := decode[object](created).ID
	if id == "" {
		for _, id := range []string{"A-31", "A-45"} {
			s.missed(id, "%s", created)
		}
		return
	}
	s.observeWorkspace(created.body)
	s.call(ctx, "organization.external_keys.retrieve", []string{id})
	s.call(ctx, "organization.external_keys.validate", []string{id})
	for _, key := range decode[list[json.RawMessage]](s.call(ctx, "organization.external_keys.list", nil)).Data {
		s.observeWorkspace(key)
	}
	changed := s.call(ctx, "organization.projects.update", []string{f.project}, body(struct {
		ExternalKey string `json:"external_key_id"`
	}{id}))
	s.observeStatus("A-45", changed, "changeable", "fixed")
}

// removal is how a created object is removed.
type removal struct {
	operation string
	values    []string
	// object names it in the report.
	object string
}

// removeLater has an object removed at the end of the run.
func (s *session) removeLater(created Operation, operation string, values []string) {
	kind := strings.TrimSuffix(strings.TrimPrefix(created.Name, "organization."), ".create")
	s.created = append(s.created, removal{operation, values, kind + " " + values[len(values)-1]})
}

// removed drops the removal of an object that was removed before the end.
func (s *session) removed(operation, id string) {
	s.created = slices.DeleteFunc(s.created, func(r removal) bool { return r.operation == operation && r.values[len(r.values)-1] == id })
}

// removeAll removes what the run created, the newest first, also after an
// interrupt. The project is archived near the end, so that keys and certificates
// that it uses can be removed after it.
func (s *session) removeAll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removalTime)
	defer cancel()
	if len(s.created) > 0 && s.options.Progress != nil {
		s.options.Progress("Removing what was created")
	}
	slices.Reverse(s.created)
	// What a removal waits for may come after it: failed ones are tried once more.
	for range 2 {
		s.created = slices.DeleteFunc(s.created, func(r removal) bool {
			a := s.call(ctx, r.operation, r.values)
			return a.ok() || bytes.Contains(a.body, []byte(`"project_archived"`))
		})
	}
	for _, r := range s.created {
		s.left = append(s.left, r.object)
	}
}
