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

// ParseDuration reads a duration such as 90d, 1d12h, 30m or 0s: days, and
// then what time.ParseDuration reads.
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
	if err != nil || days > maxDays || rest < 0 || rest > maxDays*day {
		return 0, fmt.Errorf("%q is no duration", text)
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

// DurationBetween accepts a duration such as 90d, 12h or 30m, in whole seconds
// and within these bounds.
func DurationBetween(least, most time.Duration) validator.String {
	bounds := fmt.Sprintf("from %s to %s", FormatDuration(least), FormatDuration(most))
	return stringRule{"a duration such as 90d, 12h or 30m, " + bounds, func(value string) string {
		d, err := ParseDuration(value)
		switch {
		case err != nil:
			return fmt.Sprintf("must be a duration such as 90d, 12h or 30m, got %q", value)
		case d%time.Second != 0:
			return fmt.Sprintf("must be a duration of whole seconds, got %q", value)
		case d < least || d > most:
			return fmt.Sprintf("must be a duration %s, got %q", bounds, value)
		default:
			return ""
		}
	}}
}
