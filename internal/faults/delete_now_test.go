package faults_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// accept plays the invited person, after the last refresh.
func (w *world) accept(t *testing.T) {
	t.Helper()
	invites := w.list(t, "/invites?limit=100")
	if len(invites) != 1 {
		t.Fatalf("%d invitations", len(invites))
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.direct.URL+"/_emulator/invites/"+fmt.Sprint(invites[0]["id"])+"/accept", nil)
	if err != nil {
		t.Fatal(err)
	}
	if status := w.do(t, req, &map[string]any{}); status != http.StatusOK {
		t.Fatalf("accepting answers %d", status)
	}
}

func subjectOf(t *testing.T, typeName string) subject {
	t.Helper()
	for _, s := range subjects {
		if s.typeName == typeName {
			return s
		}
	}
	t.Fatalf("no subject %s", typeName)
	return subject{}
}

// An invitation that is accepted between the refresh and the apply is forgotten
// with a warning; the person stays.
func TestDeleteNow_acceptedInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := subjectOf(t, "openai_invite")
	object, err := w.apply(t, s, nil, s.first(w))
	if err != nil {
		t.Fatal(err)
	}
	w.accept(t)
	left, diags := w.driver(t).Apply(t, s.typeName, object, nil)
	if left != nil || hasError(diags) {
		t.Fatalf("the invitation is in state: %+v", diags)
	}
	text := ""
	for _, d := range diags {
		text += d.Summary + "\n" + d.Detail
	}
	if !strings.Contains(text, "stays a member") {
		t.Errorf("nothing is said: %s", text)
	}
	if users := words(w.list(t, "/users?limit=100"), is("email", "bea@example.com"), "email"); len(users) != 1 {
		t.Errorf("the person is %q", users)
	}
}

// A member who accepts between the refresh and the apply gets the planned role.
func TestUpdateNow_acceptedInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := subjectOf(t, "openai_organization_member")
	object, err := w.apply(t, s, nil, s.first(w))
	if err != nil {
		t.Fatal(err)
	}
	w.accept(t)
	var updated *acctest.Object
	updated, diags := w.driver(t).Apply(t, s.typeName, object, s.second(w))
	if hasError(diags) || updated.Attribute("status") != "active" {
		t.Fatalf("%v: %+v", updated, diags)
	}
	if users := words(w.list(t, "/users?limit=100"), is("email", "ada@example.com"), "role"); len(users) != 1 || users[0] != "owner" {
		t.Errorf("the person is %q", users)
	}
}

// A plan to withdraw an invitation never removes a member.
func TestDeleteNow_acceptedMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := subjectOf(t, "openai_organization_member")
	object, err := w.apply(t, s, nil, s.first(w))
	if err != nil {
		t.Fatal(err)
	}
	w.accept(t)
	left, diags := w.driver(t).Apply(t, s.typeName, object, nil)
	if left != nil || hasError(diags) {
		t.Fatalf("the member is in state: %+v", diags)
	}
	if !slices.Contains(summaries(diags, tfprotov6.DiagnosticSeverityWarning), "Member was not removed") {
		t.Errorf("nothing is said: %+v", diags)
	}
	if users := words(w.list(t, "/users?limit=100"), is("email", "ada@example.com"), "email"); len(users) != 1 {
		t.Errorf("the person is %q", users)
	}
}

// send sends a request past the provider, and returns the status.
func (w *world) send(t testing.TB, method, path string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.direct.URL+"/v1/organization"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.do(t, req, &map[string]any{})
}

// destroyStale destroys an object that no longer is as state has it: no
// error, and nothing else changes.
func (w *world) destroyStale(t *testing.T, s subject, object *acctest.Object) {
	t.Helper()
	before, _ := w.inventory(t)
	left, diags := w.driver(t).Apply(t, s.typeName, object, nil)
	if hasError(diags) || left != nil {
		t.Fatalf("the destroy fails: %+v", diags)
	}
	after, _ := w.inventory(t)
	if specialOf(s.typeName).outlivesProject {
		if found := s.found(t, w); !slices.Equal(found, s.none) {
			t.Errorf("found %q", found)
		}
		return
	}
	if !reflect.DeepEqual(before, after) {
		t.Errorf("the destroy changes something:\n%v\n%v", before, after)
	}
}

// An object that another state has destroyed since the refresh is destroyed
// without an error, and without touching anything else.
func TestDeleteNow_deletedSinceTheRefresh(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, err := w.apply(t, s, nil, s.first(w))
			if err != nil {
				t.Fatal(err)
			}
			object, _ = w.driver(t).Refresh(t, object)
			if _, err := w.apply(t, s, object, nil); err != nil {
				t.Fatal(err)
			}
			w.destroyStale(t, s, object)
		})
	}
}

// parents are the requests that end the parent that an attribute names.
var parents = []struct{ attribute, method, path string }{
	{"project_id", http.MethodPost, "/projects/%s/archive"},
	{"group_id", http.MethodDelete, "/groups/%s"},
	{"user_id", http.MethodDelete, "/users/%s"},
	{"service_account_id", http.MethodDelete, "/projects/proj_world/service_accounts/%s"},
	{"workload_identity_provider_id", http.MethodDelete, "/workload_identity_providers/%s"},
}

// An object whose parent was deleted or archived since the refresh is destroyed
// without an error, and without touching anything else.
func TestDeleteNow_parentDeletedSinceTheRefresh(t *testing.T) {
	withParents := 0
	for _, s := range subjects {
		for _, parent := range parents {
			w := newWorld(t)
			configure := s.first
			if s.typeName == "openai_group_user" {
				configure = s.second // the first one is the last owner, who cannot be deleted
			}
			id, ok := configure(w)[parent.attribute].(string)
			if !ok || specialOf(s.typeName).keepsParent == parent.attribute {
				continue
			}
			withParents++
			t.Run(s.typeName+", "+parent.attribute, func(t *testing.T) {
				object, err := w.apply(t, s, nil, configure(w))
				if err != nil {
					t.Fatal(err)
				}
				object, _ = w.driver(t).Refresh(t, object)
				if status := w.send(t, parent.method, fmt.Sprintf(parent.path, id)); status != http.StatusOK {
					t.Fatalf("the API refuses to end the parent: %d", status)
				}
				w.destroyStale(t, s, object)
			})
		}
	}
	if withParents < 20 {
		t.Errorf("only %d cases", withParents)
	}
}

// A certificate that became active in a project since the refresh is refused by
// the API. The next apply destroys it, once it is deactivated.
func TestDeleteNow_certificateInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := subjectOf(t, "openai_certificate")
	object, err := w.apply(t, s, nil, s.first(w))
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]any{"certificate_ids": []string{object.Attribute("certificate_id")}}
	w.post(t, "/projects/"+w.project+"/certificates/activate", body)
	left, diags := w.driver(t).Apply(t, s.typeName, object, nil)
	if left == nil || !hasError(diags) {
		t.Fatalf("a certificate in use is destroyed: %+v", diags)
	}
	if err := w.complaints(diags); err != nil {
		t.Error(err)
	}
	w.post(t, "/projects/"+w.project+"/certificates/deactivate", body)
	if left, err = w.apply(t, s, left, nil); err != nil || left != nil {
		t.Errorf("the next apply: %v", err)
	}
}

// A certificate that became active in the organization since the refresh is
// destroyed all the same: deactivating it is a part of that.
func TestDeleteNow_certificateActivated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := subjectOf(t, "openai_certificate")
	object, err := w.apply(t, s, nil, s.first(w))
	if err != nil {
		t.Fatal(err)
	}
	w.post(t, "/certificates/activate", map[string]any{"certificate_ids": []string{object.Attribute("certificate_id")}})
	left, diags := w.driver(t).Apply(t, s.typeName, object, nil)
	if hasError(diags) {
		if left, err = w.apply(t, s, left, nil); err != nil || left != nil {
			t.Errorf("the next apply: %v", err)
		}
	}
}

// A role that was assigned since the refresh is refused, or is destroyed. A
// refusal ends with the assignment.
func TestDeleteNow_roleAssigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := subjectOf(t, "openai_role")
	object, err := w.apply(t, s, nil, s.first(w))
	if err != nil {
		t.Fatal(err)
	}
	role := object.Attribute("role_id")
	w.post(t, "/groups/"+w.team+"/roles", map[string]any{"role_id": role})
	left, diags := w.driver(t).Apply(t, s.typeName, object, nil)
	if !hasError(diags) {
		if left != nil {
			t.Error("it is still in state")
		}
		return
	}
	if err := w.complaints(diags); err != nil {
		t.Error(err)
	}
	w.send(t, http.MethodDelete, "/groups/"+w.team+"/roles/"+role)
	if left, err = w.apply(t, s, left, nil); err != nil || left != nil {
		t.Errorf("the next apply: %v", err)
	}
}

// A destroy that the API refuses, as it does for people who became managed
// through SCIM, is an error with the object still in state. The next apply
// destroys it.
func TestDeleteNow_refused(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			object, err := w.apply(t, s, nil, s.first(w))
			if err != nil {
				t.Fatal(err)
			}
			before := s.found(t, w)
			w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{
				{Method: http.MethodDelete, Fault: faultinjection.Status, Status: http.StatusBadRequest},
				{Method: http.MethodPost, Fault: faultinjection.Status, Status: http.StatusBadRequest},
			}})
			left, diags := w.driver(t).Apply(t, s.typeName, object, nil)
			if left == nil || !hasError(diags) {
				t.Fatalf("a refused destroy succeeds: %+v", diags)
			}
			if err := w.complaints(diags); err != nil {
				t.Error(err)
			}
			w.lab.Set(faultinjection.Plan{})
			if found := s.found(t, w); !slices.Equal(found, before) {
				t.Errorf("found %q, expected %q", found, before)
			}
			if left, err = w.apply(t, s, left, nil); err != nil || left != nil {
				t.Fatalf("the next apply: %v", err)
			}
			if found := s.found(t, w); !slices.Equal(found, s.none) {
				t.Errorf("found %q, expected %q", found, s.none)
			}
		})
	}
}
