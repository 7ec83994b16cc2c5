package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// What throttling has cost is told once in a run, and only when it was much.
func TestThrottlingIsToldOnce(t *testing.T) {
	for _, test := range []struct {
		profile emulator.Profile
		told    int
	}{{emulator.ProfileFast, 0}, {emulator.ProfileOpenAI, 1}} {
		t.Run(string(test.profile), func(t *testing.T) {
			clock := acctest.NewClock()
			b := acctest.Start(t, func(o *emulator.Options) { o.Now, o.Profile = clock.Now, test.profile })
			driver := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
			var told []string
			for i := range 40 {
				_, diags := driver.Apply(t, "openai_project", nil, map[string]any{"name": fmt.Sprint("p", i)})
				for _, d := range diags {
					told = append(told, d.Summary+"\n"+d.Detail)
				}
			}
			if len(told) != test.told {
				t.Fatalf("told %d times: %q", len(told), told)
			}
			if test.told > 0 && (!strings.Contains(told[0], "The API's rate limits have cost time") || !strings.Contains(told[0], "for POST /organization/projects.")) {
				t.Errorf("told: %s", told[0])
			}
		})
	}
}
