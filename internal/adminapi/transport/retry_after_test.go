package transport

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryHints(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "NaN": 0, "Inf": 0, "+Inf": 0, "-Inf": 0, "-1": 0, "0": 0, "86401": 0, "1e300": 0, "soon": 0, "0x1p1000": 0,
		"17": 17 * time.Second, "0.25": 250 * time.Millisecond, "86400": 24 * time.Hour,
		now.Add(-time.Hour).Format(http.TimeFormat):      0,
		now.Add(time.Minute).Format(http.TimeFormat):     time.Minute,
		now.Add(25 * time.Hour).Format(http.TimeFormat):  0,
		now.Add(1e5 * time.Hour).Format(http.TimeFormat): 0,
	} {
		response := &http.Response{Header: http.Header{"Retry-After": {value}}}
		if got := retryHint(response, now); got != want {
			t.Errorf("Retry-After %q: %s, want %s", value, got, want)
		}
	}
	both := &http.Response{Header: http.Header{"Retry-After": {"3"}, "Retry-After-Ms": {"NaN"}}}
	if got := retryHint(both, now); got != 3*time.Second {
		t.Errorf("with an odd hint in milliseconds: %s", got)
	}
}
