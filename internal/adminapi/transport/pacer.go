package transport

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// How pacing learns. The real endpoints allow about 7 requests in any minute
// each, and do not say so.
const (
	quotaSpan  = time.Minute
	fewest     = 4               // refusals above less say nothing of the quota
	firstTrial = time.Minute     // until one more request a minute is tried
	lastTrial  = 8 * time.Minute // when that was refused again and again
	longestGap = 5 * time.Second // left for others to come in
	lookAgain  = 5 * time.Second // at most, while the first in line waits
	idlePause  = time.Second     // until it is looked again whether others wait
	longWait   = 3 * time.Second // longer waits are logged at INFO
	unlimited  = math.MaxInt
)

// Waits after a 429 without a hint: after the first, after more of them, and
// after so many that another minute seems to be needed.
const (
	firstPause   = 5 * time.Second
	nextPause    = 10 * time.Second
	longestPause = 20 * time.Second
	manyRefusals = 18
)

// shortestPause bounds the requests to an endpoint that refuses them.
const shortestPause = time.Second

// PauseError ends the wait for an endpoint that asks for more than max_wait.
type PauseError struct{ Pause, maxWait time.Duration }

func (e *PauseError) Error() string {
	return fmt.Sprintf("the API asks to wait %s before the next request to this endpoint, and max_wait allows %s", e.Pause.Round(time.Second), e.maxWait)
}

// pacer lets the requests of one endpoint family through: at full speed until
// the first 429, then in order, as many in a minute as the server has taken in
// the minute before it refused one. Now and then it tries one more. Where the
// quota turns out to be shared with another process it makes room.
type pacer struct {
	clock   Clock
	ceiling int
	// line is held by the first of those that wait.
	line chan struct{}

	mu sync.Mutex
	// taken are the requests of the last minute that were not refused, oldest
	// first, by the time of the answer, or of the request while there is none.
	taken   []time.Time
	quota   int
	learned bool // that the server has refused requests above the quota
	waiting int
	gap     time.Duration // that one who waits for a place leaves before it

	pausedUntil time.Time
	refusals    int // since the last success
	// hinted says that the server asked for the pause, entered is when the last
	// request was let through.
	hinted  bool
	entered time.Time
	// spaced says that the last failure came with a hint, so that requests are
	// shortestPause apart until the next success.
	spaced bool
	// nextTrial is when one more will be tried, trial how long that was put
	// off, and tried that the last one was taken.
	nextTrial time.Time
	trial     time.Duration
	tried     bool
}

func newPacer(clock Clock, requestsPerMinute int64) *pacer {
	ceiling := unlimited
	if requestsPerMinute > 0 {
		ceiling = int(requestsPerMinute)
	}
	return &pacer{clock: clock, ceiling: ceiling, quota: ceiling, line: make(chan struct{}, 1), trial: firstTrial}
}

// forget drops the requests of more than a minute ago.
func (p *pacer) forget(now time.Time) {
	for len(p.taken) > 0 && now.Sub(p.taken[0]) >= quotaSpan {
		p.taken = p.taken[1:]
	}
}

// delay is how long the next request has to wait.
func (p *pacer) delay(now time.Time) time.Duration {
	p.forget(now)
	wait := max(p.pausedUntil.Sub(now), 0)
	if p.refusals > 0 || p.spaced {
		wait = max(wait, p.entered.Add(shortestPause).Sub(now))
	}
	if len(p.taken) > 0 && p.quota < p.ceiling {
		// Evenly, so that another process finds a gap.
		wait = max(wait, p.taken[len(p.taken)-1].Add(quotaSpan/time.Duration(p.quota)).Sub(now))
	}
	if excess := len(p.taken) - p.quota; excess >= 0 {
		wait = max(wait, p.taken[excess].Add(quotaSpan+p.gap).Sub(now))
	}
	return wait
}

// expected is about how long a request will wait that joins the line now.
func (p *pacer) expected() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := p.delay(p.clock.Now())
	if p.waiting > 0 && p.quota < unlimited {
		wait = max(wait, quotaSpan*time.Duration(p.waiting)/time.Duration(p.quota))
	}
	return wait
}

// checkPause fails for a pause that the server asked for and that is longer
// than a call waits.
func (p *pacer) checkPause(maxWait time.Duration) error {
	if pause := p.pausedUntil.Sub(p.clock.Now()); p.hinted && pause > maxWait {
		return &PauseError{pause, maxWait}
	}
	return nil
}

// enter lets a request through as soon as it may, and returns the moment.
func (p *pacer) enter(ctx context.Context, maxWait time.Duration) (entered time.Time, err error) {
	p.mu.Lock()
	if err := p.checkPause(maxWait); err != nil {
		p.mu.Unlock()
		return entered, err
	}
	if p.waiting == 0 && p.delay(p.clock.Now()) == 0 {
		defer p.mu.Unlock()
		return p.admit(), ctx.Err()
	}
	p.waiting++
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.waiting--
		p.mu.Unlock()
	}()
	select {
	case p.line <- struct{}{}:
	case <-ctx.Done():
		return entered, ctx.Err()
	}
	defer func() { <-p.line }()
	for {
		p.mu.Lock()
		if err := p.checkPause(maxWait); err != nil {
			p.mu.Unlock()
			return entered, err
		}
		delay := p.delay(p.clock.Now())
		if delay == 0 {
			defer p.mu.Unlock()
			return p.admit(), ctx.Err()
		}
		p.mu.Unlock()
		// Answers to other requests may make it shorter meanwhile.
		if err := p.clock.Sleep(ctx, min(delay, lookAgain)); err != nil {
			return entered, err
		}
	}
}

// waitIdle waits until a request would be let through at once and no call waits.
func (p *pacer) waitIdle(ctx context.Context) error {
	for {
		p.mu.Lock()
		delay := p.delay(p.clock.Now())
		if p.waiting > 0 {
			delay = max(delay, idlePause)
		}
		p.mu.Unlock()
		if delay == 0 {
			return ctx.Err()
		}
		if err := p.clock.Sleep(ctx, min(delay, lookAgain)); err != nil {
			return err
		}
	}
}

// admit lets a request through.
func (p *pacer) admit() time.Time {
	p.entered = p.reserve()
	return p.entered
}

func (p *pacer) reserve() time.Time {
	now := p.clock.Now()
	p.taken, p.gap = append(p.taken, now), rand.N(longestGap)
	return now
}

// drop takes back that a request was let through.
func (p *pacer) drop(entered time.Time) {
	for i := len(p.taken) - 1; i >= 0; i-- {
		if p.taken[i].Equal(entered) {
			p.taken = slices.Delete(p.taken, i, i+1)
			return
		}
	}
}

// succeeded records that the server accepted a request.
func (p *pacer) succeeded(entered time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// The server may have counted it as late as now.
	p.drop(entered)
	now := p.reserve()
	p.refusals, p.spaced = 0, false
	switch {
	case p.quota >= p.ceiling:
	case !p.learned && p.quota > p.ceiling/2:
		p.quota = p.ceiling
	case !p.learned:
		p.quota *= 2
	case !now.Before(p.nextTrial):
		if p.tried {
			p.trial = firstTrial
		}
		p.tried = true
		p.quota++
		p.nextTrial = now.Add(firstTrial)
	}
}

// failedWithHint records a failure whose answer has a Retry-After. However
// odd the hint is, it causes at most one request in shortestPause.
func (p *pacer) failedWithHint() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spaced = true
}

// throttled records that the server answered 429, with its hint if it gave one,
// and returns how long the endpoint pauses.
func (p *pacer) throttled(entered time.Time, hint time.Duration) (pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop(entered)
	now := p.clock.Now()
	p.forget(now)
	served, paused := len(p.taken), now.Before(p.pausedUntil)
	switch {
	case served < fewest && !p.learned:
		p.quota = max(served, 1)
	case !p.learned || p.tried || paused:
		p.quota, p.learned = max(served, 1), true
	default:
		// Another process sends requests, too: both need a share.
		p.quota = max(p.quota*3/4, 1)
	}
	if p.tried {
		p.trial = min(2*p.trial, lastTrial)
	}
	p.tried = false
	p.nextTrial = now.Add(p.trial)

	if paused && hint <= p.pausedUntil.Sub(now) {
		return p.pausedUntil.Sub(now) // it was under way before the pause began
	}
	if !paused {
		p.refusals++
	}
	p.hinted = hint > 0
	switch {
	case hint > 0:
		pause = max(hint, shortestPause)
	case p.refusals == 1:
		pause = firstPause + rand.N(firstPause/4) // so that two processes do not march in step
	case p.refusals <= manyRefusals:
		pause = nextPause + rand.N(nextPause/4)
	default:
		pause = longestPause + rand.N(longestPause/4)
	}
	p.pausedUntil = now.Add(pause)
	return pause
}
