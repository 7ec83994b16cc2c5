package transport

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Clock is the time as the client sees it. Tests give one that does not wait.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or until ctx ends, whichever is first.
	Sleep(ctx context.Context, d time.Duration) error
	// AfterFunc calls f once d has passed.
	AfterFunc(d time.Duration, f func())
}

// SystemClock is the real time.
type SystemClock struct{}

// Now returns the current time.
func (SystemClock) Now() time.Time { return time.Now() }

// AfterFunc calls f in a goroutine of its own once d has passed.
func (SystemClock) AfterFunc(d time.Duration, f func()) { time.AfterFunc(d, f) }

// Sleep waits for d unless ctx ends before.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Ahead returns a clock that is ahead of another one, and waits as long as it.
func Ahead(clock Clock, by time.Duration) Clock { return aheadClock{clock, by} }

type aheadClock struct {
	Clock
	by time.Duration
}

func (c aheadClock) Now() time.Time { return c.Clock.Now().Add(c.by) }

// Scaled returns a clock that runs speed times as fast as another one and agrees
// with it at an instant. The deadlines of contexts stay those of the real time,
// such as the one of an attempt that gets no answer.
func Scaled(clock Clock, speed int, since time.Time) Clock {
	return scaledClock{clock, time.Duration(speed), since}
}

type scaledClock struct {
	clock Clock
	speed time.Duration
	since time.Time
}

func (c scaledClock) Now() time.Time {
	return c.since.Add(c.clock.Now().Sub(c.since) * c.speed)
}

// scale is how long a wait takes by the other clock, rounded up, so that none
// ends early.
func (c scaledClock) scale(d time.Duration) time.Duration {
	scaled := d / c.speed
	if scaled*c.speed < d {
		scaled++
	}
	return scaled
}

func (c scaledClock) Sleep(ctx context.Context, d time.Duration) error {
	return c.clock.Sleep(ctx, c.scale(d))
}

func (c scaledClock) AfterFunc(d time.Duration, f func()) { c.clock.AfterFunc(c.scale(d), f) }

// ServerTime is the server's clock as its answers show it. It never goes back:
// a Date is cut to whole seconds and may come from a cache, so that the latest
// one is the best.
type ServerTime struct {
	mu sync.Mutex
	// date was the server's time at local. The difference of two local times
	// does not change when the local clock is set.
	date, local time.Time
}

func (s *ServerTime) learn(response *http.Response, now time.Time) {
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.local.IsZero() || date.After(s.date.Add(now.Sub(s.local))) {
		s.date, s.local = date, now
	}
}

// At returns the server's time at a local time. Until the server has answered
// it is the local time, and not known.
func (s *ServerTime) At(local time.Time) (server time.Time, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.local.IsZero() {
		return local, false
	}
	return s.date.Add(local.Sub(s.local)), true
}
