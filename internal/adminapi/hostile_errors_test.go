package adminapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/text"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// For any answer of a server, an error is short, and safe for a terminal and a log.
func TestErrorsAreBoundedAndCleaned(t *testing.T) {
	const hostile = "\x1b[31mred\x1b]0;title\a \u202eright to left\u2066 \u200bhidden\x00\r\nnext " + testKey
	type fields map[string]any
	for name, body := range map[string]fields{
		"30 MB":        {"message": strings.Repeat("x", 30<<20), "code": "odd"},
		"30 MB code":   {"message": "no", "code": strings.Repeat("x", 30<<20)},
		"hostile":      {"message": hostile, "code": hostile, "param": hostile, "type": hostile},
		"long":         {"message": strings.Repeat("x", 5000), "code": strings.Repeat("y", 5000), "param": strings.Repeat("z", 5000), "type": strings.Repeat("t", 5000)},
		"key in code":  {"message": "no", "code": testKey},
		"key cut":      {"message": strings.Repeat("x", 490) + testKey},
		"key in param": {"message": "no", "param": "sk-proj-0123456789abcdef"},
	} {
		t.Run(name, func(t *testing.T) {
			encoded, err := json.Marshal(fields{"error": body})
			if err != nil {
				t.Fatal(err)
			}
			client, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-Id", strings.Repeat("r", 3000)+testKey)
				answer(w, http.StatusBadRequest, string(encoded))
			})
			_, err = client.Projects.Get(t.Context(), "proj_1")
			var apiErr *Error
			if !errors.As(err, &apiErr) || apiErr.Status != http.StatusBadRequest {
				t.Fatalf("got %v", err)
			}
			for field, said := range map[string]string{
				"message": apiErr.Message, "code": apiErr.Code, "param": apiErr.Param, "type": apiErr.Type, "request id": apiErr.RequestID,
			} {
				if n := len([]rune(said)); n > text.LongestText {
					t.Errorf("%s has %d characters", field, n)
				}
				if strings.ContainsFunc(said, func(r rune) bool { return !unicode.IsPrint(r) }) {
					t.Errorf("%s is %q", field, said)
				}
				if strings.Contains(said, "sk-") {
					t.Errorf("%s shows a key: %q", field, said)
				}
			}
		})
	}
}

// graceClock hands out delayed calls, so that a test decides when they are
// made.
type graceClock struct {
	*jumpClock
	later chan delayed
}

type delayed struct {
	after time.Duration
	call  func()
}

func (c graceClock) AfterFunc(d time.Duration, f func()) { c.later <- delayed{d, f} }

// A write that is under way when Terraform is interrupted goes on for a bounded
// time. An answer within it reaches the caller.
func TestWritesContinueAfterCancellation(t *testing.T) {
	for _, ends := range []bool{false, true} {
		clock := graceClock{newJumpClock(), make(chan delayed, 10)}
		ctx, cancel := context.WithCancel(transport.WithWrites(t.Context()))
		client, _, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			cancel()
			grace := <-clock.later
			if grace.after != transport.WriteGrace {
				t.Errorf("the write goes on for %s", grace.after)
			}
			if ends {
				grace.call()
				<-r.Context().Done()
				return
			}
			answer(w, http.StatusOK, projectJSON)
		}, func(c *Config) { c.Clock = clock })
		project, err := client.Projects.Create(ctx, openai.AdminOrganizationProjectNewParams{Name: "dev"})
		switch {
		case *requests != 1:
			t.Errorf("%d requests", *requests)
		case ends && (err == nil || !IsOutcomeUnknown(err)):
			t.Errorf("the write ended: %v, %v", project, err)
		case !ends && (err != nil || project.ID != "proj_1"):
			t.Errorf("%v, %v", project, err)
		}
	}
}
