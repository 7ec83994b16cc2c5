package tfkit

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// The environment variables that set the clock of openai-admin emulate and of
// its clients.
const (
	// ClockOffsetVariable sets it ahead, to rehearse later events.
	ClockOffsetVariable = "OPENAI_EMULATOR_CLOCK_OFFSET"
	// ClockSpeedVariable makes it run faster, to measure long waits in little
	// time. Its value has the factor, and the instant at which the clock agrees
	// with the real time, so that all processes have one clock:
	// 20@2026-11-27T23:00:00Z.
	ClockSpeedVariable = "OPENAI_EMULATOR_CLOCK_SPEED"
)

// MaxClockSpeed is the largest factor. Above it, the time that Terraform itself
// takes is most of what the clock shows.
const MaxClockSpeed = 100

// ClockSettings is how the clock of an emulator differs from the real time. The
// zero value is the real time.
type ClockSettings struct {
	Offset time.Duration
	// Speed is the factor, and Since the instant at which the clock agrees with
	// the real time, apart from Offset. The real speed is 0 or 1.
	Speed int
	Since time.Time
}

// ReadClockSettings reads the settings from the environment.
func ReadClockSettings(getenv func(string) string) (settings ClockSettings, err error) {
	if text := getenv(ClockOffsetVariable); text != "" {
		if settings.Offset, err = ParseDuration(text); err != nil {
			return settings, fmt.Errorf("%s is %w: it must be %s", ClockOffsetVariable, err, aDuration)
		}
	}
	if text := getenv(ClockSpeedVariable); text != "" {
		speed, since, _ := strings.Cut(text, "@")
		settings.Speed, err = strconv.Atoi(speed)
		if err == nil {
			settings.Since, err = time.Parse(time.RFC3339, since)
		}
		if err != nil || settings.Speed < 1 || settings.Speed > MaxClockSpeed {
			return settings, fmt.Errorf("%s is %q: it must be a factor from 1 to %d and an instant, such as 20@2026-11-27T23:00:00Z", ClockSpeedVariable, text, MaxClockSpeed)
		}
	}
	return settings, nil
}

// Environment returns the variables that give another process the same clock,
// as NAME=value.
func (s ClockSettings) Environment() (variables []string) {
	if s.Offset > 0 {
		variables = append(variables, ClockOffsetVariable+"="+FormatDuration(s.Offset))
	}
	if s.Speed > 1 {
		variables = append(variables, fmt.Sprintf("%s=%d@%s", ClockSpeedVariable, s.Speed, s.Since.UTC().Format(time.RFC3339)))
	}
	return variables
}

// Apply returns the clock with these settings.
func (s ClockSettings) Apply(clock transport.Clock) transport.Clock {
	if s.Speed > 1 {
		clock = transport.Scaled(clock, s.Speed, s.Since)
	}
	if s.Offset > 0 {
		clock = transport.Ahead(clock, s.Offset)
	}
	return clock
}

// EmulatorClock is the clock of a client of the API at a base URL. Only that of
// an emulator on this machine can differ from the real time: on the real API,
// keys would be rotated too early, and requests sent too fast.
func EmulatorClock(clock transport.Clock, baseURL string, getenv func(string) string) (transport.Clock, error) {
	settings, err := ReadClockSettings(getenv)
	if err != nil {
		return nil, err
	}
	if variables := settings.Environment(); len(variables) > 0 && !transport.IsLocal(baseURL) {
		name, _, _ := strings.Cut(variables[0], "=")
		return nil, fmt.Errorf("%s is set, which is for openai-admin emulate on this machine, and the base URL is %s: unset the variable", name, baseURL)
	}
	return settings.Apply(clock), nil
}
