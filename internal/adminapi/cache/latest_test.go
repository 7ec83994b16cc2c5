package cache

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// In any order, each caller gets a read that began after it came, one read
// is under way at a time, callers share it, and a canceled caller waits no
// longer and fails no other caller.
func TestLatestReadsAreSharedAndNeverTooOld(t *testing.T) {
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			var latest Latest[time.Time]
			var mu sync.Mutex
			reads, running := 0, 0
			var callers sync.WaitGroup
			const count = 20
			for range count {
				callers.Go(func() {
					time.Sleep(rand.N(time.Second))
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					canceled := rand.N(4) == 0
					if canceled {
						time.AfterFunc(rand.N(time.Second), cancel)
					}
					came := time.Now()
					began, err := latest.After(ctx, latest.Begun(), "the others", func() (time.Time, error) {
						mu.Lock()
						reads++
						running++
						if running > 1 {
							t.Error("two reads at the same time")
						}
						mu.Unlock()
						began := time.Now()
						select {
						case <-time.After(300*time.Millisecond + time.Nanosecond):
						case <-ctx.Done():
						}
						mu.Lock()
						running--
						mu.Unlock()
						return began, ctx.Err()
					})
					switch {
					case err != nil && (!canceled || !errors.Is(err, context.Canceled)):
						t.Error(err)
					case err == nil && began.Before(came):
						t.Errorf("a caller of %s got a read of %s", came, began)
					}
				})
			}
			callers.Wait()
			if reads == 0 || reads >= count {
				t.Errorf("%d reads for %d callers", reads, count)
			}
		})
	}
}
