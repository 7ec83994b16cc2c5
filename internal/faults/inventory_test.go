package faults_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// inventory is what an organization holds: the path of every object and of
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
	r.Header.Set("Authorization", "Bearer "+w.server.AdminKey())
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
		Data []listed
		More bool `json:"has_more"`
	}
	if w.read(t, path, &page); page.More {
		t.Fatalf("%s has more than a page", path)
	}
	return page.Data
}

// inventory reads everything, and the ids of people by e-mail address.
func (w *world) inventory(t testing.TB) (all inventory, people map[string]string) {
	t.Helper()
	all, people = inventory{}, map[string]string{}
	list := func(path, query string) (ids []string) {
		for _, item := range w.items(t, path+query) {
			if item.Predefined && !strings.Contains(path, "/users/") && !strings.Contains(path, "/groups/") {
				continue
			}
			id := item.ID
			for _, other := range []string{item.UserID, item.GroupID, item.User.ID} {
				if id == "" {
					id = other
				}
			}
			all[path+"/"+id] = true
			ids = append(ids, id)
		}
		return ids
	}
	setting := func(path string) {
		var any json.RawMessage
		if w.read(t, path, &any) {
			all[path] = true
		}
	}
	const most = "?limit=100"
	for _, kind := range []string{"admin_api_keys", "invites", "spend_alerts", "roles", "certificates", "external_keys", "external_storage"} {
		list("/organization/"+kind, most)
	}
	for _, user := range w.items(t, "/organization/users"+most) {
		people[user.Email] = user.ID
		all["/organization/users/"+user.ID] = true
		list("/organization/users/"+user.ID+"/roles", most)
	}
	groups := list("/organization/groups", most)
	for _, group := range groups {
		list("/organization/groups/"+group+"/users", most)
		list("/organization/groups/"+group+"/roles", most)
	}
	for _, provider := range list("/organization/workload_identity_providers", most) {
		list("/organization/workload_identity_providers/"+provider+"/federation_rules", most)
	}
	setting("/organization/spend_limit")
	for _, project := range list("/organization/projects", most) {
		path := "/organization/projects/" + project
		list(path+"/service_accounts", most)
		list(path+"/api_keys", most+"&owner_project_access=any")
		list(path+"/spend_alerts", most)
		for _, user := range list(path+"/users", most) {
			list("/projects/"+project+"/users/"+user+"/roles", most)
		}
		for _, group := range list(path+"/groups", most) {
			list("/projects/"+project+"/groups/"+group+"/roles", most)
		}
		list("/projects/"+project+"/roles", most)
		for _, certificate := range w.items(t, path+"/certificates"+most) {
			if certificate.Active {
				all[path+"/certificates/"+certificate.ID] = true
			}
		}
		setting(path + "/spend_limit")
		setting(path + "/model_permissions")
	}
	return all, people
}
