package adminapi

import (
	"errors"
	"net/http"
	"testing"
)

const twoOwners = `{"data":[{"id":"user-1","email":"ada@example.com","role":"owner"},{"id":"user-2","email":"grace@example.com","role":"owner"},` +
	`{"id":"user-3","email":"max@example.com","role":"reader"}],"has_more":false}`

func TestHasOtherOwner(t *testing.T) {
	client, _, _ := serve(t, cursorPages(map[string]string{"": twoOwners}))
	for _, test := range []struct {
		id, email string
		want      bool
	}{
		{"user-1", "", true},
		{"user-1", "GRACE@example.com", false},
		{"user-3", "", true},
	} {
		if got, err := client.Users.HasOtherOwner(t.Context(), test.id, test.email); err != nil || got != test.want {
			t.Errorf("other owner than %s and %q: %v, %v", test.id, test.email, got, err)
		}
	}
}

// An owner whose role was removed no longer counts, even if the list has it; an
// owner whose role could not be removed does.
func TestEndOwnership(t *testing.T) {
	client, _, _ := serve(t, cursorPages(map[string]string{"": twoOwners}))
	refused, ended := errors.New("refused"), 0
	end := func() error { ended++; return nil }
	if err := client.Users.EndOwnership(t.Context(), "user-1", func() error { return refused }); !errors.Is(err, refused) {
		t.Errorf("the error is %v", err)
	}
	if err := client.Users.EndOwnership(t.Context(), "user-2", end); err != nil || ended != 1 {
		t.Errorf("%v, %d ended", err, ended)
	}
	if err := client.Users.EndOwnership(t.Context(), "user-1", end); !errors.Is(err, ErrLastOwner) || ended != 1 {
		t.Errorf("%v, %d ended", err, ended)
	}
}

// Where the owners are unknown, none is removed.
func TestEndOwnership_unknown(t *testing.T) {
	client, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusForbidden, `{"error":{"message":"No."}}`)
	})
	err := client.Users.EndOwnership(t.Context(), "user-1", func() error { t.Error("the role is taken"); return nil })
	if err == nil {
		t.Error("there is no error")
	}
}
