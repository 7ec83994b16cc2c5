// Package api has the code that all parts of the emulated API share: requests,
// errors, bodies and pages.
package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Handler answers a request. It runs in a transaction of its own, which is
// committed before the answer leaves.
type Handler func(r *Request) (any, error)

// Router takes the handlers of a part.
type Router interface {
	// Handle serves a route such as "GET /organization/projects", which lies
	// below /v1, to holders of an admin key.
	Handle(route string, h Handler)
	// Call serves a route below /v1 to holders of a project's key that has this
	// scope. The handler sees the project in Request.Key.
	Call(route, scope string, h Handler)
	// Control serves a route below /_emulator.
	Control(route string, h Handler)
}

// Request is an authenticated request.
type Request struct {
	*http.Request
	Tx *store.Tx
	// Time is the emulator's clock at the request.
	Time time.Time
	// Caller is the owner of the admin key.
	Caller store.User
	// AdminKeyID is the key of the caller.
	AdminKeyID string
	// Key is the project's key of a call, which has no Caller, and Organization
	// the id of the organization.
	Key          store.APIKey
	Organization string
	// Reply are the headers of the answer, also of a refusal.
	Reply    http.Header
	Behavior Behavior
}

// Behavior switches between interpretations of points that the documentation
// leaves open, and to faults seen on the real API.
type Behavior struct {
	// AlertClobbersLimit makes a written spend alert overwrite the hard limit
	// of its scope, as reported publicly in September 2026.
	AlertClobbersLimit bool
	// ArchiveAnswersError makes the archive call answer 400 project_archived
	// although it worked, as reported publicly in November 2025.
	ArchiveAnswersError bool
	// AuditLogOff leaves the audit log empty, as before it is switched on.
	AuditLogOff bool
	// AuditLogSince hides events from before the log was switched on.
	AuditLogSince time.Time
	// AuditLogForbidden refuses the log, as to keys without its permission.
	AuditLogForbidden bool
	// AuditLogDelay is how long it takes until the audit log shows a change.
	AuditLogDelay time.Duration
	// ChecksOrganizationHeader refuses requests whose OpenAI-Organization header
	// names another organization. Assumption A-1.
	ChecksOrganizationHeader bool
	// ReversesLists reverses lists that have no parameter for their order.
	// Assumption A-2.
	ReversesLists bool
	// ZeroIsDefaultLimit takes limit=0 for no limit given. Assumption A-3.
	ZeroIsDefaultLimit bool
	// SendRetryAfter adds Retry-After to the throttle's 429. Assumption A-4.
	SendRetryAfter bool
	// NullClearsNothing leaves a role's description as it is when an update has
	// null. Assumption A-6.
	NullClearsNothing bool
	// OmitsResidency leaves the residency of a project out that was created
	// without one. Assumption A-7.
	OmitsResidency bool
	// MarksDefaultProject adds is_initial to projects. Assumption A-8.
	MarksDefaultProject bool
	// KeepsKeysOfDeleted leaves the keys of a deleted service account in the
	// lists of the project. They open nothing. Assumption A-10.
	KeepsKeysOfDeleted bool
	// RefusesRolesOfServiceAccounts refuses to assign roles to service accounts.
	// Assumption A-11.
	RefusesRolesOfServiceAccounts bool
	// RefusesUnknownScopes refuses keys with scopes that no document names.
	// Assumption A-13.
	RefusesUnknownScopes bool
	// AdminKeysOfServiceAccounts shows service accounts as the owners of admin
	// keys. Assumption A-15.
	AdminKeysOfServiceAccounts bool
	// ListsServiceAccounts shows service accounts as users of the organization.
	// Assumption A-17.
	ListsServiceAccounts bool
	// CreatesSecondInvite and ReturnsFirstInvite accept a second invitation of
	// one address. Assumption A-18.
	CreatesSecondInvite, ReturnsFirstInvite bool
	// AcceptsUserIDAndEmail adds the user of user_id to a project when email is
	// also given. Assumption A-19.
	AcceptsUserIDAndEmail bool
	// ShowsCustomRole shows the name of a custom role as the role of a project's
	// user. Assumption A-20.
	ShowsCustomRole bool
	// ChangesSCIMGroups accepts changes of groups that SCIM manages. Assumption
	//
	ChangesSCIMGroups bool
	// RefusesRepeats refuses to add a member of a group, or to assign a role, for
	// the second time. Assumption A-22.
	RefusesRepeats bool
	// LimitsAlwaysEnforcing shows every spend limit as enforcing. Assumption A-23.
	LimitsAlwaysEnforcing bool
	// RefusesEqualAlerts refuses a spend alert that equals another. Assumption
	//
	RefusesEqualAlerts bool
	// RefusesNoModels refuses model permissions without models. Assumption A-28.
	RefusesNoModels bool
	// AcceptsDisabledDefaultTier accepts a default tier that is not enabled.
	// Assumption A-29.
	AcceptsDisabledDefaultTier bool
	// RefusesRetention refuses to read and to write the organization's data
	// retention. Assumption A-30.
	RefusesRetention bool
	// OmitsWorkspace leaves workspace_id out of external keys. Assumption A-31.
	OmitsWorkspace bool
	// NewProvidersDisabled creates workload identity providers disabled, unless
	// the request enables them. Assumption A-33.
	NewProvidersDisabled bool
	// OmitsEmptyBuckets leaves out buckets without usage. Assumption A-35.
	OmitsEmptyBuckets bool
	// RefusesFutureUsage refuses usage until a time in the future. Assumption
	//
	RefusesFutureUsage bool
	// HonorsIdempotencyKeys answers a repeated Idempotency-Key with the first
	// answer. Assumption A-38.
	HonorsIdempotencyKeys bool
	// FirstReadMisses answers the first read of a new object with 404.
	// Assumption A-39.
	FirstReadMisses bool
	// RefusesGroupPermissions refuses custom roles with permissions of
	// organization management. Assumption A-40.
	RefusesGroupPermissions bool
	// CreatorIsMember and OwnersAreMembers make people owners of a new project.
	// Assumption A-41.
	CreatorIsMember, OwnersAreMembers bool
	// ShortRoleIDs lists predefined roles without where they are bound, unlike
	// assignments. Assumption A-42.
	ShortRoleIDs bool
	// ShufflePermissions returns the permissions of a role in another order than
	// they were sent. Assumption A-43.
	ShufflePermissions bool
	// HostedToolsForAll is the organization's policy that all projects have the
	// hosted tools, so that none can be switched off. Assumption A-44.
	HostedToolsForAll bool
	// KeepsExternalKeys refuses another external key for an existing project, as
	// in organizations for which OpenAI has not enabled it. Assumption A-45.
	KeepsExternalKeys bool
}

// ScopeRequest is the scope that a key needs to use a model. Public error
// messages spell it like this, other sources with a leading "api.".
const ScopeRequest = "model.request"

// Now is the time of the request in Unix seconds.
func (r *Request) Now() int64 { return r.Time.Unix() }

// Error is an answer that is no success.
type Error struct {
	Status  int
	Message string
	Type    string
	Param   string
	Code    string
	// Bare leaves the envelope away, as some endpoints do.
	Bare bool
}

func (e *Error) Error() string { return e.Message }

// BadRequest refuses a request because of a parameter; param may be empty.
func BadRequest(param, format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Type: "invalid_request_error", Param: param, Message: fmt.Sprintf(format, args...)}
}

// NotFound says that an object does not exist.
func NotFound(kind, id string) *Error {
	return &Error{Status: http.StatusNotFound, Type: "invalid_request_error", Message: fmt.Sprintf("No such %s: %s", kind, id)}
}

// Or turns the store's "not found" into the given answer.
func Or(err error, answer *Error) error {
	if errors.Is(err, store.ErrNotFound) {
		return answer
	}
	return err
}

// Unauthorized refuses a key.
func Unauthorized(code, format string, args ...any) *Error {
	return &Error{Status: http.StatusUnauthorized, Type: "invalid_request_error", Code: code, Message: fmt.Sprintf(format, args...)}
}

// Deleted is the answer to most deletions.
type Deleted struct {
	ID      string `json:"id,omitempty"`
	Object  string `json:"object"`
	Deleted bool   `json:"deleted"`
}

// MaxBody is the size of a request in JSON. Texts to embed come in batches.
const MaxBody = 16 << 20

// Decode reads the request's JSON body. Unknown fields are accepted, as newer
// clients may send them; an empty body is an empty object.
func Decode(r *Request, into any) error { return decode(r, into, json.Unmarshal) }

// DecodeStrict is Decode for bodies in which an unknown field is an error: a
// control has no newer clients, and a mistyped name would do nothing.
func DecodeStrict(r *Request, into any) error {
	return decode(r, into, func(body []byte, into any) error {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(into); err != nil {
			return err
		}
		if decoder.More() {
			return BadRequest("", "There is more than one JSON value in the body.")
		}
		return nil
	})
}

func decode(r *Request, into any, unmarshal func([]byte, any) error) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody))
	if err != nil {
		return BadRequest("", "The request body could not be read.")
	}
	if len(body) == 0 {
		return nil
	}
	if err := unmarshal(body, into); err != nil {
		if answer, ok := errors.AsType[*Error](err); ok {
			return answer // a field's own refusal
		}
		if typeError, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return BadRequest(typeError.Field, "Invalid type for '%s': expected %s, got %s.", typeError.Field, typeError.Type, typeError.Value)
		}
		if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
			return BadRequest(strings.Trim(name, `"`), "Unknown field %s.", name)
		}
		return BadRequest("", "We could not parse the JSON body of your request.")
	}
	return nil
}

// Optional is a field of a request body that may be absent, null or set.
type Optional[T any] struct {
	Present bool
	Null    bool
	Value   T
}

// UnmarshalJSON is only called for fields that are present.
func (o *Optional[T]) UnmarshalJSON(data []byte) error {
	o.Present = true
	if string(data) == "null" {
		o.Null = true
		return nil
	}
	return json.Unmarshal(data, &o.Value)
}

// Set reports whether the field has a value.
func (o Optional[T]) Set() bool { return o.Present && !o.Null }

// maxExpiry is the longest life of a key, in seconds.
const maxExpiry = 31_536_000

// Expiry reads expires_in_seconds. The result is nil when it is absent or
// null.
func Expiry(o Optional[int64], now int64) (*int64, error) {
	if !o.Set() {
		return nil, nil
	}
	if o.Value < 1 || o.Value > maxExpiry {
		return nil, BadRequest("expires_in_seconds", "'expires_in_seconds' must be between 1 and %d.", maxExpiry)
	}
	at := now + o.Value
	return &at, nil
}

// ActiveProject returns the project named in the path and refuses writes to an
// archived one.
func ActiveProject(r *Request) (store.Project, error) {
	project, err := AnyProject(r)
	if err != nil {
		return project, err
	}
	if project.ArchivedAt != nil {
		return project, ProjectArchived(project.ID)
	}
	return project, nil
}

// AnyProject returns the project named in the path, also an archived one.
func AnyProject(r *Request) (store.Project, error) {
	id := r.PathValue("project_id")
	project, err := r.Tx.Project(id)
	return project, Or(err, NotFound("project", id))
}

// ProjectArchived refuses a write to an archived project.
func ProjectArchived(id string) *Error {
	return &Error{Status: http.StatusBadRequest, Type: "invalid_request_error", Code: "project_archived",
		Message: fmt.Sprintf("Project %s is archived and cannot be modified.", id)}
}

// AppliedError is an error answer to a request that was carried out all the
// same.
type AppliedError struct{ Answer *Error }

func (e *AppliedError) Error() string { return e.Answer.Message }
