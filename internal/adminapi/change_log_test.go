package adminapi

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// longLog simulates a log that has an entry for every minute of this long, and
// nothing before.
func longLog(t *testing.T, length time.Duration) (*Client, *jumpClock, *int) {
	t.Helper()
	now := newJumpClock().Now()
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", now.Format(http.TimeFormat))
		query := r.URL.Query()
		from, to := now.Add(-length).Unix(), now.Unix()
		bound := func(name string, apply func(at int64)) {
			if at, err := strconv.ParseInt(query.Get(name), 10, 64); err == nil {
				apply(at)
			}
		}
		bound("effective_at[gte]", func(at int64) { from = max(from, at) })
		bound("effective_at[lt]", func(at int64) { to = min(to, at-1) })
		bound("effective_at[lte]", func(at int64) { to = min(to, at) })
		bound("after", func(at int64) { to = min(to, at-1) })
		limit, _ := strconv.Atoi(query.Get("limit"))
		var entries []string
		last := to - to%60
		for ; last >= from && len(entries) < limit; last -= 60 {
			entries = append(entries, fmt.Sprintf(`{"id":"%d","type":"project.updated","effective_at":%d,"project.updated":{"id":"proj_%d"}}`, last, last, last))
		}
		answer(w, 200, fmt.Sprintf(`{"object":"list","data":[%s],"last_id":"%d","has_more":%t}`, strings.Join(entries, ","), last+60, last >= from))
	}, func(c *Config) { c.FollowLog = FollowLog{Delay: time.Hour, FullRefreshInterval: 50 * time.Hour} })
}

// For any times at which objects were last read, the log is read
// once: a page for every hundred entries, and one more for each doubling of
// the time.
func TestAuditLogIsReadOnce(t *testing.T) {
	client, clock, requests := longLog(t, 90*24*time.Hour)
	oldest := 48 * time.Hour
	for range 500 {
		seen := clock.Now().Add(-rand.N(oldest)).Truncate(time.Minute)
		id := fmt.Sprintf("proj_%d", seen.Unix())
		changes, err := client.ChangeLog.Changes(t.Context(), Verified{At: seen.Unix()}, id)
		if err != nil || len(changes) != 1 {
			t.Fatalf("%d changes, %v", len(changes), err)
		}
		if changes, err = client.ChangeLog.Changes(t.Context(), Verified{At: seen.Unix(), Writes: []Write{{ProjectUpdated, seen.Unix() + 30}}}, id); err != nil || len(changes) != 0 {
			t.Fatalf("our own write is reported as %d changes, %v", len(changes), err)
		}
	}
	entries, looks := int((50+1)*time.Hour/time.Minute), 8
	if bound := entries/100 + looks; *requests > bound {
		t.Errorf("%d requests for at most %d entries, more than %d", *requests, entries, bound)
	}
}

func TestAuditLogIsSharedByConcurrentCallers(t *testing.T) {
	client, clock, requests := longLog(t, 24*time.Hour)
	seen := Verified{At: clock.Now().Add(-time.Minute).Unix()}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := client.ChangeLog.Changes(t.Context(), seen, "proj_none"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if *requests != 1 {
		t.Errorf("%d requests", *requests)
	}
}

func TestLongAuditLogIsNotReadToItsEnd(t *testing.T) {
	client, clock, requests := longLog(t, 90*24*time.Hour)
	seen := Verified{At: clock.Now().AddDate(0, 0, -10).Unix()}
	if _, err := client.ChangeLog.Changes(t.Context(), seen, "proj_1"); !errors.Is(err, ErrLogUnusable) || !strings.Contains(err.Error(), "more than 5000 changes") {
		t.Errorf("the error is %v", err)
	}
	if _, err := client.ChangeLog.Changes(t.Context(), seen, "proj_2"); !errors.Is(err, ErrLogGivenUp) {
		t.Errorf("the second error is %v", err)
	}
	if *requests != maxLogPages {
		t.Errorf("%d requests", *requests)
	}
}

// A log without an entry from the time in question may have been off then.
func TestAuditLogMustReachBack(t *testing.T) {
	client, clock, _ := longLog(t, 24*time.Hour)
	if _, err := client.ChangeLog.Changes(t.Context(), Verified{At: clock.Now().Add(-23 * time.Hour).Unix()}, "proj_1"); err != nil {
		t.Error(err)
	}
	if _, err := client.ChangeLog.Changes(t.Context(), Verified{At: clock.Now().Add(-25 * time.Hour).Unix()}, "proj_1"); !errors.Is(err, ErrLogUnusable) || !strings.Contains(err.Error(), "may have been off") {
		t.Errorf("the error is %v", err)
	}
}

func TestAuditLogEntriesThatNameNothingConcernAll(t *testing.T) {
	now := newJumpClock().Now().Unix()
	client, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, fmt.Sprintf(`{"object":"list","data":[{"id":"1","type":"project.updated","effective_at":%d}],"last_id":"1","has_more":false}`, now))
	}, func(c *Config) { c.FollowLog = FollowLog{Delay: time.Hour, FullRefreshInterval: 24 * time.Hour} })
	changes, err := client.ChangeLog.Changes(t.Context(), Verified{At: now}, "proj_1")
	if err != nil || len(changes) != 1 {
		t.Errorf("%d changes, %v", len(changes), err)
	}
}
