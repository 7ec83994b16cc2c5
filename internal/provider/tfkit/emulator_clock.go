package tfkit

import (
	"fmt"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// ClockOffsetVariable is the environment variable that sets the clock of
// openai-admin emulate and of its clients ahead, to rehearse later events.
const ClockOffsetVariable = "OPENAI_EMULATOR_CLOCK_OFFSET"

// ClockOffset is how far the clock of the emulator is ahead.
func ClockOffset(getenv func(string) string) (time.Duration, error) {
	text := getenv(ClockOffsetVariable)
	if text == "" {
		return 0, nil
	}
	offset, err := ParseDuration(text)
	if err != nil {
		err = fmt.Errorf("%s is %w: it must be %s", ClockOffsetVariable, err, aDuration)
	}
	return offset, err
}

// EmulatorClock is the clock of a client of the API at a base URL. Only that of
// an emulator on this machine can be ahead: on the real API, keys would be
// rotated too early.
func EmulatorClock(clock transport.Clock, baseURL string, getenv func(string) string) (transport.Clock, error) {
	offset, err := ClockOffset(getenv)
	switch {
	case err != nil:
		return nil, err
	case offset == 0:
		return clock, nil
	case !transport.IsLocal(baseURL):
		return nil, fmt.Errorf("%s is set, which is for openai-admin emulate on this machine, and the base URL is %s: unset the variable", ClockOffsetVariable, baseURL)
	}
	return transport.Ahead(clock, offset), nil
}
