package adminapi

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// listedObject is an object in a list of the server.
type listedObject struct {
	id, name string
	// after is when it was created, from the request on.
	after time.Duration
	// visible is when the list has it, from the request on.
	visible time.Duration
}

// losingServer acts on creates and loses their answers. Its clock is that of
// the client plus ahead.
type losingServer struct {
	mu    sync.Mutex
	clock *jumpClock
	ahead time.Duration
	// status answers the first create, the connection is closed when it is 0.
	status int
	// made are the objects in the list, with that of the first create.
	made []listedObject
	sent time.Time
	// posts counts the creates. Those after the first are answered, unless all
	// are lost.
	posts   int
	allLost bool
	// refusing is when the list cannot be read, from the request on.
	refusing, readable time.Duration
}

func (s *losingServer) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	w.Header().Set("Date", now.Add(s.ahead).UTC().Format(http.TimeFormat))
	show := func(o listedObject) string {
		return fmt.Sprintf(`{"id":%q,"name":%q,"created_at":%d,"status":"active"}`, o.id, o.name, s.sent.Add(s.ahead).Add(o.after).Unix())
	}
	if r.Method != http.MethodPost {
		if age := now.Sub(s.sent); s.posts > 0 && age >= s.refusing && age < s.readable {
			answer(w, http.StatusForbidden, `{}`)
			return
		}
		var items []string
		for _, object := range s.made {
			if s.posts > 0 && now.Sub(s.sent) >= object.visible {
				items = append(items, show(object))
			}
		}
		answer(w, http.StatusOK, `{"object":"list","data":[`+strings.Join(items, ",")+`],"has_more":false}`)
		return
	}
	s.posts++
	if s.posts > 1 && !s.allLost {
		answer(w, http.StatusOK, strings.Replace(show(listedObject{id: "again", name: "dev", after: now.Sub(s.sent)}), "{", `{"value":"sk-admin-another0123456789",`, 1))
		return
	}
	s.sent = now
	if s.status == 0 {
		panic(http.ErrAbortHandler)
	}
	answer(w, s.status, `{}`)
}

func (s *losingServer) client(t *testing.T) *Client {
	t.Helper()
	client, clock, _ := serve(t, s.serve)
	s.clock = clock
	return client
}

// A candidate has every sent attribute equal, an id that is unknown to the
// configuration, and a creation time, by the server's clock, between the request
// and the end of the window. The only candidate is adopted.
func TestCandidatesOfALostCreate(t *testing.T) {
	const ours = "proj_ours"
	for name, test := range map[string]struct {
		status int
		made   []listedObject
		// adopted is the project that is adopted, named those that the error names.
		adopted string
		named   []string
	}{
		"the only one":                             {0, []listedObject{{id: ours, name: "dev"}}, ours, nil},
		"one of another name":                      {0, []listedObject{{id: ours, name: "dev"}, {id: "proj_other", name: "prod"}}, ours, nil},
		"one in state":                             {0, []listedObject{{id: ours, name: "dev"}, {id: "proj_known", name: "dev"}}, ours, nil},
		"one older than the request":               {0, []listedObject{{id: ours, name: "dev"}, {id: "proj_older", name: "dev", after: -7 * time.Second}}, ours, nil},
		"one younger than the window":              {0, []listedObject{{id: ours, name: "dev"}, {id: "proj_younger", name: "dev", after: 35 * time.Second}}, ours, nil},
		"one younger than the window of a gateway": {504, []listedObject{{id: ours, name: "dev"}, {id: "proj_younger", name: "dev", after: 310 * time.Second}}, ours, nil},
		"only one older than the request":          {0, []listedObject{{id: "proj_older", name: "dev", after: -7 * time.Second}}, "", nil},
		"two":                                      {0, []listedObject{{id: ours, name: "dev"}, {id: "proj_other", name: "dev"}}, "", []string{"proj_other", ours}},
		"in the list after 20 s":                   {0, []listedObject{{id: ours, name: "dev", visible: 20 * time.Second}}, "", []string{ours}},
		"in the list after 10 s":                   {0, []listedObject{{id: ours, name: "dev", visible: 10 * time.Second}}, ours, nil},
		"created 100 s after a gateway's answer":   {504, []listedObject{{id: ours, name: "dev", after: 100 * time.Second, visible: 100 * time.Second}}, ours, nil},
		"created 100 s after a reset":              {0, []listedObject{{id: ours, name: "dev", after: 100 * time.Second, visible: 100 * time.Second}}, "", nil},
	} {
		for _, ahead := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
			t.Run(fmt.Sprintf("%s, server ahead by %s", name, ahead), func(t *testing.T) {
				server := &losingServer{status: test.status, made: test.made, ahead: ahead}
				client := server.client(t)
				client.Know("proj_known")
				ctx, collected := WithLostAnswers(transport.WithWrites(t.Context()))
				project, err := client.Projects.Create(ctx, openai.AdminOrganizationProjectNewParams{Name: "dev"})
				if server.posts != 1 {
					t.Errorf("%d requests to create", server.posts)
				}
				if test.adopted != "" {
					if err != nil || project.ID != test.adopted || len(collected.All()) != 1 {
						t.Errorf("got %v, %v, reported %v", project, err, collected.All())
					}
					return
				}
				lost := LostAnswerOf(err)
				if lost == nil {
					t.Fatalf("got %v, %v", project, err)
				}
				if len(lost.Found) != len(test.named) {
					t.Fatalf("found %v, expected %q", lost.Found, test.named)
				}
				for i, id := range test.named {
					if lost.Found[i].ID != id {
						t.Errorf("found %v, expected %q", lost.Found, test.named)
					}
				}
			})
		}
	}
}

// A list that cannot be read does not confirm an object that was found before:
// an equal object of others may be in the list earlier than the created one.
func TestCandidateOfALostCreateIsFoundTwice(t *testing.T) {
	server := &losingServer{refusing: 5 * time.Second, readable: 10 * time.Second, made: []listedObject{
		{id: "proj_other", name: "dev"}, {id: "proj_ours", name: "dev", visible: 10 * time.Second},
	}}
	client := server.client(t)
	project, err := client.Projects.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationProjectNewParams{Name: "dev"})
	if lost := LostAnswerOf(err); lost == nil || len(lost.Found) != 2 {
		t.Errorf("got %v, %v", project, err)
	}
}

// When both answers are lost, two keys may exist.
func TestLostKeysAreCounted(t *testing.T) {
	for _, status := range []int{0, 502} {
		server := &losingServer{status: status, allLost: true}
		client := server.client(t)
		_, err := client.AdminKeys.Create(transport.WithWrites(t.Context()), openai.AdminOrganizationAdminAPIKeyNewParams{Name: "dev"})
		if lost := LostAnswerOf(err); lost == nil || lost.Requests != 2 || server.posts != 2 {
			t.Errorf("status %d: got %v, %v, %d requests to create", status, err, lost, server.posts)
		}
	}
}

// A membership that the list does not show is written once more, and no more
// often.
func TestLostAdditionIsSentOnceMore(t *testing.T) {
	server := &losingServer{allLost: true}
	client := server.client(t)
	_, err := client.ProjectUsers.Add(transport.WithWrites(t.Context()), "proj_1", openai.AdminOrganizationProjectUserNewParams{UserID: openai.String("user-1"), Role: "member"})
	if !IsOutcomeUnknown(err) || server.posts != 2 {
		t.Errorf("got %v, %d requests to add", err, server.posts)
	}
}

// A key whose answer was lost is created a second time, and the first one is
// reported: neither adopted nor revoked.
func TestLostKeyIsCreatedAgain(t *testing.T) {
	for _, status := range []int{0, 502} {
		server := &losingServer{status: status, made: []listedObject{{id: "key_lost", name: "dev"}}}
		client := server.client(t)
		ctx, collected := WithLostAnswers(transport.WithWrites(t.Context()))
		key, err := client.AdminKeys.Create(ctx, openai.AdminOrganizationAdminAPIKeyNewParams{Name: "dev"})
		if err != nil || key.ID != "again" || server.posts != 2 {
			t.Fatalf("status %d: got %v, %d requests to create", status, err, server.posts)
		}
		all := collected.All()
		if len(all) != 1 || all[0].Adopted || len(all[0].Found) != 1 || all[0].Found[0].ID != "key_lost" {
			t.Errorf("status %d: reported %v", status, all)
		}
	}
}
