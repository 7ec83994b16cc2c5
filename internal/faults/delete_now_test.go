package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
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
	if users := words(w.list(t, "/users?limit=100"), is("email", "ada@example.com"), "email"); len(users) != 1 {
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
