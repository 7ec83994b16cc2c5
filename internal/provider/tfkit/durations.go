package tfkit

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

const day = 24 * time.Hour

// maxDays keeps durations far from overflowing.
const maxDays = 36_500

var daysPattern = regexp.MustCompile(`^([0-9]{1,6})d(.*)$`)

// ParseDuration reads a duration such as 90d, 1d12h, 30m or 0s: days, followed
// by a duration of time.ParseDuration. It reads every duration in a
// configuration.
func ParseDuration(text string) (time.Duration, error) {
	var days int
	if found := daysPattern.FindStringSubmatch(text); found != nil {
		days, _ = strconv.Atoi(found[1]) // the pattern has seen digits
		text = found[2]
		if text == "" {
			text = "0"
		}
	}
	rest, err := time.ParseDuration(text)
	if err != nil || strings.ContainsAny(text, "+-") || days > maxDays || rest > maxDays*day {
		return 0, fmt.Errorf("%q is not a duration", text)
	}
	return time.Duration(days)*day + rest, nil
}

// FormatDuration is the short form of a duration: 90d, 36h, 5m.
func FormatDuration(d time.Duration) string {
	if d > 0 && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// aDuration describes valid durations in the messages of validators.
const aDuration = "a duration such as 30m, 12h or 7d"

// PositiveDuration accepts a duration longer than 0s.
func PositiveDuration() validator.String {
	const positive = aDuration + ", longer than 0s"
	return stringRule{positive, func(value string) string {
		if d, err := ParseDuration(value); err != nil || d == 0 {
			return fmt.Sprintf("must be "+positive+", got %q", value)
		}
		return ""
	}}
}

// DurationBetween accepts a duration of whole seconds within these bounds.
func DurationBetween(least, most time.Duration) validator.String {
	bounds := fmt.Sprintf("from %s to %s", FormatDuration(least), FormatDuration(most))
	return stringRule{aDuration + ", " + bounds, func(value string) string {
		d, err := ParseDuration(value)
		switch {
		case err != nil:
			return fmt.Sprintf("must be "+aDuration+", got %q", value)
		case d%time.Second != 0:
			return fmt.Sprintf("must be a duration of whole seconds, got %q", value)
		case d < least || d > most:
			return fmt.Sprintf("must be a duration %s, got %q", bounds, value)
		default:
			return ""
		}
	}}
}
