package tfkit

import (
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const localURL = "http://127.0.0.1:8080/v1"

// fixedClock always shows the same time.
type fixedClock struct {
	transport.SystemClock
	now time.Time
}

func (c fixedClock) Now() time.Time { return c.now }

func TestEmulatorClock(t *testing.T) {
	noon := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		offset, speed string
		now           time.Time
	}{
		"real":             {"", "", noon},
		"real speed":       {"", "1@2026-11-27T11:00:00Z", noon},
		"ahead":            {"2d", "", noon.Add(48 * time.Hour)},
		"fast":             {"", "20@2026-11-27T11:00:00Z", noon.Add(19 * time.Hour)},
		"at the beginning": {"", "20@2026-11-27T13:00:00+01:00", noon},
		"both":             {"2d", "20@2026-11-27T11:00:00Z", noon.Add(67 * time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			environment := map[string]string{ClockOffsetVariable: test.offset, ClockSpeedVariable: test.speed}
			getenv := func(name string) string { return environment[name] }
			clock, err := EmulatorClock(fixedClock{now: noon}, localURL, getenv)
			if err != nil || !clock.Now().Equal(test.now) {
				t.Fatalf("%v, %v", clock, err)
			}
			// A process that gets the variables from this one has the same clock.
			settings, err := ReadClockSettings(getenv)
			if err != nil {
				t.Fatal(err)
			}
			clear(environment)
			for _, variable := range settings.Environment() {
				name, value, _ := strings.Cut(variable, "=")
				environment[name] = value
			}
			if again, err := EmulatorClock(fixedClock{now: noon}, localURL, getenv); err != nil || !again.Now().Equal(test.now) {
				t.Errorf("with %v: %v, %v", environment, again, err)
			}
		})
	}
}

func TestEmulatorClockRefuses(t *testing.T) {
	for name, test := range map[string]struct{ variable, value, baseURL, message string }{
		"no duration":         {ClockOffsetVariable, "soon", localURL, `OPENAI_EMULATOR_CLOCK_OFFSET is "soon" is not a duration`},
		"no instant":          {ClockSpeedVariable, "20", localURL, "OPENAI_EMULATOR_CLOCK_SPEED is \"20\": it must be a factor"},
		"no factor":           {ClockSpeedVariable, "fast@2026-11-27T11:00:00Z", localURL, "from 1 to 100"},
		"standing still":      {ClockSpeedVariable, "0@2026-11-27T11:00:00Z", localURL, "from 1 to 100"},
		"backwards":           {ClockSpeedVariable, "-2@2026-11-27T11:00:00Z", localURL, "from 1 to 100"},
		"too fast":            {ClockSpeedVariable, "101@2026-11-27T11:00:00Z", localURL, "from 1 to 100"},
		"ahead of the API":    {ClockOffsetVariable, "91d", "https://api.openai.com/v1", "OPENAI_EMULATOR_CLOCK_OFFSET is set"},
		"faster than the API": {ClockSpeedVariable, "20@2026-11-27T11:00:00Z", "https://api.openai.com/v1", "OPENAI_EMULATOR_CLOCK_SPEED is set, which is for openai-admin emulate on this machine"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := EmulatorClock(transport.SystemClock{}, test.baseURL, func(name string) string {
				if name == test.variable {
					return test.value
				}
				return ""
			})
			if err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("%v, want %q", err, test.message)
			}
		})
	}
}
