package adminapi

import (
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What pacing starts from after the first 429, and how it moves on. The real
// endpoints allow about 7 requests a minute each.
const (
	slowestPace   = time.Minute      // never fewer than one request a minute
	paceIncrease  = 1.0 / 60         // requests a second added after a success
	firstPause    = 5 * time.Second  // first wait after a 429 without a hint
	longestPause  = 65 * time.Second // the window seen on the real API is a minute
	unpacedMinute = 60               // rate at which pacing is given up again
	longWait      = 3 * time.Second  // waits above this are told to the user
)

// pacer lets the requests of one endpoint family through in order: at full
// speed until the first 429, then at a rate that it learns by additive
// increase and multiplicative decrease.
type pacer struct {
	clock   Clock
	ceiling rate.Limit

	mu          sync.Mutex
	limiter     *rate.Limiter
	pausedUntil time.Time
	pause       time.Duration
	recent      []time.Time // successes of the last minute, oldest first
}

func newPacer(clock Clock, requestsPerMinute int64) *pacer {
	ceiling := rate.Inf
	if requestsPerMinute > 0 {
		ceiling = rate.Limit(float64(requestsPerMinute) / 60)
	}
	return &pacer{clock: clock, ceiling: ceiling, limiter: rate.NewLimiter(ceiling, 1)}
}

// reserve takes the next place in the line and returns how long to wait for
// it.
func (p *pacer) reserve() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	delay := p.limiter.ReserveN(now, 1).DelayFrom(now)
	if pause := p.pausedUntil.Sub(now); pause > delay {
		delay = pause
	}
	return delay
}

// succeeded tells that the server took a request.
func (p *pacer) succeeded() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	p.pause = 0
	p.recent = append(p.since(now.Add(-time.Minute)), now)
	limit := p.limiter.Limit()
	if limit == rate.Inf || limit >= p.ceiling {
		return
	}
	limit += paceIncrease
	if limit >= unpacedMinute/60.0 || limit > p.ceiling {
		limit = p.ceiling
	}
	p.limiter.SetLimitAt(now, limit)
}

// throttled tells that the server answered 429, with its hint if it gave one.
func (p *pacer) throttled(hint time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	limit := p.limiter.Limit()
	if limit == rate.Inf || limit > unpacedMinute/60.0 {
		// What went through in the last minute is the best guess of the budget.
		p.recent = p.since(now.Add(-time.Minute))
		limit = rate.Limit(float64(max(len(p.recent), 1)) / 60)
	} else {
		limit /= 2
	}
	limit = max(limit, rate.Every(slowestPace))
	p.limiter.SetLimitAt(now, min(limit, p.ceiling))

	p.pause = min(max(p.pause*2, firstPause), longestPause)
	pause := p.pause
	if hint > 0 {
		pause = hint
	}
	pause += rand.N(pause/4 + 1) // jitter, so that two processes do not march in step
	if until := now.Add(pause); until.After(p.pausedUntil) {
		p.pausedUntil = until
	}
}

func (p *pacer) since(oldest time.Time) []time.Time {
	for i, at := range p.recent {
		if at.After(oldest) {
			return p.recent[i:]
		}
	}
	return nil
}
