package cache

import (
	"context"
	"errors"
	"sync"
)

// How read-ahead decides what is worth a request.
const (
	// pattern is for how many parents callers read a kind before it is read ahead
	// for others, unless it is expected.
	pattern = 2
	// mostMissing is how many parents in a row may have nothing of a kind.
	mostMissing = 3
	// unusedAtFirst bounds what was read ahead and not used, together with half of
	// the parents.
	unusedAtFirst = 10
)

// Why a read ahead was not sent: it would have had to wait, or its result is in
// memory or on its way.
var (
	ErrTurnLost = errors.New("the read would have to wait")
	ErrKnown    = errors.New("it was read already")
)

// ReadAhead reads while callers wait for rate limits: Terraform asks for ten
// objects at a time, and those that wait for one endpoint keep it from asking
// for objects of others. Once callers have read a kind of two parents, the
// endpoint of that kind reads it for the other parents that callers have seen,
// whenever no caller waits for it; a kind that is expected is read ahead at
// once. Each kind of each parent is read ahead once at most, one request of a
// kind at a time, and nothing begins while no caller waits.
type ReadAhead struct {
	// idle waits until an endpoint would let a request through at once and no
	// caller waits for it.
	idle func(ctx context.Context, endpoint string) error

	mu      sync.Mutex
	waiting int // callers
	// ctx ends when no caller waits any more.
	ctx     context.Context //nolint:containedctx // it lasts as long as the waits of callers, which come and go
	stop    context.CancelFunc
	kinds   map[string]*Kind
	parents map[string]*parents // by class
	// requests were sent, used are those whose result a caller has asked for.
	requests, used int
}

// parents are the objects of a class that callers have seen, in their order.
type parents struct {
	order []string
	seen  map[string]bool
}

func (p *parents) add(id string) {
	if id != "" && !p.seen[id] {
		p.seen[id] = true
		p.order = append(p.order, id)
	}
}

// NewReadAhead returns a read-ahead without kinds.
func NewReadAhead(idle func(ctx context.Context, endpoint string) error) *ReadAhead {
	return &ReadAhead{idle: idle, kinds: map[string]*Kind{}, parents: map[string]*parents{}}
}

// Kind is what one endpoint returns of a parent.
type Kind struct {
	all      *ReadAhead
	endpoint string
	parents  *parents
	read     func(ctx context.Context, parent string) (found bool, err error)

	// byCallers are the parents whose kind callers have read.
	byCallers parents
	// begun are the parents that were chosen to be read ahead, ahead those with a
	// result that no caller has asked for yet.
	begun, ahead map[string]bool
	// missing counts the last parents that had nothing of the kind; resumeAt is
	// how many callers must have read before it is read ahead again.
	missing, resumeAt int
	working           bool
	// expected says that callers will read the kind of each parent.
	expected bool
}

// Add returns the kind that an endpoint returns of parents of a class. read
// reads it into memory, or fails with ErrTurnLost or ErrKnown.
func (r *ReadAhead) Add(class, endpoint string, read func(ctx context.Context, parent string) (found bool, err error)) *Kind {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := &Kind{all: r, endpoint: endpoint, parents: r.class(class), read: read, byCallers: parents{seen: map[string]bool{}}, begun: map[string]bool{}, ahead: map[string]bool{}}
	r.kinds[endpoint] = k
	return k
}

func (r *ReadAhead) class(name string) *parents {
	p, ok := r.parents[name]
	if !ok {
		p = &parents{seen: map[string]bool{}}
		r.parents[name] = p
	}
	return p
}

// Expect says that callers will read what these endpoints return of each parent,
// so that it is read ahead before the first of them asks.
func (r *ReadAhead) Expect(isExpected func(endpoint string) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for endpoint, k := range r.kinds {
		k.expected = k.expected || isExpected(endpoint)
	}
	r.start()
}

// See records a parent that a caller has seen.
func (r *ReadAhead) See(class, parent string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.class(class).add(parent)
	r.start()
}

// Want records that a caller reads the kind of a parent.
func (k *Kind) Want(parent string) {
	r := k.all
	r.mu.Lock()
	defer r.mu.Unlock()
	if k.byCallers.seen[parent] {
		return
	}
	k.byCallers.add(parent)
	k.parents.add(parent)
	if k.ahead[parent] {
		delete(k.ahead, parent)
		r.used++
	}
	r.start()
}

// Wait is called when a caller begins to wait for a rate limit. end is called
// when it does not wait any more.
func (r *ReadAhead) Wait() (end func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting++; r.waiting == 1 {
		r.ctx, r.stop = context.WithCancel(context.Background())
	}
	r.start()
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.waiting--; r.waiting == 0 {
			r.stop()
		}
	}
}

// Counts returns how many requests were sent ahead, and how many of them no
// caller has asked for.
func (r *ReadAhead) Counts() (requests, unused int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests, r.requests - r.used
}

// start starts the kinds that have something to read. It is called with the lock
// held.
func (r *ReadAhead) start() {
	if r.waiting == 0 {
		return
	}
	for _, k := range r.kinds {
		if k.working {
			continue
		}
		if _, ok := k.next(); ok {
			k.working = true
			go k.work()
		}
	}
}

// work reads one parent after the other, as long as callers wait.
func (k *Kind) work() {
	r := k.all
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() { k.working = false }()
	for r.waiting > 0 {
		if _, ok := k.next(); !ok {
			return
		}
		ctx := r.ctx
		r.mu.Unlock()
		err := r.idle(ctx, k.endpoint)
		r.mu.Lock()
		parent, ok := k.next() // another one, if a caller has asked meanwhile
		switch {
		case err != nil || r.waiting == 0:
			continue // no caller waits any more, or others do again
		case !ok:
			return
		}
		k.begun[parent] = true
		r.mu.Unlock()
		found, err := k.read(context.WithoutCancel(ctx), parent)
		r.mu.Lock()
		k.finish(parent, found, err)
	}
}

// finish notes the result of a read.
func (k *Kind) finish(parent string, found bool, err error) {
	r := k.all
	switch {
	case errors.Is(err, ErrTurnLost):
		delete(k.begun, parent) // another time
		return
	case errors.Is(err, ErrKnown):
		return
	}
	r.requests++
	switch {
	case err == nil && k.byCallers.seen[parent]:
		r.used++ // a caller came meanwhile, and waited for it
	case err == nil:
		k.ahead[parent] = true
	}
	if found && err == nil {
		k.missing = 0
	} else if k.missing++; k.missing >= mostMissing {
		k.missing, k.resumeAt = 0, len(k.byCallers.order)+pattern
	}
}

// next returns a parent to read ahead.
func (k *Kind) next() (parent string, ok bool) {
	candidates, callers := k.parents.order, len(k.byCallers.order)
	switch {
	case callers < k.resumeAt, !k.expected && callers < pattern:
		return "", false
	case !k.expected && len(k.ahead) >= unusedAtFirst+len(candidates)/2:
		return "", false
	}
	for _, parent := range candidates {
		if !k.byCallers.seen[parent] && !k.begun[parent] {
			return parent, true
		}
	}
	return "", false
}
