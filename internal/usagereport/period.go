package usagereport

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/suggest"
)

// Period is a span of whole days in UTC, from Start to before End.
type Period struct{ Start, End time.Time }

// Days is how long it is.
func (p Period) Days() int { return int(p.End.Sub(p.Start).Hours() / 24) }

// NamedPeriods are periods without a date in their names.
var NamedPeriods = []string{
	"today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-year", "last-year", "last-7-days", "last-30-days", "last-90-days",
}

// PeriodNames lists the values that ParsePeriod reads.
const PeriodNames = "today, yesterday, this-week, last-week, this-month, last-month, this-year, last-year, last-N-days, 2026-11-05, 2026-11 or 2026"

var lastDays = regexp.MustCompile(`^last-([1-9][0-9]{0,3})-days$`)

// ParsePeriod reads the name of a period. Weeks begin on Monday; the last N
// days include today; nothing reaches beyond today.
func ParsePeriod(name string, now time.Time) (Period, error) {
	today := now.UTC().Truncate(24 * time.Hour)
	tomorrow := today.AddDate(0, 0, 1)
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	month := time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
	year := time.Date(today.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	switch name {
	case "today":
		return Period{today, tomorrow}, nil
	case "yesterday":
		return Period{today.AddDate(0, 0, -1), today}, nil
	case "this-week":
		return Period{monday, tomorrow}, nil
	case "last-week":
		return Period{monday.AddDate(0, 0, -7), monday}, nil
	case "this-month":
		return Period{month, tomorrow}, nil
	case "last-month":
		return Period{month.AddDate(0, -1, 0), month}, nil
	case "this-year":
		return Period{year, tomorrow}, nil
	case "last-year":
		return Period{year.AddDate(-1, 0, 0), year}, nil
	}
	if match := lastDays.FindStringSubmatch(name); match != nil {
		days, err := strconv.Atoi(match[1])
		return Period{tomorrow.AddDate(0, 0, -days), tomorrow}, err
	}
	for _, written := range []struct {
		layout              string
		years, months, days int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		start, err := time.Parse(written.layout, name)
		if err != nil {
			continue
		}
		if !start.Before(tomorrow) {
			return Period{}, fmt.Errorf("%s has not begun yet", name)
		}
		end := start.AddDate(written.years, written.months, written.days)
		if end.After(tomorrow) {
			end = tomorrow
		}
		return Period{start, end}, nil
	}
	return Period{}, fmt.Errorf("%q is no period%s: use %s", name, suggest.Sentence(name, NamedPeriods), PeriodNames)
}

// Between is the period from a day to another one, both included. An empty last
// day, or one of the future, is today.
func Between(first, last string, now time.Time) (Period, error) {
	start, err := time.Parse(time.DateOnly, first)
	if err != nil {
		return Period{}, fmt.Errorf("--from must be a day such as 2026-11-01, got %q", first)
	}
	today := now.UTC().Truncate(24 * time.Hour)
	end := today
	if last != "" {
		if end, err = time.Parse(time.DateOnly, last); err != nil {
			return Period{}, fmt.Errorf("--to must be a day such as 2026-11-30, got %q", last)
		}
	}
	if start.After(now) {
		return Period{}, fmt.Errorf("%s has not begun yet (days are in UTC)", first)
	}
	if end.Before(start) {
		return Period{}, fmt.Errorf("%s is after %s", first, end.Format(time.DateOnly))
	}
	if end.After(today) {
		end = today
	}
	return Period{start, end.AddDate(0, 0, 1)}, nil
}
