package transport

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// Twenty times as fast, a minute takes three seconds, however it is waited for.
func TestScaledClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		since := began.Add(-time.Second)
		clock := Scaled(SystemClock{}, 20, since)
		if now := clock.Now(); !now.Equal(since.Add(20 * time.Second)) {
			t.Errorf("a second after %s it is %s", since, now)
		}
		if err := clock.Sleep(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		if elapsed, fast := time.Since(began), clock.Now().Sub(since); elapsed != 3*time.Second || fast != 80*time.Second {
			t.Errorf("a minute took %s; %s have passed on the clock", elapsed, fast)
		}
		called := make(chan time.Time)
		clock.AfterFunc(time.Minute, func() { called <- time.Now() })
		if at := <-called; at.Sub(began) != 6*time.Second {
			t.Errorf("called after %s", at.Sub(began))
		}
		// A wait for an instant never ends before it.
		for range 100 {
			until := clock.Now().Add(7)
			if err := clock.Sleep(t.Context(), until.Sub(clock.Now())); err != nil || clock.Now().Before(until) {
				t.Fatalf("it is %s before %s, %v", clock.Now(), until, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := clock.Sleep(ctx, time.Hour); err == nil {
			t.Error("a canceled wait lasts")
		}
	})
}
