package transport

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrNoOptionalReads is the error of reads that only serve warnings when these
// are switched off, or have cost enough.
var ErrNoOptionalReads = errors.New("no more reads are made that only serve warnings")

// optionalRequests and optionalTime bound the cost of all reads together that
// only serve warnings.
const (
	optionalRequests = 40
	optionalTime     = 6 * time.Second
)

// OptionalReads counts the cost of the reads that only serve warnings.
type OptionalReads struct {
	clock Clock

	mu     sync.Mutex
	left   int // requests
	active int
	since  time.Time // when active became 1
	spent  time.Duration
}

// NewOptionalReads returns the budget of one configuration.
func NewOptionalReads(clock Clock) *OptionalReads {
	return &OptionalReads{clock: clock, left: optionalRequests}
}

// Begin begins a read and returns the time left for all.
func (o *OptionalReads) Begin() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.clock.Now()
	if o.active++; o.active == 1 {
		o.since = now
	}
	if o.left <= 0 {
		return 0
	}
	return optionalTime - o.spent - now.Sub(o.since)
}

// End ends a read. Reads at the same time count once.
func (o *OptionalReads) End() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.active--; o.active == 0 {
		o.spent += o.clock.Now().Sub(o.since)
	}
}

// spend counts one request.
func (o *OptionalReads) spend() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.left--
	return o.left >= 0
}

type briefKey struct{}

// briefRead has the limits of a read that only serves a warning.
type briefRead struct {
	patience time.Duration
	reads    *OptionalReads
}

// Briefly makes calls fail that would take longer than this: by the client's
// clock where they would wait, and by the real time where the server does not
// answer.
func Briefly(ctx context.Context, patience time.Duration, reads *OptionalReads) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithValue(ctx, briefKey{}, briefRead{patience, reads}), patience)
}

// AtOnce makes calls fail that could not be sent at once, or would be repeated.
func AtOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, briefKey{}, briefRead{})
}

// Brief is how long a call may wait that only serves a warning.
func Brief(ctx context.Context) (patience time.Duration, ok bool) {
	read, ok := ctx.Value(briefKey{}).(briefRead)
	return read.patience, ok
}

// mayAsk takes one of the few requests of reads that only serve warnings. Others
// have no such limit.
func mayAsk(ctx context.Context) bool {
	read, ok := ctx.Value(briefKey{}).(briefRead)
	return !ok || read.reads == nil || read.reads.spend()
}
