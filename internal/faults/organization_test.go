package faults_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// otherOrganization starts an emulator of an organization with the same people
// and no object of the world.
func otherOrganization(t *testing.T, w *world) (url string, server *emulator.Server) {
	t.Helper()
	organization := seed.Default()
	organization.Usage = nil
	organization.Organization.ID = "org-other"
	organization.Owner.ID, organization.Members[0].ID = "user-owner", "user-member"
	organization.Projects = []seed.Project{{ID: "proj_other", Name: "world"}}
	server, err := emulator.New(emulator.Options{Seed: organization, Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return listener.URL + "/v1", server
}

// expectOtherOrganization asserts one error that names both organizations.
func expectOtherOrganization(t *testing.T, operation string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	at := slices.IndexFunc(diags, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError && d.Summary == "Admin key of another organization"
	})
	if at < 0 {
		t.Errorf("%s: no error names the other organization: %v", operation, diags)
		return
	}
	for _, word := range []string{"organization org-emulator, as recorded in state, and organization org-other answers now", "OPENAI_ADMIN_KEY"} {
		if !strings.Contains(diags[at].Detail, word) {
			t.Errorf("%s: %q is not in: %s", operation, word, diags[at].Detail)
		}
	}
}

// A key of another organization finds nothing, or finds a setting of the same
// name: nothing is dropped from state, and nothing is changed there.
func TestOrganization_keyOfAnother(t *testing.T) {
	t.Parallel()
	for _, s := range subjects {
		t.Run(strings.TrimPrefix(s.typeName, "openai_"), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, _ := mustApply(t, w, s, nil, s.first(w))
			url, server := otherOrganization(t, w)
			other := acctest.NewDriver(t, url, server.AdminKey(), w.clock)
			kept, diags := other.Refresh(t, object)
			expectOtherOrganization(t, "refresh", diags)
			if kept == nil || kept.String() != object.String() {
				t.Errorf("the refresh changed the state to %s", kept)
			}
			// Without a refresh, by a process that has had no answer and by one that has.
			for name, driver := range map[string]*acctest.Driver{"known": other, "unknown": acctest.NewDriver(t, url, server.AdminKey(), w.clock)} {
				left, diags := driver.Apply(t, s.typeName, object, nil)
				expectOtherOrganization(t, "destroy, organization "+name, diags)
				if left == nil {
					t.Errorf("destroy, organization %s: the object left the state", name)
				}
			}
			// The right key goes on, without a change.
			same, diags := w.driver(t).Refresh(t, object)
			if same == nil || hasError(diags) {
				t.Errorf("with the right key: %v", diags)
			}
		})
	}
}

// What was found by an id that only its organization has belongs to it, which
// was renamed then.
func TestOrganization_renamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var name atomic.Value
	name.Store("acme")
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		w.server.ServeHTTP(answer, r)
		for key, values := range answer.Header() {
			rw.Header()[key] = values
		}
		rw.Header().Set("Openai-Organization", name.Load().(string))
		rw.WriteHeader(answer.Code)
		_, _ = rw.Write(answer.Body.Bytes())
	}))
	t.Cleanup(proxy.Close)
	driver := func() *acctest.Driver {
		return acctest.NewDriver(t, proxy.URL+"/v1", w.server.AdminKey(), w.clock)
	}
	object, diags := driver().Apply(t, "openai_project", nil, map[string]any{"name": "renamed"})
	if object == nil || hasError(diags) {
		t.Fatal(diags)
	}
	name.Store("acme-2")
	object, diags = driver().Refresh(t, object)
	if object == nil || hasError(diags) {
		t.Fatal(diags)
	}
	// The new name is recorded: the project is deleted outside Terraform.
	w.make(t, "/projects/"+object.Attribute("id")+"/archive", map[string]any{})
	if left, diags := driver().Refresh(t, object); left != nil || hasError(diags) {
		t.Errorf("%s, %v", left, diags)
	}
}
