package faults_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

const apiKeyType = "openai_project_api_key"

// rotating is a key that rotates whenever its trigger changes.
func rotating(w *world, trigger int, overlap string) map[string]any {
	return map[string]any{
		"project_id": w.project, "service_account_id": w.account, "name": "rotating", "expires_in_seconds": 31_536_000,
		"rotation": map[string]any{"overlap": overlap}, "rotation_triggers": map[string]string{"by": fmt.Sprint(trigger)},
	}
}

// works says whether a secret opens the API now.
func (w *world) works(t testing.TB, secret string) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.direct.URL+"/v1/models", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// writes lists the writes of the API's clients since an entry of the journal,
// and the last entry.
func (w *world) writes(t testing.TB, since int64) (found []string, last int64) {
	t.Helper()
	entries, err := w.server.Journal(since)
	if err != nil {
		t.Fatal(err)
	}
	last = since
	for _, entry := range entries {
		last = entry.Seq
		if entry.Method != http.MethodGet && strings.HasPrefix(entry.Path, "/v1/organization") {
			found = append(found, entry.Method+" "+entry.Path)
		}
	}
	return found, last
}

func detailsOf(warnings []acctest.Warning) string {
	text := ""
	for _, warning := range warnings {
		text += warning.Summary + "\n" + warning.Detail + "\n"
	}
	return text
}

// However often a key is rotated within the overlap, a replaced key stays valid
// until the time that its rotation has given it.
func TestRotation_keepsThePromiseOfEarlierOnes(t *testing.T) {
	for _, rotations := range []int{1, 2, 3} {
		t.Run(fmt.Sprintf("%d rotations", rotations), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key := subject{typeName: apiKeyType}
			var object *acctest.Object
			var err error
			var ids, secrets []string
			_, mark := w.writes(t, 0)
			for i := range rotations + 1 {
				config := rotating(w, i, "7d")
				if object != nil {
					text := detailsOf(w.driver(t).Warnings(t, apiKeyType, object, config))
					for _, earlier := range ids[:len(ids)-1] {
						if !strings.Contains(text, earlier) || !strings.Contains(text, "stays valid until") {
							t.Errorf("the plan does not say what becomes of key %s:\n%s", earlier, text)
						}
					}
				}
				if object, err = w.apply(t, key, object, config); err != nil {
					t.Fatal(err)
				}
				ids, secrets = append(ids, object.Attribute("id")), append(secrets, object.Attribute("value"))
				w.clock.Advance(24 * time.Hour)
				for n, secret := range secrets {
					if !w.works(t, secret) {
						t.Errorf("after rotation %d, key %d is not valid", i, n)
					}
				}
			}
			writes, _ := w.writes(t, mark)
			for _, write := range writes {
				if strings.HasPrefix(write, http.MethodDelete) {
					t.Errorf("a rotation sends %s", write)
				}
			}
			text := detailsOf(w.driver(t).Warnings(t, apiKeyType, object, nil))
			for _, id := range ids[:len(ids)-1] {
				if !strings.Contains(text, id) {
					t.Errorf("the plan to destroy does not name key %s:\n%s", id, text)
				}
			}
			// Each expires seven days after the apply that replaced it.
			w.clock.Advance(7*24*time.Hour - time.Duration(rotations)*24*time.Hour + time.Minute)
			for n, secret := range secrets {
				if valid := w.works(t, secret); valid != (n > 0) {
					t.Errorf("seven days after the first rotation, key %d is valid: %t", n, valid)
				}
			}
			if _, err = w.apply(t, key, object, nil); err != nil {
				t.Fatal(err)
			}
			for n, secret := range secrets {
				if w.works(t, secret) {
					t.Errorf("key %d is valid after destroy", n)
				}
			}
		})
	}
}

// Without an overlap, a rotation revokes all replaced keys, after it has
// created the successor, and the plan says which.
func TestRotation_withoutOverlapRevokesAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := subject{typeName: apiKeyType}
	var object *acctest.Object
	var err error
	var ids, secrets []string
	for i := range 3 {
		if object, err = w.apply(t, key, object, rotating(w, i, "7d")); err != nil {
			t.Fatal(err)
		}
		ids, secrets = append(ids, object.Attribute("id")), append(secrets, object.Attribute("value"))
	}
	_, mark := w.writes(t, 0)
	config := rotating(w, 3, "0s")
	text := detailsOf(w.driver(t).Warnings(t, apiKeyType, object, config))
	for _, id := range ids {
		if !strings.Contains(text, id) {
			t.Errorf("the plan does not name key %s:\n%s", id, text)
		}
	}
	if object, err = w.apply(t, key, object, config); err != nil {
		t.Fatal(err)
	}
	for n, secret := range secrets {
		if w.works(t, secret) {
			t.Errorf("key %d is valid", n)
		}
	}
	if !w.works(t, object.Attribute("value")) {
		t.Error("the successor is not valid")
	}
	writes, _ := w.writes(t, mark)
	if len(writes) != 4 || !strings.HasPrefix(writes[0], http.MethodPost) || slices.ContainsFunc(writes[1:], func(write string) bool { return !strings.HasPrefix(write, http.MethodDelete) }) {
		t.Errorf("the successor is not created first: %q", writes)
	}
	if pending, err := w.driver(t).Pending(t, apiKeyType, object, config); err != nil || pending {
		t.Errorf("the next plan is not empty: %v", err)
	}
}

// The error of a key that could not be revoked names that key, and no other.
func TestRotation_namesTheKeyThatStaysValid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var object *acctest.Object
	var ids []string
	for i := range 3 {
		object, _ = mustApply(t, w, subject{typeName: apiKeyType}, object, rotating(w, i, "7d"))
		ids = append(ids, object.Attribute("id"))
	}
	w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Method: http.MethodDelete, Path: "/v1/organization/projects/*/api_keys/" + ids[0], Fault: faultinjection.Status, Status: http.StatusBadRequest}}})
	_, diags := w.driver(t).Apply(t, apiKeyType, object, rotating(w, 3, "0s"))
	refused := slices.DeleteFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity != tfprotov6.DiagnosticSeverityError })
	if said := texts(refused); !strings.Contains(said, ids[0]) || strings.Contains(said, ids[1]) || strings.Contains(said, ids[2]) {
		t.Errorf("of %q, the first key stays valid: %s", ids, said)
	}
}

// A rotation that was interrupted is finished also when the next plan rotates
// again; no key is left without an expiry, and destroy revokes all.
func TestRotation_finishesAnInterruptedOne(t *testing.T) {
	for name, strike := range map[string]faultinjection.Rule{
		"the expiry is refused":            {Method: http.MethodPost, Path: "/v1/organization/projects/*/api_keys/*", Fault: faultinjection.Status, Status: http.StatusBadRequest},
		"the revocation is refused":        {Method: http.MethodDelete, Path: "/v1/organization/projects/*/api_keys/*", Fault: faultinjection.Status, Status: http.StatusBadRequest},
		"the second revocation is refused": {Method: http.MethodDelete, Path: "/v1/organization/projects/*/api_keys/*", Fault: faultinjection.Status, Status: http.StatusBadRequest, Skip: 1},
	} {
		for _, next := range []string{"finished", "rotated", "destroyed"} {
			t.Run(name+", then "+next, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				key := subject{typeName: apiKeyType}
				overlap := "7d"
				if strike.Method == http.MethodDelete {
					overlap = "0s"
				}
				var object *acctest.Object
				var err error
				var secrets []string
				for i := range 2 {
					if object, err = w.apply(t, key, object, rotating(w, i, "7d")); err != nil {
						t.Fatal(err)
					}
					secrets = append(secrets, object.Attribute("value"))
				}
				w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{strike}})
				object, err = w.apply(t, key, object, rotating(w, 2, overlap))
				if err == nil || object == nil || object.Number("previous_expires_at") != 0 {
					t.Fatalf("the rotation is not interrupted: %v, %v", err, object)
				}
				secrets = append(secrets, object.Attribute("value"))
				// As long as it cannot be finished, no other key is created.
				_, mark := w.writes(t, 0)
				if object, err = w.apply(t, key, object, rotating(w, 3, overlap)); err == nil || object == nil {
					t.Fatalf("the next rotation does not fail: %v", object)
				}
				writes, _ := w.writes(t, mark)
				if slices.ContainsFunc(writes, func(write string) bool { return strings.Contains(write, "/service_accounts/") }) {
					t.Errorf("the next rotation creates a key: %q", writes)
				}
				w.lab.Set(faultinjection.Plan{})
				switch next {
				case "finished":
					object, err = w.apply(t, key, object, rotating(w, 2, overlap))
				case "rotated":
					object, err = w.apply(t, key, object, rotating(w, 3, overlap))
				case "destroyed":
					object, err = w.apply(t, key, object, nil)
				}
				if err != nil {
					t.Fatal(err)
				}
				if object != nil {
					secrets = append(secrets, object.Attribute("value"))
					if object.Number("previous_expires_at") == 0 {
						t.Error("the replaced key has no expiry")
					}
				}
				// A replaced key is valid for the overlap, and no longer.
				present := func() string { return object.Attribute("value") }
				for n, secret := range secrets {
					want := secret == present() || object != nil && overlap != "0s"
					if got := w.works(t, secret); got != want {
						t.Errorf("key %d is valid: %t", n, got)
					}
				}
				w.clock.Advance(7*24*time.Hour + time.Minute)
				for n, secret := range secrets {
					if got := w.works(t, secret); got != (secret == present()) {
						t.Errorf("seven days later, key %d is valid: %t", n, got)
					}
				}
				if _, err = w.apply(t, key, object, nil); err != nil {
					t.Fatal(err)
				}
				for n, secret := range secrets {
					if w.works(t, secret) {
						t.Errorf("key %d is valid after destroy", n)
					}
				}
			})
		}
	}
}
