package provider

import (
	"context"
	"sync/atomic"
	"time"
)

// operationContext is the context of one operation of Terraform's. The
// framework keeps every context that it is given until the process ends, and
// with it all that the request holds, which is more than a hundred kilobytes
// for each object in state. This one releases the request when the operation
// ends.
type operationContext struct {
	request atomic.Pointer[context.Context]
	done    chan struct{}
	stop    func() bool
}

func newOperationContext(request context.Context) *operationContext {
	c := &operationContext{done: make(chan struct{})}
	c.request.Store(&request)
	c.stop = context.AfterFunc(request, func() { close(c.done) })
	return c
}

// end is called once, when nothing uses the context any more.
func (c *operationContext) end() {
	if c.stop() {
		close(c.done)
	}
	c.stop = nil
	c.request.Store(nil)
}

// Deadline is that of the request.
func (c *operationContext) Deadline() (deadline time.Time, ok bool) {
	if request := c.request.Load(); request != nil {
		return (*request).Deadline()
	}
	return deadline, false
}

// Done is closed when the request is canceled or the operation is over.
func (c *operationContext) Done() <-chan struct{} { return c.done }

// Err is not nil when Done is closed.
func (c *operationContext) Err() error {
	select {
	case <-c.done:
	default:
		return nil
	}
	if request := c.request.Load(); request != nil {
		if err := (*request).Err(); err != nil {
			return err
		}
	}
	return context.Canceled
}

// Value is that of the request.
func (c *operationContext) Value(key any) any {
	if request := c.request.Load(); request != nil {
		return (*request).Value(key)
	}
	return nil
}

// withOperation asks with an operation's context instead of the request's.
func withOperation[Request, Response any](request context.Context, req *Request, ask func(context.Context, *Request) (*Response, error)) (*Response, error) {
	operation := newOperationContext(request)
	defer operation.end()
	return ask(operation, req)
}
