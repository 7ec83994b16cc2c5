package acctest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Clock is a clock on which waiting takes no time. Provider and emulator share
// it, as they share the time of the world.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	waited time.Duration
	alarms []alarm
	// set is closed when the next alarm is set, nil while no one waits for that.
	set chan struct{}
}

// alarm is a function that is called when its time has come.
type alarm struct {
	at time.Time
	f  func()
}

// NewClock returns a clock that begins now.
func NewClock() *Clock { return &Clock{now: time.Now()} }

// Now returns the time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep moves the clock on.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	passed := c.advance(ctx, d)
	c.mu.Lock()
	c.waited += passed
	c.mu.Unlock()
	return ctx.Err()
}

// Advance moves the clock on, as time passes.
func (c *Clock) Advance(d time.Duration) { c.advance(context.Background(), d) }

// advance moves the clock on, or until an alarm ends the context, and returns the
// time that passed.
func (c *Clock) advance(ctx context.Context, d time.Duration) (passed time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for ctx.Err() == nil {
		due := -1
		for i, a := range c.alarms {
			if !a.at.After(c.now.Add(d)) && (due < 0 || a.at.Before(c.alarms[due].at)) {
				due = i
			}
		}
		if due < 0 {
			c.now = c.now.Add(d)
			return passed + d
		}
		next := c.alarms[due]
		c.alarms = slices.Delete(c.alarms, due, due+1)
		step := max(0, next.at.Sub(c.now))
		c.now, d, passed = c.now.Add(step), d-step, passed+step
		c.mu.Unlock()
		next.f()
		c.mu.Lock()
	}
	return passed
}

// AfterFunc calls f, in the goroutine that moves the clock, once d has passed.
func (c *Clock) AfterFunc(d time.Duration, f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alarms = append(c.alarms, alarm{c.now.Add(d), f})
	if c.set != nil {
		close(c.set)
		c.set = nil
	}
}

// NextAlarm returns a channel that is closed when the next alarm is set.
func (c *Clock) NextAlarm() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.set == nil {
		c.set = make(chan struct{})
	}
	return c.set
}

// Waited is how long all waiting took together.
func (c *Clock) Waited() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waited
}

// noWait is the real time without waits: where the provider would wait, such as
// for an object that was removed a moment after its creation to appear, it
// reads again at once.
type noWait struct{}

func (noWait) Now() time.Time { return time.Now() }

func (noWait) AfterFunc(d time.Duration, f func()) { time.AfterFunc(d, f) }

func (noWait) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }
