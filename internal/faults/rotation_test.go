package faults_test

import (
	"net/http"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// While the old key of a rotation cannot be revoked, the new one stays: it is
// the one by which the next run finds them both.
func TestDestroy_ofARotatedKeyFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var key subject
	for _, s := range subjects {
		if s.typeName == "openai_project_api_key" {
			key = s // the last one is rotated
		}
	}
	object, err := w.apply(t, key, nil, key.first(w))
	if err != nil {
		t.Fatal(err)
	}
	if object, err = w.apply(t, key, object, key.second(w)); err != nil {
		t.Fatal(err)
	}
	w.lab.Set(faultinjection.Plan{Rules: []faultinjection.Rule{{Method: http.MethodDelete, Times: 1, Fault: faultinjection.Status, Status: http.StatusUnauthorized}}})
	if object, err = w.apply(t, key, object, nil); err == nil || object == nil {
		t.Fatalf("the failure is not reported: %v", object)
	}
	if found := key.found(t, w); len(found) != 2 {
		t.Errorf("%d keys are left to be revoked, not both", len(found))
	}
	if _, err = w.apply(t, key, object, nil); err != nil {
		t.Fatal(err)
	}
	if found := key.found(t, w); len(found) != 0 {
		t.Errorf("%d keys still live", len(found))
	}
}
