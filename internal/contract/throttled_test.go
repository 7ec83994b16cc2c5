package contract_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
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
	// fails says, if set, whether a request fails.
	fails func() bool
}

func (d *direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	if d.fails != nil && d.fails() {
		answer.WriteHeader(http.StatusBadGateway)
		return answer.Result(), nil
	}
	d.server.ServeHTTP(answer, r)
	if answer.Code == http.StatusTooManyRequests {
		d.refused.Add(1)
	} else {
		d.served.Add(1)
	}
	return answer.Result(), nil
}

// client returns one that has all the patience there is.
func (d *direct) client(t *testing.T, change ...func(*adminapi.Config)) *adminapi.Client {
	t.Helper()
	config := adminapi.Config{AdminAPIKey: transport.NewSecret(throttledKey), BaseURL: "http://localhost/v1", Transport: d, MaxWait: 100 * time.Hour}
	for _, apply := range change {
		apply(&config)
	}
	client, err := adminapi.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func withoutReadAhead(config *adminapi.Config) { config.NoReadAhead = true }

// configured are the API paths of the objects that a plan reads.
func configured() []string {
	paths := []string{"/organization/projects"}
	for _, kind := range []string{"service_accounts", "api_keys", "spend_limit", "spend_alerts", "rate_limits"} {
		paths = append(paths, "/organization/projects/*/"+kind)
	}
	return paths
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
// Those that isRemoved names are removed again.
func projectsToRead(t *testing.T, count int, profile emulator.Profile, isRemoved func() bool) (server *emulator.Server, objects []read) {
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
		for _, path := range []string{"/service_accounts/" + account, "/spend_limit", "/spend_alerts/" + alert} {
			if isRemoved != nil && isRemoved() {
				remove(t, fast, id+path)
			}
		}
		objects = append(objects,
			func(ctx context.Context, c *adminapi.Client) error {
				c.Sees("/organization/projects/" + id) // as the provider does
				_, err := c.Projects.Get(ctx, id)
				return err
			},
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
	var made struct{ ID string }
	if err := json.Unmarshal(send(t, server, http.MethodPost, path, body), &made); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// remove removes something below a project.
func remove(t *testing.T, server http.Handler, path string) {
	t.Helper()
	send(t, server, http.MethodDelete, path, "")
}

func send(t *testing.T, server http.Handler, method, path, body string) []byte {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, strings.TrimSuffix("http://localhost/v1/organization/projects/"+path, "/"), strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+throttledKey)
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, request)
	if answer.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, answer.Code, answer.Body)
	}
	return answer.Body.Bytes()
}

// At seven requests a minute for each endpoint, 100 projects take 14 minutes
// when all endpoints are busy all the time. Terraform reads ten objects at a
// time; five of nine wait for the same endpoint.
func TestThrottledRefreshIsNearTheLeast(t *testing.T) {
	inAnyOrder := func(objects []read) {
		rand.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
	}
	// Terraform asks for all objects of one block, then for those of another one:
	// for projects first, and for keys last.
	blockByBlock := func(objects []read) {
		blocks := []int{1, 3, 4, 5, 6, 7, 8, 9}
		rand.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
		byProject := slices.Collect(slices.Chunk(slices.Clone(objects), len(blocks)+2))
		objects = objects[:0]
		for _, block := range slices.Concat([]int{0}, blocks, []int{2}) {
			for _, project := range byProject {
				objects = append(objects, project[block])
			}
		}
	}
	for name, test := range map[string]struct {
		parallelism int
		order       func([]read)
		expects     bool
		change      []func(*adminapi.Config)
		least, most time.Duration
		refused     int32
	}{
		"10 at a time, in any order":            {10, inAnyOrder, false, nil, 0, 17 * time.Minute, 50},
		"10 at a time, block by block":          {10, blockByBlock, true, nil, 0, 16 * time.Minute, 50},
		"10 at a time, in any order, read once": {10, inAnyOrder, true, []func(*adminapi.Config){withoutReadAhead}, 17 * time.Minute, 26 * time.Minute, 50},
		"100 at a time, in any order":           {100, inAnyOrder, false, nil, 0, 18 * time.Minute, 120}, // most of them at once, before anything is known
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, objects := projectsToRead(t, 100, emulator.ProfileOpenAI, nil)
				defer func() { _ = server.Close() }()
				test.order(objects)
				d := &direct{server: server}
				client := d.client(t, test.change...)
				if test.expects {
					client.ExpectReads(configured)
				}
				began := time.Now()
				all(t, client, test.parallelism, objects)
				took, served, refused := time.Since(began), d.served.Load(), d.refused.Load()
				ahead, unused := client.ReadAhead()
				t.Logf("%d requests took %s, %d more were refused; %d were read ahead, %d of them for nothing", served, took.Round(time.Second), refused, ahead, unused)
				if took < test.least || took > test.most || served > 510 || refused > test.refused || unused > ahead/10 {
					t.Errorf("not between %s and %s, or more than 510 requests, %d that are refused, or a tenth that no caller asked for", test.least, test.most, test.refused)
				}
				if wantsAhead := len(test.change) == 0; wantsAhead != (ahead > 0) {
					t.Errorf("%d requests were read ahead", ahead)
				}
			})
		})
	}
}

// Read ahead or not, a caller sees what the server has, also of objects that were
// removed, while endpoints fail now and then.
func TestReadAheadShowsWhatTheServerHas(t *testing.T) {
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			server, objects := projectsToRead(t, 30, emulator.ProfileOpenAI, func() bool { return rand.N(3) == 0 })
			defer func() { _ = server.Close() }()
			d := &direct{server: server}
			results := func(client *adminapi.Client, parallelism int) []string {
				found := make([]string, len(objects))
				var readers sync.WaitGroup
				slots := make(chan struct{}, parallelism)
				for _, i := range rand.Perm(len(objects)) {
					readers.Go(func() {
						slots <- struct{}{}
						defer func() { <-slots }()
						err := objects[i](t.Context(), client)
						found[i] = fmt.Sprint(err == nil, adminapi.IsDeleted(err))
					})
				}
				readers.Wait()
				return found
			}
			want := results(d.client(t, withoutReadAhead), 100)
			client := d.client(t)
			client.ExpectReads(configured)
			client.Sees("/organization/projects/..") // an id that no request can have is tried once
			time.Sleep(time.Hour)
			d.fails = func() bool { return rand.N(10) == 0 }
			if got := results(client, 10); !slices.Equal(got, want) {
				t.Errorf("read ahead:\n%v\nwithout:\n%v", got, want)
			}
			if ahead, _ := client.ReadAhead(); ahead == 0 {
				t.Error("nothing was read ahead")
			}
		})
	}
}

// A thousand projects are more than Terraform itself plans in a reasonable
// time. The provider needs one page of projects for each hundred, and five
// requests for each project.
func TestRequestsForAThousandProjects(t *testing.T) {
	const projects = 1000
	server, objects := projectsToRead(t, projects, emulator.ProfileFast, nil)
	defer func() { _ = server.Close() }()
	d := &direct{server: server}
	all(t, d.client(t), 10, objects)
	const pages = projects/100 + 1 // with the default project
	t.Logf("%d objects, %d requests, %d at the least", len(objects), d.served.Load(), pages+5*projects)
	if served := int(d.served.Load()); served > pages+5*projects+2 {
		t.Errorf("%d requests", served)
	}
}
