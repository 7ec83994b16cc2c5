package tfkit_test

import (
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

const day = 24 * time.Hour

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90d": 90 * day, "1d12h": 36 * time.Hour, "12h": 12 * time.Hour, "30m": 30 * time.Minute, "0s": 0, "0d": 0, "1d0h": day, "36500d": 36500 * day,
	} {
		if got, err := tfkit.ParseDuration(text); err != nil || got != want {
			t.Errorf("%s is %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "d", "90", "90 d", "-1d", "1d-1h", "1d+1h", "+1h", "-5m", "1w", "1.5d", "12h1d", "36501d", "9999999d", "2000000h", "tomorrow", "1dd"} {
		if got, err := tfkit.ParseDuration(text); err == nil {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
}

func TestFormatDuration(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"90d": 90 * day, "36h": 36 * time.Hour, "5m": 5 * time.Minute, "0s": 0, "1h30m": 90 * time.Minute, "1m1s": 61 * time.Second, "10h": 10 * time.Hour,
	} {
		if got := tfkit.FormatDuration(d); got != want {
			t.Errorf("%s is written %s", want, got)
		}
		if back, err := tfkit.ParseDuration(want); err != nil || back != d {
			t.Errorf("%s is read as %s, %v", want, back, err)
		}
	}
}
