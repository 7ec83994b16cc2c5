package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// A refused key is the one error of the API that every command can explain.
func TestRefusedKeyHasANextStep(t *testing.T) {
	for _, test := range []struct {
		err       *adminapi.Error
		explained bool
	}{
		{&adminapi.Error{Status: http.StatusUnauthorized, Code: "invalid_api_key"}, true},
		{&adminapi.Error{Status: http.StatusForbidden}, true},
		{&adminapi.Error{Status: http.StatusUnauthorized, Code: "ip_not_authorized"}, false}, // not because of the key
		{&adminapi.Error{Status: http.StatusForbidden, NotAPI: true}, false},
		{&adminapi.Error{Status: http.StatusNotFound}, false},
	} {
		if got := nextStep(fmt.Errorf("status: %w", test.err)); strings.Contains(got, "OPENAI_ADMIN_KEY") != test.explained {
			t.Errorf("%+v: %q", test.err, got)
		}
	}
}
