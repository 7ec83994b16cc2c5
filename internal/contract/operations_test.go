package contract_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/webhooks"
)

// nowhere remembers where requests were sent, and lets none through.
type nowhere struct{ route string }

var errNowhere = errors.New("not sent")

func (n *nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	n.route = r.Method + " " + r.URL.Path
	return nil, errNowhere
}

// everyMethod calls each method of an SDK service that sends a request, and of
// all services below, with "x" for every text.
func everyMethod(t *testing.T, service reflect.Value, call func(method reflect.Value, args []reflect.Value)) {
	t.Helper()
	for i := range service.Type().NumMethod() {
		method := service.Method(i)
		kind := method.Type()
		// Pagers repeat the plain method. Methods without a context only compute.
		if strings.HasSuffix(service.Type().Method(i).Name, "AutoPaging") || kind.NumIn() == 0 || kind.In(0) != reflect.TypeFor[context.Context]() {
			continue
		}
		args := []reflect.Value{reflect.ValueOf(t.Context())}
		for j := 1; j < kind.NumIn()-1; j++ {
			arg := reflect.New(kind.In(j)).Elem()
			if arg.Kind() == reflect.String {
				arg.SetString("x")
			}
			args = append(args, arg)
		}
		call(method, args)
	}
	for i := range service.Elem().NumField() {
		if below := service.Elem().Field(i); strings.HasSuffix(below.Type().Name(), "Service") {
			everyMethod(t, below.Addr(), call)
		}
	}
}

func failure(results []reflect.Value) error {
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// The emulator's list of operations is the SDK's: a newer SDK with more of
// them fails here.
func TestTheListOfOperationsIsComplete(t *testing.T) {
	var sent nowhere
	options := []option.RequestOption{
		option.WithBaseURL("http://localhost/v1"), option.WithAPIKey("k"), option.WithAdminAPIKey("k"), option.WithMaxRetries(0), option.WithHTTPClient(&http.Client{Transport: &sent}),
	}
	admin, permissions, endpoints := openai.NewAdminService(options...), openai.NewFineTuningCheckpointPermissionService(options...), webhooks.NewWebhookService(options...)
	var inSDK []string
	for _, service := range []reflect.Value{reflect.ValueOf(&admin), reflect.ValueOf(&permissions), reflect.ValueOf(&endpoints)} {
		everyMethod(t, service, func(method reflect.Value, args []reflect.Value) {
			if err := failure(method.Call(args)); !errors.Is(err, errNowhere) {
				t.Errorf("%s was not sent: %v", method.Type(), err)
			}
			// A deprecated method may send the same as its successor.
			if !slices.Contains(inSDK, sent.route) {
				inSDK = append(inSDK, sent.route)
			}
		})
	}
	var listed []string
	for _, operation := range start(t).Operations() {
		route := operation.Method + " /v1" + pathParameter.ReplaceAllString(operation.Path, "x")
		if !operation.NotInSDK {
			listed = append(listed, route)
		} else if slices.Contains(inSDK, route) {
			t.Errorf("%s is in the SDK by now: operations.txt says that it is not", route)
		}
	}
	slices.Sort(inSDK)
	slices.Sort(listed)
	for _, route := range inSDK {
		if !slices.Contains(listed, route) {
			t.Errorf("%s is missing in operations.txt", route)
		}
	}
	if len(listed) != len(inSDK) || len(listed) < 143 {
		t.Errorf("%d operations are listed, the SDK has %d", len(listed), len(inSDK))
	}
}

// An operation that is not emulated answers 501 with its name, and never 404,
// which clients take for a missing object. Everything else is served.
func TestWhatIsNotEmulatedSaysSo(t *testing.T) {
	b := start(t)
	emulated := 0
	for _, operation := range b.Operations() {
		request, err := http.NewRequestWithContext(t.Context(), operation.Method, b.url+"/v1"+pathParameter.ReplaceAllString(operation.Path, "x"), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+b.AdminKey())
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if operation.Emulated {
			emulated++
		}
		named := strings.Contains(string(body), `"code":"not_emulated"`) && strings.Contains(string(body), operation.Name+" (")
		if refused := response.StatusCode == http.StatusNotImplemented; refused == operation.Emulated || named != refused {
			t.Errorf("%s, emulated: %v, answers %d %s", operation.Name, operation.Emulated, response.StatusCode, body)
		}
	}
	if emulated < 60 {
		t.Errorf("%d operations are emulated", emulated)
	}
}
