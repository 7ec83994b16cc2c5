package transport

import (
	"testing"
	"testing/synctest"
	"time"
)

// Who waits until an endpoint is idle comes after all calls that wait for it,
// also where both could go at the same moment.
func TestIdleEndpointsHaveNoCallInLine(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			p := newPacer(SystemClock{}, 1) // a minute
			began := time.Now()
			for range 3 {
				go func() {
					if _, err := p.enter(t.Context(), time.Hour); err != nil {
						t.Error(err)
					}
				}()
				synctest.Wait()
			}
			if err := p.waitIdle(t.Context()); err != nil {
				t.Error(err)
			}
			if waited := time.Since(began); waited < 3*time.Minute {
				t.Errorf("idle after %s, with three calls in three minutes", waited)
			}
		})
	}
}
