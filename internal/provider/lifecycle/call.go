package lifecycle

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// ErrRemoved is the error that Read returns for an object that the API shows as
// removed, such as an archived project, instead of answering that it does not
// exist.
var ErrRemoved = errors.New("the object was removed")

// ErrAbsent is the error that Read returns when a list of the API does not have
// an object.
var ErrAbsent = errors.New("the object is in no list")

// partError is an error that concerns a part of an object.
type partError struct {
	error
	label string
}

func (e *partError) Unwrap() error { return e.error }

// About returns the error of a write that concerns a part of the object, such as
// one member of a set, for a hook to return.
func About(label string, err error) error { return &partError{err, label} }

// Call is one operation on an object. Hooks change Plan (plan, create, update)
// or State (read), and return errors of the API as they are.
type Call[M any] struct {
	Client *adminapi.Client
	// Config, Plan and State are nil where the operation has none.
	Config, Plan, State M
	Diags               *diag.Diagnostics
	// Created is when this resource created the object that is read, in Unix
	// seconds, 0 when it is not known.
	Created int64
	// Imported is true in the first read after an import.
	Imported bool
	// Changes are the audit-log events of the object since it was last read, where
	// the log is followed.
	Changes []adminapi.Event

	planned    tftypes.Value
	unchanged  bool
	checkpoint func(ctx context.Context, m M)
	suppressed []string
	replaces   *path.Paths
	// membersAt is when members of the set were written last, in Unix seconds.
	membersAt int64
	// passesOwned says that members owned by another change are no error.
	passesOwned bool
}

// AddError adds the error of a call that concerns a part of the object, or
// another object. Errors that concern the object itself are returned.
func (c *Call[M]) AddError(label string, err error) {
	if _, owned := adminapi.OwnedPath(err); owned && c.passesOwned {
		return
	}
	tfkit.AddAPIError(c.Diags, label, err)
}

// HasPlan reports whether the operation has a plan: a destroy has none.
func (c *Call[M]) HasPlan() bool { return !isNil(c.Plan) }

// HasState reports whether the object is in state: before a create it is not.
func (c *Call[M]) HasState() bool { return !isNil(c.State) }

// HidesMembers reports whether the members in state were written a moment ago,
// so that a list that was just read may not show all of them. Before the first
// answer, the time of the server is not known.
func (c *Call[M]) HidesMembers() bool { return c.HasState() && c.Client.IsYoung(c.membersAt) }

// Checkpoint puts the object as it exists into the response, so that a later
// error does not lose it.
func (c *Call[M]) Checkpoint(ctx context.Context, m M) { c.checkpoint(ctx, m) }

// Replace plans a replacement because of an attribute.
func (c *Call[M]) Replace(at path.Path) { c.replaces.Append(at) }

// PlansNoChange reports whether a plan leaves everything as it is.
func (c *Call[M]) PlansNoChange() bool { return c.unchanged }

// Knows reports whether attributes of the plan are known, with all that is in
// them.
func (c *Call[M]) Knows(names ...string) bool {
	return valuesOf(c.planned).areKnown(names...)
}

// Texts returns attributes of the plan, such as the parts of an import id.
func (c *Call[M]) Texts(names ...string) []string {
	texts, values := make([]string, len(names)), valuesOf(c.planned)
	for i, name := range names {
		texts[i] = values.Text(name)
	}
	return texts
}

// Warns reports whether a kind of plan check is on for the object. It is off
// before the provider is configured.
func (c *Call[M]) Warns(kind string) bool {
	return c.Client != nil && c.Client.Advice.Wanted(kind) && !slices.Contains(c.suppressed, kind)
}

// Warn adds the warning of a plan check at an attribute. The detail begins with
// the object.
func (c *Call[M]) Warn(kind string, at path.Path, detail string) {
	tfkit.Warn(c.Diags, kind, at, detail)
}
