// Package contract_test holds the emulator against the official SDK: every
// endpoint that it serves is called by the SDK's own client, and the answers
// must have every field that the SDK calls required. Facts that the SDK does
// not have, above all which fields may be null, are in testdata.
package contract_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/respjson"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// backend is an emulator and an SDK client of it.
type backend struct {
	*emulator.Server
	sdk openai.AdminOrganizationService
	// permissions are outside the Administration API, for an admin key, too.
	permissions openai.FineTuningCheckpointPermissionService
	url         string
	checker     *answerChecker
	// clock is that of the server, and of the clients that wait.
	clock *acctest.Clock
}

func start(t *testing.T) *backend {
	t.Helper()
	clock := acctest.NewClock()
	server, err := emulator.New(emulator.Options{Now: clock.Now})
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
	w := newAnswerChecker(t, server)
	options := []option.RequestOption{
		option.WithBaseURL(listener.URL + "/v1"), option.WithAdminAPIKey(server.AdminKey()), option.WithMaxRetries(0), option.WithHTTPClient(&http.Client{Transport: w}),
	}
	return &backend{server, openai.NewAdminService(options...).Organization, openai.NewFineTuningCheckpointPermissionService(options...), listener.URL, w, clock}
}

// must returns the answer of a call that has to succeed and to be complete.
func must[T any](t *testing.T) func(answer *T, err error) *T {
	return func(answer *T, err error) *T {
		t.Helper()
		if err != nil {
			t.Fatalf("%T: %v", answer, err)
		}
		complete(t, reflect.ValueOf(answer).Elem(), "")
		return answer
	}
}

// complete checks that every required field of an answer was sent, and with
// the right type where it is not null. The SDK itself passes over both.
func complete(t *testing.T, value reflect.Value, path string) {
	t.Helper()
	kind := value.Type()
	if kind.Kind() == reflect.Slice {
		for i := range value.Len() {
			complete(t, value.Index(i), path+"[]")
		}
		return
	}
	if kind.Kind() != reflect.Struct {
		return
	}
	sent := value.FieldByName("JSON")
	if !sent.IsValid() {
		return
	}
	for i := range kind.NumField() {
		field := kind.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || name == "" {
			continue
		}
		raw, ok := sent.FieldByName(field.Name).Interface().(respjson.Field)
		if !ok {
			continue
		}
		required := strings.Contains(field.Tag.Get("api"), "required")
		switch {
		case raw.Raw() == "" && required:
			t.Errorf("%s%s.%s is not sent", kind.Name(), path, name)
		case raw.Raw() != "" && raw.Raw() != "null" && !raw.Valid():
			t.Errorf("%s%s.%s has the wrong type: %s", kind.Name(), path, name, raw.Raw())
		case raw.Valid():
			complete(t, value.Field(i), path+"."+name)
		}
	}
}

// Every route below /v1 must have been called by the end, and every field have
// been seen, except those known to be left out.
func TestTheSDKUnderstandsEveryEndpoint(t *testing.T) {
	b := start(t)
	b.members(t)
	project := b.projects(t)
	b.keys(t, project)
	b.application(t, project)
	b.limits(t, project)
	b.usage(t)
	b.policies(t, project)
	b.access(t, project)
	b.trust(t, project)
	b.archive(t, project)
	b.audit(t, project)

	entries, err := b.Journal(0)
	if err != nil {
		t.Fatal(err)
	}
	called := map[string]bool{}
	for _, entry := range entries {
		called[entry.Method+" "+entry.Route] = true
	}
	notInSDK := map[string]bool{}
	for _, operation := range b.Operations() {
		notInSDK[pathParameter.ReplaceAllString(operation.Method+" /v1"+operation.Path, "x")] = operation.NotInSDK
	}
	for _, route := range b.Routes() {
		if strings.Contains(route, " /v1/") && !called[route] && !notInSDK[pathParameter.ReplaceAllString(route, "x")] {
			t.Errorf("%s is not called by this test", route)
		}
	}
	b.checker.checkLeftOut(t)
	if !slices.ContainsFunc(b.Routes(), func(route string) bool { return route == "GET /v1/organization/projects" }) {
		t.Error("the routes are missing")
	}
}

func TestTheSDKUnderstandsErrors(t *testing.T) {
	b := start(t)
	_, err := b.sdk.Projects.Get(t.Context(), "proj_none")
	failure, ok := errors.AsType[*openai.Error](err)
	if !ok {
		t.Fatalf("the error is %T", err)
	}
	if failure.StatusCode != http.StatusNotFound || failure.Type != "invalid_request_error" || !strings.Contains(failure.Message, "proj_none") {
		t.Errorf("the error is %d %q %q", failure.StatusCode, failure.Type, failure.Message)
	}
	if failure.Response.Header.Get("X-Request-Id") == "" {
		t.Error("there is no request id")
	}
	_, err = b.sdk.SpendLimit.Update(t.Context(), openai.AdminOrganizationSpendLimitUpdateParams{})
	if failure, ok = errors.AsType[*openai.Error](err); !ok || failure.StatusCode != http.StatusBadRequest || failure.Param == "" {
		t.Errorf("the error is %v", err)
	}
}

// The SDK's pagers walk every list to its end.
func TestTheSDKPages(t *testing.T) {
	b := start(t)
	for range 45 {
		must[openai.Project](t)(b.sdk.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"}))
	}
	seen := map[string]bool{}
	pager := b.sdk.Projects.ListAutoPaging(t.Context(), openai.AdminOrganizationProjectListParams{Limit: openai.Int(10)})
	for pager.Next() {
		seen[pager.Current().ID] = true
	}
	if err := pager.Err(); err != nil || len(seen) != 46 {
		t.Errorf("%d projects, %v", len(seen), err)
	}
}
