package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// sentRequests counts the requests that reach the network.
type sentRequests struct{ count int }

func (s *sentRequests) RoundTrip(req *http.Request) (*http.Response, error) {
	s.count++
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader("{}")), Request: req,
	}, nil
}

// The client changes the organization only where an operation permits it, and
// an operation that only reads withdraws the permission of one around it.
// read_only refuses also writes that an operation permits.
func TestWritesNeedPermission(t *testing.T) {
	for name, test := range map[string]struct {
		ctx                 context.Context
		permitted, readOnly bool
	}{
		"without an operation":                     {t.Context(), false, false},
		"an operation that reads":                  {WithoutWrites(t.Context()), false, false},
		"an operation that writes":                 {WithWrites(t.Context()), true, false},
		"reading below one that writes":            {WithoutWrites(WithWrites(t.Context())), false, false},
		"an operation that writes, with read_only": {WithWrites(t.Context()), true, true},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodPut, http.MethodPatch, "get", "QUERY"} {
			network := &sentRequests{}
			sender := New(Config{
				Base: network, Clock: SystemClock{}, MaxWait: time.Minute, ReadOnly: test.readOnly,
				Guard:     func(*http.Request) (end func(), err error) { return func() {}, nil },
				OnAnswer:  func(Operation, http.Header) {},
				FindYoung: func(context.Context, string) bool { return false },
			})
			req, err := http.NewRequestWithContext(test.ctx, method, "http://localhost/v1/organization/projects/proj_1", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := sender.RoundTrip(req)
			if response != nil {
				_ = response.Body.Close()
			}
			want := test.permitted && !test.readOnly || method == http.MethodGet
			if sent := network.count > 0; sent != want || (err == nil) != want {
				t.Errorf("%s, %s: sent is %t, error is %v", name, method, sent, err)
			}
			if !want && !errors.Is(err, ErrNotSent) {
				t.Errorf("%s, %s: the error does not say that nothing was sent: %v", name, method, err)
			}
		}
		if MayWrite(test.ctx) != test.permitted {
			t.Errorf("%s: MayWrite is %t", name, !test.permitted)
		}
	}
}
