package contract_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/shapes"
)

// answerChecker checks every answer.
type answerChecker struct {
	t *testing.T
	// sent has the fields that occurred in answers.
	sent  map[string]bool
	names *http.ServeMux
	named map[string]string
}

func newAnswerChecker(t *testing.T, server *emulator.Server) *answerChecker {
	w := &answerChecker{t, map[string]bool{}, http.NewServeMux(), map[string]string{}}
	for _, operation := range server.Operations() {
		pattern := operation.Method + " /v1" + operation.Path
		w.names.Handle(pattern, http.NotFoundHandler())
		w.named[pattern] = operation.Name
	}
	return w
}

func (w *answerChecker) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	_, pattern := w.names.Handler(r)
	if operation, ok := w.named[pattern]; ok {
		found := shapes.All().Check(operation, body)
		maps.Copy(w.sent, found.Sent)
		for _, wrong := range found.Wrong {
			w.t.Errorf("%s: %s", operation, wrong)
		}
	} else {
		w.t.Errorf("%s %s is no operation of the API", r.Method, r.URL.Path)
	}
	return response, err
}

// checkLeftOut compares the fields that no answer had with
// testdata/left_out.txt.
func (w *answerChecker) checkLeftOut(t *testing.T) {
	t.Helper()
	content, err := os.ReadFile("testdata/left_out.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(content)), "\n"), func(line string) bool { return strings.HasPrefix(line, "#") })
	got := shapes.All().LeftOut(w.sent)
	for _, name := range got {
		if !slices.Contains(known, name) {
			t.Errorf("%s was in no answer: send it, call what sends it, or add it to testdata/left_out.txt", name)
		}
	}
	for _, name := range known {
		if !slices.Contains(got, name) {
			t.Errorf("%s was sent: take it out of testdata/left_out.txt", name)
		}
	}
}
