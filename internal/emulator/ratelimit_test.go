package emulator_test

import (
	"fmt"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

func TestRateLimits(t *testing.T) {
	o := start(t, emulator.Options{})
	dev, prod := "/organization/projects/"+o.project(t, "dev"), "/organization/projects/"+o.project(t, "prod")
	limit := func(project, model string) object {
		for _, l := range o.do(t, "GET", project+"/rate_limits", "").list("data") {
			if l.text("model") == model {
				return l
			}
		}
		t.Fatalf("no rate limit for %s", model)
		return nil
	}
	// Clients ask for all limits in one page.
	expect(t, "limits in a page of a thousand", fmt.Sprint(len(o.do(t, "GET", dev+"/rate_limits?limit=1000", "").list("data"))), "7")
	expect(t, "param", o.refused(t, 400, "GET", dev+"/rate_limits?limit=1001", "").text("param"), "limit")
	before := limit(dev, "gpt-image-1")
	expect(t, "id", before.text("id"), "rl-gpt-image-1")
	expect(t, "images", before.text("max_images_per_1_minute"), "5")
	if _, present := limit(dev, "gpt-4o")["max_images_per_1_minute"]; present {
		t.Error("a model without images has a limit for them")
	}
	changed := o.do(t, "POST", dev+"/rate_limits/rl-gpt-image-1", `{"max_images_per_1_minute":2}`)
	expect(t, "images", changed.text("max_images_per_1_minute"), "2")
	expect(t, "requests", changed.text("max_requests_per_1_minute"), before.text("max_requests_per_1_minute"))
	expect(t, "images of the other project", limit(prod, "gpt-image-1").text("max_images_per_1_minute"), "5")
	for body, param := range map[string]string{
		`{"max_images_per_1_minute":6}`:  "max_images_per_1_minute",
		`{"max_images_per_1_minute":-1}`: "max_images_per_1_minute",
		`{"max_requests_per_1_day":1}`:   "max_requests_per_1_day",
	} {
		expect(t, "param", o.refused(t, 400, "POST", dev+"/rate_limits/rl-gpt-image-1", body).text("param"), param)
	}
	// These endpoints send some errors without the envelope.
	for _, request := range [][2]string{{"GET", "/organization/projects/proj_none/rate_limits"}, {"POST", dev + "/rate_limits/rl-none"}} {
		got := o.send(t, request[0], "/v1"+request[1], "{}")
		expect(t, "status", fmt.Sprint(got.status), "404")
		expect(t, "code", got.object(t).text("code"), "404")
		contains(t, got.object(t).text("message"), "was not found")
	}
}
