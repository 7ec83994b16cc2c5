package usagereport

import (
	"strings"
	"testing"
	"time"
)

// A Wednesday.
var now = time.Date(2026, 11, 25, 22, 30, 0, 0, time.FixedZone("", -5*60*60))

func TestPeriods(t *testing.T) {
	// It is Thursday already in UTC.
	for name, want := range map[string]string{
		"today":        "2026-11-26 2026-11-27",
		"yesterday":    "2026-11-25 2026-11-26",
		"this-week":    "2026-11-23 2026-11-27",
		"last-week":    "2026-11-16 2026-11-23",
		"this-month":   "2026-11-01 2026-11-27",
		"last-month":   "2026-10-01 2026-11-01",
		"this-year":    "2026-01-01 2026-11-27",
		"last-year":    "2025-01-01 2026-01-01",
		"last-1-days":  "2026-11-26 2026-11-27",
		"last-30-days": "2026-10-28 2026-11-27",
		"2026-02":      "2026-02-01 2026-03-01",
		"2024-02-29":   "2024-02-29 2024-03-01",
		"2026-11":      "2026-11-01 2026-11-27",
		"2025":         "2025-01-01 2026-01-01",
		"2026":         "2026-01-01 2026-11-27",
	} {
		p, err := ParsePeriod(name, now)
		if got := p.Start.Format(time.DateOnly) + " " + p.End.Format(time.DateOnly); err != nil || got != want {
			t.Errorf("%s is %s, %v", name, got, err)
		}
	}
	for name, message := range map[string]string{
		"": "is no period", "last-0-days": "is no period", "last-quarter": "is no period", "2026-13": "is no period", "2026-02-30": "is no period",
		"2027": "has not begun yet", "2026-11-27": "has not begun yet",
	} {
		if p, err := ParsePeriod(name, now); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%q is %v, %v", name, p, err)
		}
	}
}

func TestWeeksBeginOnMonday(t *testing.T) {
	for _, day := range []int{23, 29} {
		p, err := ParsePeriod("this-week", time.Date(2026, 11, day, 1, 0, 0, 0, time.UTC))
		if err != nil || p.Start.Day() != 23 {
			t.Errorf("the week of November %d begins on %v, %v", day, p.Start, err)
		}
	}
}

func TestBetween(t *testing.T) {
	p, err := Between("2026-11-01", "2026-11-30", now)
	if err != nil || p.Days() != 26 {
		t.Errorf("November until today has %d days, %v", p.Days(), err)
	}
	if p, err = Between("2026-11-25", "", now); err != nil || p.Days() != 2 {
		t.Errorf("until today are %d days, %v", p.Days(), err)
	}
	for _, days := range [][2]string{{"2026-11-02", "2026-11-01"}, {"11/02/2026", ""}, {"2026-11-02", "soon"}, {"2027-01-01", ""}} {
		if _, err := Between(days[0], days[1], now); err == nil {
			t.Errorf("%v is accepted", days)
		}
	}
}
