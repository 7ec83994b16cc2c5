package emulator

import (
	"fmt"
	"net/http"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// Profile is how fast the organization answers.
type Profile string

// The profiles.
const (
	// ProfileFast never throttles.
	ProfileFast Profile = "fast"
	// ProfileOpenAI throttles as the real API was measured to do: 7 requests a
	// minute for each endpoint, and 429 without any hint.
	// https://github.com/mkdev-me/terraform-provider-openai/pull/76
	ProfileOpenAI Profile = "openai"
)

const requestsPerMinute = 7

func (p Profile) throttle() (*throttle, error) {
	switch p {
	case "", ProfileFast:
		return &throttle{}, nil
	case ProfileOpenAI:
		return &throttle{limit: requestsPerMinute, served: map[string][]time.Time{}}, nil
	default:
		return nil, fmt.Errorf("unknown profile %q: use %s or %s", p, ProfileFast, ProfileOpenAI)
	}
}

// throttle counts the requests of the last minute for each endpoint.
type throttle struct {
	limit  int
	served map[string][]time.Time
}

// before counts a request to an endpoint of the Administration API before its
// caller is known.
func (t *throttle) before(route string, r *api.Request) error {
	err := t.admit(route, r.Time)
	if err != nil && r.Behavior.SendRetryAfter {
		r.Reply.Set("Retry-After", "10")
	}
	return err
}

func (t *throttle) admit(endpoint string, now time.Time) error {
	if t.limit == 0 {
		return nil
	}
	recent := t.served[endpoint]
	for len(recent) > 0 && now.Sub(recent[0]) >= time.Minute {
		recent = recent[1:]
	}
	if len(recent) >= t.limit {
		t.served[endpoint] = recent
		return &api.Error{Status: http.StatusTooManyRequests, Type: "requests", Message: "You are making too many requests, please slow down."}
	}
	t.served[endpoint] = append(recent, now)
	return nil
}

func (t *throttle) forget() { clear(t.served) }
