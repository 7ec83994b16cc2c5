package faults_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// inventory is the content of an organization: the path of every object and of
// every setting that can be removed, without /v1.
type inventory map[string]bool

// added are the paths that are not in an earlier inventory.
func (i inventory) added(earlier inventory) (paths []string) {
	for path := range i {
		if !earlier[path] {
			paths = append(paths, path)
		}
	}
	return paths
}

type listed struct {
	ID      string
	Email   string
	Role    string
	UserID  string `json:"user_id"`
	GroupID string `json:"group_id"`
	Active  bool
	// Predefined roles come with every project.
	Predefined bool `json:"predefined_role"`
	User       struct{ ID string }
}

// read reads past all faults and the journal.
func (w *world) read(t testing.TB, path string, into any) bool {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1"+path, nil)
	r.Header.Set("Authorization", "Bearer "+w.keyFor(path))
	answer := httptest.NewRecorder()
	w.server.ServeHTTP(answer, r)
	switch answer.Code {
	case http.StatusOK:
	case http.StatusNotFound:
		return false
	default:
		t.Fatalf("GET %s: %d %s", path, answer.Code, answer.Body)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), into); err != nil {
		t.Fatal(err)
	}
	return true
}

func (w *world) items(t testing.TB, path string) []listed {
	t.Helper()
	var page struct {
		Data, Tunnels []listed
		More          bool `json:"has_more"`
	}
	if w.read(t, path, &page); page.More {
		t.Fatalf("%s has more than a page", path)
	}
	return append(page.Data, page.Tunnels...)
}

// endpoint is a path of an inventory: a list, or a setting that may be removed,
// with * for each id of the lists before it.
type endpoint struct {
	pattern, query        string
	isSetting, onlyActive bool
}

// places are those of all registered objects, parents first.
var places = func() (all []endpoint) {
	for _, name := range slices.Sorted(maps.Keys(registered)) {
		object, special := registered[name], specialOf(name)
		found := endpoint{object.Collection(), special.query, kinds[name] == removable, special.onlyActive}
		if found.isSetting {
			found.pattern = object.Path()
		}
		if kinds[name] != permanent && !slices.ContainsFunc(all, func(other endpoint) bool { return other.pattern == found.pattern }) {
			all = append(all, found)
		}
	}
	slices.SortStableFunc(all, func(a, b endpoint) int { return strings.Count(a.pattern, "/") - strings.Count(b.pattern, "/") })
	return all
}()

// paths fills the pattern with ids, by the path of their list.
func (p endpoint) paths(ids map[string][]string) []string {
	paths := []string{""}
	for segment := range strings.SplitSeq(p.pattern[1:], "/") {
		var longer []string
		for _, path := range paths {
			if segment != "*" {
				longer = append(longer, path+"/"+segment)
				continue
			}
			for _, id := range slices.Concat(ids[path], ids[inProjects(path)]) {
				longer = append(longer, path+"/"+id)
			}
		}
		paths = longer
	}
	return paths
}

// inventory reads everything, and the ids of people by e-mail address.
func (w *world) inventory(t testing.TB) (all inventory, people map[string]string) {
	t.Helper()
	all, people = inventory{}, map[string]string{}
	// No list has the checkpoints of fine-tuned models.
	ids := map[string][]string{"/fine_tuning/checkpoints": {w.checkpoint}}
	// The role that the members of a project have is no object of its own.
	membersRole := map[string]string{}
	for _, endpoint := range places {
		for _, path := range endpoint.paths(ids) {
			if endpoint.isSetting {
				var setting json.RawMessage
				if w.read(t, path, &setting) {
					all[path] = true
				}
				continue
			}
			for _, item := range w.items(t, path+"?limit=100"+endpoint.query) {
				isAssigned := strings.Contains(path, "/users/") || strings.Contains(path, "/groups/")
				if item.Predefined && !isAssigned || endpoint.onlyActive && !item.Active {
					continue
				}
				id := cmp.Or(item.ID, item.UserID, item.GroupID, item.User.ID)
				if role := membersRole[path]; role != "" && adminapi.BaseRole(id) == role {
					continue
				}
				if project, isUsers := strings.CutSuffix(path, "/users"); isUsers {
					membersRole[strings.TrimPrefix(project, "/organization")+"/users/"+id+"/roles"] = "role-api-project-" + item.Role
				}
				all[path+"/"+id] = true
				ids[path] = append(ids[path], id)
				if path == "/organization/users" {
					people[item.Email] = id
				}
			}
		}
	}
	return all, people
}
