package metering

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// rates holds the remainder of each rate limit. Like the real ones they refill
// all the time, so that a limit of 60 a minute gives one back every second.
type rates map[rateKey]*bucket

// rateKey is a limit on something. The limit itself is a part of it: one that
// is changed begins again.
type rateKey struct {
	scope, model string
	measure      *measure
	limit        int64
}

type bucket struct {
	*rate.Limiter
	limit int64
}

// measure is something that is limited.
type measure struct {
	window time.Duration
	// unit is the type of its errors and its name in the headers.
	unit string
	// name is how messages call it.
	name   string
	of     func(store.RateLimit) *int64
	amount func(Call) int64
}

var measures = []*measure{
	{
		time.Minute, "requests", "requests per min (RPM)",
		func(l store.RateLimit) *int64 { return &l.RequestsPerMinute }, func(Call) int64 { return 1 },
	},
	{
		24 * time.Hour, "requests", "requests per day (RPD)",
		func(l store.RateLimit) *int64 { return l.RequestsPerDay }, func(Call) int64 { return 1 },
	},
	{
		time.Minute, "tokens", "tokens per min (TPM)",
		func(l store.RateLimit) *int64 { return &l.TokensPerMinute }, func(c Call) int64 { return c.Input + c.Output },
	},
	{
		time.Minute, "images", "images per min (IPM)",
		func(l store.RateLimit) *int64 { return l.ImagesPerMinute }, func(c Call) int64 { return c.Images },
	},
}

// want is the amount that a call takes from one limit.
type want struct {
	*bucket
	measure *measure
	n       int64
}

// admit takes the amounts of a call from the limits of its project and of the
// organization, from all of them or from none. The headers show the project's.
func (b rates) admit(r *api.Request, c Call) error {
	ofProject, err := r.Tx.ProjectRateLimit(r.Key.ProjectID, c.Model)
	if err != nil {
		return err
	}
	ofOrganization, err := r.Tx.ModelLimit(c.Model)
	if err != nil {
		return err
	}
	wants := append(b.wants(r.Key.ProjectID, ofProject, c), b.wants(store.Organization, ofOrganization, c)...)
	for _, w := range wants {
		if w.TokensAt(r.Time) < float64(w.n) {
			writeHeaders(r, wants)
			return w.refuse(r, c.Model)
		}
	}
	for _, w := range wants {
		w.AllowN(r.Time, int(w.n))
	}
	writeHeaders(r, wants)
	return nil
}

func (b rates) wants(scope string, limits store.RateLimit, c Call) (wants []want) {
	for _, m := range measures {
		limit := m.of(limits)
		if limit == nil {
			continue
		}
		key := rateKey{scope, limits.Model, m, *limit}
		if b[key] == nil {
			b[key] = &bucket{rate.NewLimiter(rate.Limit(float64(*limit)/m.window.Seconds()), int(*limit)), *limit}
		}
		wants = append(wants, want{b[key], m, m.amount(c)})
	}
	return wants
}

// writeHeaders writes one set of headers for requests and one for tokens: those
// of the project's limits by the minute.
func writeHeaders(r *api.Request, wants []want) {
	written := map[string]bool{}
	for _, w := range wants {
		unit := w.measure.unit
		if written[unit] || unit == "images" {
			continue
		}
		written[unit] = true
		left := max(0, int64(math.Floor(w.TokensAt(r.Time))))
		r.Reply.Set("X-Ratelimit-Limit-"+unit, strconv.FormatInt(w.limit, 10))
		r.Reply.Set("X-Ratelimit-Remaining-"+unit, strconv.FormatInt(left, 10))
		r.Reply.Set("X-Ratelimit-Reset-"+unit, w.until(r, w.limit).String())
	}
}

// until is how long it takes until there is this much again.
func (w want) until(r *api.Request, n int64) time.Duration {
	missing := float64(n) - w.TokensAt(r.Time)
	if missing <= 0 || w.limit == 0 {
		return 0
	}
	return time.Duration(math.Ceil(missing/float64(w.Limit())*1000)) * time.Millisecond
}

func (w want) refuse(r *api.Request, model string) error {
	answer := &api.Error{Status: http.StatusTooManyRequests, Type: w.measure.unit, Code: "rate_limit_exceeded"}
	if w.n > w.limit {
		answer.Message = fmt.Sprintf("Request too large for %s in organization %s on %s: Limit %d, Requested %d. "+
			"The input or output tokens must be reduced in order to run successfully. Visit https://platform.openai.com/account/rate-limits to learn more.",
			model, r.Organization, w.measure.name, w.limit, w.n)
		return answer
	}
	wait := w.until(r, w.n)
	r.Reply.Set("Retry-After", strconv.FormatInt(int64(math.Ceil(wait.Seconds())), 10))
	r.Reply.Set("Retry-After-Ms", strconv.FormatInt(wait.Milliseconds(), 10))
	used := w.limit - int64(math.Floor(w.TokensAt(r.Time)))
	answer.Message = fmt.Sprintf("Rate limit reached for %s in organization %s on %s: Limit %d, Used %d, Requested %d. Please try again in %s. "+
		"Visit https://platform.openai.com/account/rate-limits to learn more.", model, r.Organization, w.measure.name, w.limit, used, w.n, wait)
	return answer
}
