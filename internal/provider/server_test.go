package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// The waiting time is reported once in a plan or apply, and only from a minute.
func TestThrottlingIsReportedOnce(t *testing.T) {
	for _, test := range []struct {
		profile  emulator.Profile
		warnings int
	}{{emulator.ProfileFast, 0}, {emulator.ProfileOpenAI, 1}} {
		t.Run(string(test.profile), func(t *testing.T) {
			clock := acctest.NewClock()
			b := acctest.Start(t, func(o *emulator.Options) { o.Now, o.Profile = clock.Now, test.profile })
			driver := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
			var warnings []string
			for i := range 40 {
				_, diags := driver.Apply(t, "openai_project", nil, map[string]any{"name": fmt.Sprint("p", i)})
				for _, d := range diags {
					warnings = append(warnings, d.Summary+"\n"+d.Detail)
				}
			}
			if len(warnings) != test.warnings {
				t.Fatalf("%d warnings: %q", len(warnings), warnings)
			}
			if test.warnings > 0 && (!strings.Contains(warnings[0], "Requests waited for the API's rate limits") || !strings.Contains(warnings[0], "for POST /organization/projects.")) {
				t.Errorf("unexpected warning: %s", warnings[0])
			}
		})
	}
}
