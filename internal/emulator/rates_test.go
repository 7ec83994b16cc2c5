package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// limitRates sets the rate limits of a project for a model.
func (o *organization) limitRates(t *testing.T, project, model, limits string) {
	t.Helper()
	o.do(t, "POST", "/organization/projects/"+project+"/rate_limits/rl-"+model, limits)
}

func TestRequestsAreLimited(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	dev, prod := o.application(t, o.project(t, "dev")), o.application(t, o.project(t, "prod"))
	o.limitRates(t, dev.project, "gpt-4o-mini", `{"max_requests_per_1_minute":3}`)
	for _, left := range []string{"2", "1", "0"} {
		got := dev.send(t, "POST", "/v1"+chat, hello)
		expect(t, "status", fmt.Sprint(got.status), "200")
		expect(t, "limit", got.header.Get("x-ratelimit-limit-requests"), "3")
		expect(t, "remaining", got.header.Get("x-ratelimit-remaining-requests"), left)
	}
	got := dev.send(t, "POST", "/v1"+chat, hello)
	failure := got.object(t).object("error")
	expect(t, "status", fmt.Sprint(got.status), "429")
	expect(t, "code", failure.text("code"), "rate_limit_exceeded")
	expect(t, "type", failure.text("type"), "requests")
	contains(t, failure.text("message"), "Rate limit reached for gpt-4o-mini in organization org-emulator on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s.")
	expect(t, "reset", got.header.Get("x-ratelimit-reset-requests"), "1m0s")
	expect(t, "retry", got.header.Get("retry-after")+" "+got.header.Get("retry-after-ms"), "20 20000")

	// Other models and other projects have limits of their own.
	dev.do(t, "POST", chat, ask("gpt-4o", "Hello"))
	prod.do(t, "POST", chat, hello)
	// The limit refills bit by bit.
	clock.advance(20 * time.Second)
	dev.do(t, "POST", chat, hello)
	dev.refused(t, 429, "POST", chat, hello)
	// A raised limit holds at once.
	o.limitRates(t, dev.project, "gpt-4o-mini", `{"max_requests_per_1_minute":5}`)
	dev.do(t, "POST", chat, hello)
	o.limitRates(t, dev.project, "gpt-4o-mini", `{"max_requests_per_1_minute":0}`)
	dev.refused(t, 429, "POST", chat, hello)
}

func TestTokensAreLimited(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	dev := o.application(t, o.project(t, "dev"))
	used := dev.do(t, "POST", chat, hello).object("usage").text("total_tokens")
	o.limitRates(t, dev.project, "gpt-4o-mini", `{"max_tokens_per_1_minute":`+used+`}`)
	got := dev.send(t, "POST", "/v1"+chat, hello)
	expect(t, "limit", got.header.Get("x-ratelimit-limit-tokens")+" "+got.header.Get("x-ratelimit-remaining-tokens"), used+" 0")
	failure := dev.refused(t, 429, "POST", chat, hello)
	expect(t, "type", failure.text("type"), "tokens")
	contains(t, failure.text("message"), "tokens per min (TPM): Limit "+used+", Used "+used)
	clock.advance(time.Minute)
	dev.do(t, "POST", chat, hello)
	contains(t, dev.refused(t, 429, "POST", chat, ask("gpt-4o-mini", strings.Repeat("long ", 100))).text("message"), "Request too large for gpt-4o-mini")
}

func TestDaysAndImagesAreLimited(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	dev := o.application(t, o.project(t, "dev"))
	o.limitRates(t, dev.project, "gpt-4o-mini", `{"max_requests_per_1_day":2}`)
	dev.do(t, "POST", chat, hello)
	clock.advance(time.Minute)
	dev.do(t, "POST", chat, hello)
	clock.advance(time.Minute)
	contains(t, dev.refused(t, 429, "POST", chat, hello).text("message"), "requests per day (RPD): Limit 2")
	clock.advance(12 * time.Hour)
	dev.do(t, "POST", chat, hello)

	draw := func(n int) string {
		return fmt.Sprintf(`{"model":"gpt-image-1","prompt":"A fox","quality":"low","n":%d}`, n)
	}
	dev.do(t, "POST", "/images/generations", draw(4))
	contains(t, dev.refused(t, 429, "POST", "/images/generations", draw(2)).text("message"), "images per min (IPM): Limit 5, Used 4, Requested 2")
	dev.do(t, "POST", "/images/generations", draw(1))
}

// The projects together cannot have more than the organization.
func TestTheOrganizationIsLimited(t *testing.T) {
	organization := unused()
	for i := range organization.Models {
		organization.Models[i].RequestsPerMinute = 3
	}
	o := start(t, emulator.Options{Seed: organization, Now: newClock().Now})
	dev, prod := o.application(t, o.project(t, "dev")), o.application(t, o.project(t, "prod"))
	dev.do(t, "POST", chat, hello)
	dev.do(t, "POST", chat, hello)
	prod.do(t, "POST", chat, hello)
	prod.refused(t, 429, "POST", chat, hello)
}
