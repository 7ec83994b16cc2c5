package contract_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// losing is a network that loses the answers to the first creations, after the
// server has acted.
type losing struct {
	mu   sync.Mutex
	left int
	lost int
	// creates is the end of the paths whose answers are lost.
	creates string
}

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, l.creates) || l.left == 0 {
		return response, err
	}
	l.left--
	l.lost++
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return nil, errors.New("connection reset by peer")
}

// client is the provider's client behind a network of its own.
func (b *backend) client(t *testing.T, network http.RoundTripper) *adminapi.Client {
	t.Helper()
	c, err := adminapi.New(adminapi.Config{AdminAPIKey: transport.NewSecret(b.AdminKey()), BaseURL: b.url + "/v1", Transport: network, Clock: b.clock})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func count[T any](t *testing.T, items []T, err error) int {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return len(items)
}

// The created object stays the only one of its kind, and the caller has its id,
// whether or not the answer came.
func TestLostAnswersLeaveNothingTwice(t *testing.T) {
	for name, test := range map[string]struct {
		creates string
		// create returns the id of the created object.
		create func(t *testing.T, c *adminapi.Client, project, account string) (string, error)
		// ids are those of all that there is.
		ids func(t *testing.T, b *backend, project string) []string
	}{
		"project": {
			"/projects",
			func(t *testing.T, c *adminapi.Client, _, _ string) (string, error) {
				made, err := c.Projects.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationProjectNewParams{Name: "new"})
				return idOf(made, err, func(p *openai.Project) string { return p.ID })
			},
			func(t *testing.T, b *backend, _ string) (ids []string) {
				all, err := b.sdk.Projects.List(t.Context(), openai.AdminOrganizationProjectListParams{})
				count(t, all.Data, err)
				for _, p := range all.Data {
					if p.Name == "new" {
						ids = append(ids, p.ID)
					}
				}
				return ids
			},
		},
		"service account": {
			"/service_accounts",
			func(t *testing.T, c *adminapi.Client, project, _ string) (string, error) {
				made, err := c.ServiceAccounts.Create(transport.WithWrites(t.Context()), project, "new")
				return idOf(made, err, func(a *openai.ProjectServiceAccount) string { return a.ID })
			},
			func(t *testing.T, b *backend, project string) (ids []string) {
				all, err := b.sdk.Projects.ServiceAccounts.List(t.Context(), project, openai.AdminOrganizationProjectServiceAccountListParams{})
				count(t, all.Data, err)
				for _, a := range all.Data {
					if a.Name == "new" {
						ids = append(ids, a.ID)
					}
				}
				return ids
			},
		},
		"key": {
			"/api_keys",
			func(t *testing.T, c *adminapi.Client, project, account string) (string, error) {
				made, err := c.APIKeys.Create(transport.WithWrites(t.Context()), project, account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String("new")})
				if err == nil && made.Value == "" {
					t.Error("the secret of the key is lost")
				}
				return idOf(made, err, func(k *adminapi.NewAPIKey) string { return k.ID })
			},
			func(t *testing.T, b *backend, project string) (ids []string) {
				all, err := b.sdk.Projects.APIKeys.List(t.Context(), project, openai.AdminOrganizationProjectAPIKeyListParams{OwnerProjectAccess: "any"})
				count(t, all.Data, err)
				for _, k := range all.Data {
					if k.Name == "new" {
						ids = append(ids, k.ID)
					}
				}
				return ids
			},
		},
		"alert": {
			"/spend_alerts",
			func(t *testing.T, c *adminapi.Client, project, _ string) (string, error) {
				made, err := c.SpendAlerts.Create(transport.WithWrites(t.Context()), project, adminapi.SpendAlert{
					ThresholdAmount: 100, Currency: "USD", Interval: "month", Recipients: []string{"b@example.com", "a@example.com"}})
				return idOf(made, err, func(a *adminapi.SpendAlert) string { return a.ID })
			},
			func(t *testing.T, b *backend, project string) (ids []string) {
				all, err := b.sdk.Projects.SpendAlerts.List(t.Context(), project, openai.AdminOrganizationProjectSpendAlertListParams{})
				count(t, all.Data, err)
				for _, a := range all.Data {
					ids = append(ids, a.ID)
				}
				return ids
			},
		},
		"invite": {
			"/invites",
			func(t *testing.T, c *adminapi.Client, _, _ string) (string, error) {
				made, err := c.Invites.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationInviteNewParams{Email: "ada@example.com", Role: "reader"})
				return idOf(made, err, func(i *openai.Invite) string { return i.ID })
			},
			func(t *testing.T, b *backend, _ string) (ids []string) {
				all, err := b.sdk.Invites.List(t.Context(), openai.AdminOrganizationInviteListParams{})
				count(t, all.Data, err)
				for _, i := range all.Data {
					ids = append(ids, i.ID)
				}
				return ids
			},
		},
		"project user": {
			"/users",
			func(t *testing.T, c *adminapi.Client, project, _ string) (string, error) {
				made, err := c.ProjectUsers.Add(transport.WithWrites(t.Context()), project, openai.AdminOrganizationProjectUserNewParams{Role: "member", Email: openai.String("member@example.com")})
				return idOf(made, err, func(u *openai.ProjectUser) string { return u.ID })
			},
			func(t *testing.T, b *backend, project string) (ids []string) {
				all, err := b.sdk.Projects.Users.List(t.Context(), project, openai.AdminOrganizationProjectUserListParams{})
				count(t, all.Data, err)
				for _, u := range all.Data {
					ids = append(ids, u.ID)
				}
				return ids
			},
		},
		"group": {
			"/groups",
			func(t *testing.T, c *adminapi.Client, _, _ string) (string, error) {
				made, err := c.Groups.Create(transport.WithWrites(t.Context()), "new")
				return idOf(made, err, func(g *adminapi.Group) string { return g.ID })
			},
			func(t *testing.T, b *backend, _ string) (ids []string) {
				all, err := b.sdk.Groups.List(t.Context(), openai.AdminOrganizationGroupListParams{})
				count(t, all.Data, err)
				for _, g := range all.Data {
					ids = append(ids, g.ID)
				}
				return ids
			},
		},
		"role": {
			"/roles",
			func(t *testing.T, c *adminapi.Client, project, _ string) (string, error) {
				made, err := c.Roles.Create(transport.WithWrites(t.Context()), project, adminapi.Role{Name: "new", Permissions: []string{"b", "a"}})
				return idOf(made, err, func(r *adminapi.Role) string { return r.ID })
			},
			func(t *testing.T, b *backend, project string) (ids []string) {
				all, err := b.sdk.Projects.Roles.List(t.Context(), project, openai.AdminOrganizationProjectRoleListParams{})
				count(t, all.Data, err)
				for _, r := range all.Data {
					if !r.PredefinedRole {
						ids = append(ids, r.ID)
					}
				}
				return ids
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			project := must[openai.Project](t)(b.sdk.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "dev"})).ID
			account := must[openai.AdminOrganizationProjectServiceAccountNewResponse](t)(b.sdk.Projects.ServiceAccounts.New(t.Context(), project,
				openai.AdminOrganizationProjectServiceAccountNewParams{Name: "a"})).ID
			network := &losing{left: 1, creates: test.creates}
			id, err := test.create(t, b.client(t, network), project, account)
			if network.lost != 1 {
				t.Fatalf("%d answers were lost", network.lost)
			}
			switch lost := adminapi.LostAnswerOf(err); {
			case lost != nil && (name == "role" || name == "alert"):
				// They have no creation time, so they are named and not adopted.
				if ids := test.ids(t, b, project); len(ids) != 1 || len(lost.Found) != 1 || lost.Found[0].ID != ids[0] {
					t.Errorf("there are %v, the error names %v", ids, lost.Found)
				}
				return
			case err != nil:
				t.Fatal(err)
			case name == "key":
				if ids := test.ids(t, b, project); len(ids) != 2 || !slices.Contains(ids, id) {
					t.Errorf("there are %v, the caller knows %s", ids, id)
				}
				return
			}
			if ids := test.ids(t, b, project); len(ids) != 1 || ids[0] != id {
				t.Errorf("there are %v, the caller knows %s", ids, id)
			}
		})
	}
}

func idOf[T any](made *T, err error, id func(*T) string) (string, error) {
	if err != nil {
		return "", err
	}
	return id(made), nil
}

// A key whose answer is lost is created once more and never revoked: it may
// belong to another client.
func TestLostKeysAreNamed(t *testing.T) {
	b := start(t)
	project := must[openai.Project](t)(b.sdk.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "dev"})).ID
	account := must[openai.AdminOrganizationProjectServiceAccountNewResponse](t)(b.sdk.Projects.ServiceAccounts.New(t.Context(), project,
		openai.AdminOrganizationProjectServiceAccountNewParams{Name: "a", CreateServiceAccountOnly: openai.Bool(true)})).ID
	network := &losing{left: 100, creates: "/api_keys"}
	_, err := b.client(t, network).APIKeys.Create(transport.WithWrites(t.Context()), project, account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String("new")})
	if !adminapi.IsOutcomeUnknown(err) || network.lost != 2 {
		t.Errorf("the error is %v after %d lost answers", err, network.lost)
	}
	keys, listErr := b.sdk.Projects.APIKeys.List(t.Context(), project, openai.AdminOrganizationProjectAPIKeyListParams{OwnerProjectAccess: "any"})
	if n := count(t, keys.Data, listErr); n != 2 || len(adminapi.LostAnswerOf(err).Found) != 2 {
		t.Errorf("%d keys, the error is %v", n, err)
	}
}

// Two new objects that match cannot be distinguished, so neither is adopted.
func TestLostAnswersAmongTwins(t *testing.T) {
	b := start(t)
	twin := must[openai.Project](t)(b.sdk.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "new"})).ID
	_, err := b.client(t, &losing{left: 1, creates: "/projects"}).Projects.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationProjectNewParams{Name: "new"})
	if err == nil || !strings.Contains(err.Error(), twin) || len(adminapi.LostAnswerOf(err).Found) != 2 {
		t.Errorf("the error is %v", err)
	}
}

// Eight equal projects are wanted, at the same time, and every other answer is
// lost: each caller gets one of its own.
func TestLostAnswersOfEqualsInOneRun(t *testing.T) {
	b := start(t)
	client := b.client(t, &losing{left: 4, creates: "/projects"})
	const want = 8
	ids := make([]string, want)
	var group sync.WaitGroup
	for i := range want {
		group.Go(func() {
			made, err := client.Projects.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationProjectNewParams{Name: "new"})
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = made.ID
		})
	}
	group.Wait()
	distinct := map[string]bool{}
	for _, id := range ids {
		distinct[id] = true
	}
	all, err := b.sdk.Projects.List(t.Context(), openai.AdminOrganizationProjectListParams{Limit: openai.Int(100)})
	if n := count(t, all.Data, err) - 1; n != want || len(distinct) != want {
		t.Errorf("%d projects for %d callers, who know %d", n, want, len(distinct))
	}
}

// refusing is a network on which the first connections fail.
type refusing struct{ left int }

func (r *refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.left > 0 {
		r.left--
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.EHOSTUNREACH}
	}
	return http.DefaultTransport.RoundTrip(req)
}

// A request that was certainly not sent is sent again, also one that creates.
func TestRefusedConnectionsAreTriedAgain(t *testing.T) {
	b := start(t)
	network := &refusing{left: 2}
	made, err := b.client(t, network).Projects.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationProjectNewParams{Name: "new"})
	if err != nil || network.left != 0 {
		t.Fatalf("%v, %d refusals left", err, network.left)
	}
	all, err := b.sdk.Projects.List(t.Context(), openai.AdminOrganizationProjectListParams{})
	if n := count(t, all.Data, err) - 1; n != 1 || all.Data[1].ID != made.ID && all.Data[0].ID != made.ID {
		t.Errorf("%d projects", n)
	}
	entries, err := b.Journal(0)
	if n := count(t, entries, err); n != 2 {
		t.Errorf("%d requests, also to search for an object that was never sent", n)
	}
}
