package transport

import (
	"context"
	"time"
)

// Operation describes one call for error texts, pacing and retries.
type Operation struct {
	// Name is the name of the call in errors: "create project".
	Name string
	// Family is the endpoint as the server throttles it: method and path
	// template.
	Family string
	// Repeatable says that sending the request twice does no harm. Reads,
	// deletions and updates by value are; creations are not.
	Repeatable bool
	// ProjectKey says that the key of a project authenticates the call, not the
	// admin key.
	ProjectKey bool
}

// WithProjectKey returns the operation as one of the key of a project.
func (o Operation) WithProjectKey() Operation {
	o.ProjectKey = true
	return o
}

// Read is a call that changes nothing.
func Read(name, path string) Operation {
	return Operation{Name: name, Family: "GET " + path, Repeatable: true}
}

// Create is a call that must not be sent twice.
func Create(name, path string) Operation {
	return Operation{Name: name, Family: "POST " + path}
}

// Update is a call that sets values, so that it can be sent twice.
func Update(name, path string) Operation {
	return Operation{Name: name, Family: "POST " + path, Repeatable: true}
}

// Remove is a call that deletes.
func Remove(name, path string) Operation {
	return Operation{Name: name, Family: "DELETE " + path, Repeatable: true}
}

type callKey struct{}

// Begin returns the context of a call of op, which is never canceled, and the
// transport's record of the call.
func Begin(ctx context.Context, op Operation) (context.Context, *CallInfo) {
	info := &CallInfo{Op: op, caller: ctx, Waits: &Waits{}}
	return context.WithValue(context.WithoutCancel(ctx), callKey{}, info), info
}

// CallInfo is the transport's record of a call.
type CallInfo struct {
	Op Operation
	// caller is the context of the caller. The SDK gets one that is never
	// canceled, because it would drop an answer that comes after a cancellation.
	caller context.Context //nolint:containedctx // travels through the SDK
	Waits  *Waits
	// NotAPI says why the last answer does not come from the Administration API,
	// empty when it may.
	NotAPI string
}

// Waits describes the waits for the API of a call that failed.
type Waits struct {
	// Max is how long the call may wait.
	Max time.Duration
	// Exhausted says that the API refused the call until Max was spent, Hint is
	// the wait that it asked for when that is more than was left.
	Exhausted bool
	Hint      time.Duration
	// Uncertain says that an attempt of a write failed that the server may have
	// carried out.
	Uncertain bool
	// On is the cause of the present wait of the call.
	On string
}

// refused records why a call waits no longer.
func (w *Waits) refused(hint time.Duration, left patience) {
	w.Hint, w.Exhausted = hint, hint == 0 && left.refused > 0
}

func callFrom(ctx context.Context) (context.Context, *CallInfo) {
	if info, ok := ctx.Value(callKey{}).(*CallInfo); ok {
		return info.caller, info
	}
	return ctx, &CallInfo{Op: Operation{Name: "call", Family: "unknown"}, Waits: &Waits{}}
}
