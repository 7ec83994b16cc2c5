package adminapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/text"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// Error is the error of every failed call. Its text holds no secret.
type Error struct {
	// Operation names the call, for example "create project".
	Operation string
	// Status is the HTTP status, 0 when no answer came.
	Status int
	// Code, Type, Param and Message are the API's own words, redacted.
	Code, Type, Param, Message string
	// RequestID identifies the request to OpenAI's support.
	RequestID string
	// Creates says that the call was a create, which names no object that could
	// have been removed other than the parents of its own.
	Creates bool
	// ProjectKey says that the key of a project authenticates the call.
	ProjectKey bool
	// OutcomeUnknown says that the server may have acted although no usable
	// answer came back.
	OutcomeUnknown bool
	// MayHaveActed says that an earlier attempt of a write had no usable answer,
	// so that the server may have carried it out.
	MayHaveActed bool
	// MaxWait is how long the call may wait for rate limits. WaitExhausted says
	// that the API refused the call until then, and RetryAfter is how long the
	// API asked to wait when that is longer than was left.
	MaxWait, RetryAfter time.Duration
	WaitExhausted       bool
	// Timeout is set for a call that ended because its operation had taken as
	// long as it may.
	Timeout *wait.TimeoutError
	// LostAnswer describes a create whose answer was lost, nil for other calls.
	LostAnswer *LostAnswer
	// NotAPI says that the answer does not come from the Administration API: it
	// is a web page, or the base URL leads to another place. Its status says
	// nothing about an object.
	NotAPI bool
	// Err is the underlying error when no answer came.
	Err error
}

// Error describes the failure on one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	b.WriteString(": ")
	if e.Status != 0 {
		fmt.Fprintf(&b, "%d %s", e.Status, http.StatusText(e.Status))
	} else {
		b.WriteString("no response")
	}
	if e.Message != "" {
		b.WriteString(": ")
		b.WriteString(e.Message)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " (code %s)", e.Code)
	}
	if e.Status != 0 && e.RetryAfter > 0 {
		fmt.Fprintf(&b, ": the API asks to wait %s, longer than what is left of max_wait (%s)", e.RetryAfter.Round(time.Second), e.MaxWait)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " [request %s]", e.RequestID)
	}
	return b.String()
}

// Unwrap gives the underlying error, for example context.Canceled.
func (e *Error) Unwrap() error { return e.Err }

// IsNotFound reports whether the API says that the object does not exist.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound && !e.NotAPI
}

// IsDeleted reports whether an object does not exist, or its project is archived,
// which deletes the objects in it.
func IsDeleted(err error) bool { return IsNotFound(err) || HasCode(err, CodeProjectArchived) }

// IsOutcomeUnknown reports whether the server may have acted although the call
// failed.
func IsOutcomeUnknown(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.OutcomeUnknown
}

// MayHaveActed reports whether a write that failed may have been carried out by
// any of its attempts.
func MayHaveActed(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.OutcomeUnknown || e.MayHaveActed)
}

// HasCode reports whether the API answered with this error code.
func HasCode(err error, code string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}

// IsRefused reports whether the API refused a request.
func IsRefused(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusForbidden || e.Status == http.StatusConflict || e.Status == http.StatusUnprocessableEntity)
}

// IsMissingPermission reports whether the key lacks the permission for the
// call. The API answers 401 for this, some endpoints 403.
func IsMissingPermission(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && !e.NotAPI && (e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden)
}

// alreadyExists reports whether the API refused an addition because the goal
// is already reached.
func alreadyExists(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status >= 400 && e.Status < 500 && strings.Contains(e.Message, "already exists")
}

// newError turns the error of the SDK into an *Error. response is nil when none
// came.
func newError(ctx context.Context, call *transport.CallInfo, response *http.Response, err error, secrets *transport.KnownSecrets) *Error {
	op := call.Op
	out := &Error{Operation: op.Name, Creates: !op.Repeatable, ProjectKey: op.ProjectKey, Err: err, MaxWait: call.Waits.Max, RetryAfter: call.Waits.Hint, WaitExhausted: call.Waits.Exhausted, MayHaveActed: call.Waits.Uncertain}
	if paused, ok := errors.AsType[*transport.PauseError](err); ok {
		out.RetryAfter = paused.Pause
	}
	if response != nil {
		out.Status = response.StatusCode
		out.RequestID = text.Clean(secrets.Redact(response.Header.Get("X-Request-Id")))
	}
	if apiErr, ok := errors.AsType[*openai.Error](err); ok {
		out.Err = nil
		out.Status = apiErr.StatusCode
		// Redacted before they are cut, so that no part of a secret is left.
		for field, said := range map[*string]string{&out.Code: apiErr.Code, &out.Type: apiErr.Type, &out.Param: apiErr.Param, &out.Message: apiErr.Message} {
			*field = text.Clean(secrets.Redact(said))
		}
		// The server may have acted before it failed; a 4xx is a refusal.
		out.OutcomeUnknown = !op.Repeatable && transport.UncertainStatus(apiErr.StatusCode)
		out.explainNotAPI(call, secrets)
		return out
	}
	switch {
	case errors.Is(err, transport.ErrNotSent):
		// The request never left: nothing happened.
	case out.Status >= 200 && out.Status < 300:
		out.Message = text.Clean("the response could not be read: " + secrets.Redact(err.Error()))
		out.OutcomeUnknown = !op.Repeatable
		out.explainNotAPI(call, secrets)
		return out
	default:
		out.OutcomeUnknown = !op.Repeatable
	}
	if errors.Is(err, context.Canceled) {
		out.Message = "canceled"
		if timeout, ok := errors.AsType[*wait.TimeoutError](wait.End(ctx, call.Waits.On)); ok {
			out.Timeout, out.Message = timeout, timeout.Error()
		}
		// Terraform ends then, so that an update is not repeated either.
		out.OutcomeUnknown = !errors.Is(err, transport.ErrNotSent) && !strings.HasPrefix(op.Family, http.MethodGet+" ")
		return out
	}
	out.Message = text.Clean(secrets.Redact(err.Error()))
	if unreachable, ok := errors.AsType[*transport.UnreachableError](err); ok {
		out.Message = text.Clean(secrets.Redact(unreachable.Error()))
	}
	return out
}

// explainNotAPI puts the reason in place of the text of an answer that does not
// come from the API.
func (e *Error) explainNotAPI(call *transport.CallInfo, secrets *transport.KnownSecrets) {
	if call.NotAPI != "" {
		e.NotAPI, e.Message = true, text.Clean(secrets.Redact(call.NotAPI))
	}
}

// ignoreNotFound drops the error of a delete whose object does not exist, or
// whose project is archived.
func ignoreNotFound(err error) error {
	if IsDeleted(err) {
		return nil
	}
	return err
}
