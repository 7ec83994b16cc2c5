package transport

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// longestHint bounds how long a server may ask to wait. Longer is no hint.
const longestHint = 24 * time.Hour

// retryHint returns how long the server asks to wait, 0 without a usable hint.
func retryHint(response *http.Response, serverNow time.Time) time.Duration {
	if response == nil {
		return 0
	}
	if hint := hintIn(response.Header.Get("Retry-After-Ms"), time.Millisecond); hint > 0 {
		return hint
	}
	value := response.Header.Get("Retry-After")
	if at, err := http.ParseTime(value); err == nil {
		if hint := at.Sub(serverNow); hint > 0 && hint <= longestHint {
			return hint
		}
		return 0
	}
	return hintIn(value, time.Second)
}

// hasHint reports whether the server says how long to wait, usable or not.
func hasHint(response *http.Response) bool {
	return response != nil && (len(response.Header.Values("Retry-After")) > 0 || len(response.Header.Values("Retry-After-Ms")) > 0)
}

// hintIn reads a hint in a unit. NaN, infinite, negative and too long hints
// count as none.
func hintIn(value string, unit time.Duration) time.Duration {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(number) || number <= 0 || number > float64(longestHint/unit) {
		return 0
	}
	return time.Duration(number * float64(unit))
}

// patience is how long one call still waits because the server refuses it or
// fails. The time that the call waits for its turn does not count.
type patience struct {
	max time.Duration
	// refused is the wait for the current streak of refusals, failed the wait
	// before retries.
	refused, failed time.Duration
}

// spend takes a pause from the rest of a wait, and reports whether that
// suffices.
func (p *patience) spend(waited *time.Duration, pause time.Duration) bool {
	if pause > p.max-*waited {
		return false
	}
	*waited += pause
	return true
}
