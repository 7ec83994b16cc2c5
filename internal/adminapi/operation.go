package adminapi

import (
	"context"
	"time"
)

// operation describes one call for error texts, pacing and retries.
type operation struct {
	// name is what a user reads in an error: "create project".
	name string
	// family is the endpoint as the server throttles it: method and path
	// template.
	family string
	// repeatable says that sending the request twice does no harm. Reads,
	// deletions and updates by value are; creations are not.
	repeatable bool
}

func read(name, path string) operation {
	return operation{name: name, family: "GET " + path, repeatable: true}
}

func create(name, path string) operation {
	return operation{name: name, family: "POST " + path}
}

func update(name, path string) operation {
	return operation{name: name, family: "POST " + path, repeatable: true}
}

func remove(name, path string) operation {
	return operation{name: name, family: "DELETE " + path, repeatable: true}
}

type callKey struct{}

// begin returns the context of a call of op, which is never canceled, and what
// the transport will know of the call.
func begin(ctx context.Context, op operation) (context.Context, *callInfo) {
	info := &callInfo{op: op, caller: ctx, waits: &waits{}}
	return context.WithValue(context.WithoutCancel(ctx), callKey{}, info), info
}

// callInfo is what the transport knows of a call.
type callInfo struct {
	op operation
	// caller is the context of the caller. The SDK gets one that is never
	// canceled, because it would drop an answer that comes after a cancellation.
	caller context.Context //nolint:containedctx // travels through the SDK
	waits  *waits
}

// waits is what waiting for the API has cost a call that failed.
type waits struct {
	max time.Duration
	// exhausted says that the API refused the call until max was spent, hint
	// is what it asked to wait when that is more than was left.
	exhausted bool
	hint      time.Duration
	// uncertain says that an attempt of a write failed that the server may have
	// carried out.
	uncertain bool
}

// refused records why a call waits no longer.
func (w *waits) refused(hint time.Duration, left patience) {
	w.hint, w.exhausted = hint, hint == 0 && left.refused > 0
}

func callFrom(ctx context.Context) (context.Context, operation, *waits) {
	if info, ok := ctx.Value(callKey{}).(*callInfo); ok {
		return info.caller, info.op, info.waits
	}
	return ctx, operation{name: "call", family: "unknown"}, &waits{}
}
