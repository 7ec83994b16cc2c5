package contract_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

const throttledKey = "sk-admin-0123456789abcdef0123456789"

// direct is a way to a server without a network, over which the time of
// synctest can pass. It counts the answers.
type direct struct {
	server          http.Handler
	served, refused atomic.Int32
}

func (d *direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	d.server.ServeHTTP(answer, r)
	if answer.Code == http.StatusTooManyRequests {
		d.refused.Add(1)
	} else {
		d.served.Add(1)
	}
	return answer.Result(), nil
}

// client returns one that has all the patience there is.
func (d *direct) client(t *testing.T) *adminapi.Client {
	t.Helper()
	client, err := adminapi.New(adminapi.Config{AdminAPIKey: transport.NewSecret(throttledKey), BaseURL: "http://localhost/v1", Transport: d, MaxWait: 100 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// read reads an object.
type read func(ctx context.Context, c *adminapi.Client) error

// all reads all objects, several at a time, as Terraform does.
func all(t *testing.T, c *adminapi.Client, parallelism int, objects []read) {
	t.Helper()
	queue := make(chan read)
	var readers sync.WaitGroup
	for range parallelism {
		readers.Go(func() {
			for object := range queue {
				if err := object(t.Context(), c); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, object := range objects {
		queue <- object
	}
	close(queue)
	readers.Wait()
}

// projectsToRead makes projects in a server, with the objects that a plan reads
// of each: a service account, a key, a limit, an alert and five rate limits.
func projectsToRead(t *testing.T, count int, profile emulator.Profile) (server *emulator.Server, objects []read) {
	t.Helper()
	start := func(profile emulator.Profile, data string) *emulator.Server {
		server, err := emulator.New(emulator.Options{Data: data, AdminKey: throttledKey, Profile: profile})
		if err != nil {
			t.Fatal(err)
		}
		return server
	}
	data := filepath.Join(t.TempDir(), "organization.db")
	fast := start(emulator.ProfileFast, data)
	for range count {
		id := post(t, fast, "", `{"name":"team"}`)
		account := post(t, fast, id+"/service_accounts", `{"name":"service","create_service_account_only":true}`)
		key := post(t, fast, id+"/service_accounts/"+account+"/api_keys", `{"name":"service"}`)
		post(t, fast, id+"/spend_limit", `{"threshold_amount":5000,"currency":"USD","interval":"month"}`)
		alert := post(t, fast, id+"/spend_alerts",
			`{"threshold_amount":4000,"currency":"USD","interval":"month","notification_channel":{"type":"email","recipients":["finops@example.com"]}}`)
		objects = append(objects,
			func(ctx context.Context, c *adminapi.Client) error { _, err := c.Projects.Get(ctx, id); return err },
			func(ctx context.Context, c *adminapi.Client) error {
				_, err := c.ServiceAccounts.Get(ctx, id, account)
				return err
			},
			func(ctx context.Context, c *adminapi.Client) error { _, err := c.APIKeys.Get(ctx, id, key); return err },
			func(ctx context.Context, c *adminapi.Client) error { _, err := c.SpendLimits.Get(ctx, id); return err },
			func(ctx context.Context, c *adminapi.Client) error {
				_, err := c.SpendAlerts.Get(ctx, id, alert)
				return err
			},
		)
		for range 5 {
			objects = append(objects, func(ctx context.Context, c *adminapi.Client) error {
				_, err := c.RateLimits.Find(ctx, id, func(limit openai.ProjectRateLimit) bool { return limit.Model == "gpt-5" })
				return err
			})
		}
	}
	if err := fast.Close(); err != nil {
		t.Fatal(err)
	}
	return start(profile, data), objects
}

// post makes something below a project, or a project, and returns its id.
func post(t *testing.T, server http.Handler, path, body string) (id string) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, strings.TrimSuffix("http://localhost/v1/organization/projects/"+path, "/"), strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+throttledKey)
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, request)
	var made struct{ ID string }
	if err := json.Unmarshal(answer.Body.Bytes(), &made); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, answer.Code, answer.Body)
	}
	return made.ID
}

// At seven requests a minute for each endpoint, 100 projects take 14 minutes
// when all endpoints are busy all the time. Terraform reads ten objects at a
// time; five of nine wait for the same endpoint.
func TestThrottledRefreshIsNearTheLeast(t *testing.T) {
	for parallelism, allowed := range map[int]struct {
		time    time.Duration
		refused int32
	}{
		10:  {26 * time.Minute, 50},
		100: {18 * time.Minute, 120}, // most of them at once, before anything is known
	} {
		t.Run(fmt.Sprint(parallelism, " at a time"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, objects := projectsToRead(t, 100, emulator.ProfileOpenAI)
				defer func() { _ = server.Close() }()
				rand.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
				d := &direct{server: server}
				began := time.Now()
				all(t, d.client(t), parallelism, objects)
				took, served, refused := time.Since(began), d.served.Load(), d.refused.Load()
				t.Logf("%d requests took %s, %d more were refused", served, took.Round(time.Second), refused)
				if took > allowed.time || served > 505 || refused > allowed.refused {
					t.Errorf("more than %s, 505 requests, and %d that are refused", allowed.time, allowed.refused)
				}
			})
		})
	}
}

// A thousand projects are more than Terraform itself plans in a reasonable
// time. The provider needs one page of projects for each hundred, and five
// requests for each project.
func TestRequestsForAThousandProjects(t *testing.T) {
	const projects = 1000
	server, objects := projectsToRead(t, projects, emulator.ProfileFast)
	defer func() { _ = server.Close() }()
	d := &direct{server: server}
	all(t, d.client(t), 10, objects)
	const pages = projects/100 + 1 // with the default project
	t.Logf("%d objects, %d requests, %d at the least", len(objects), d.served.Load(), pages+5*projects)
	if served := int(d.served.Load()); served > pages+5*projects+2 {
		t.Errorf("%d requests", served)
	}
}
