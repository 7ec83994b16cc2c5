package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestStatusFormats(t *testing.T) {
	organizationWith(t, small)
	for format, words := range map[string]string{
		"table":    "│ shop            │  0.00 │     – │",
		"markdown": "| shop | 0.00 | – |",
		"json":     `"name": "shop",`,
	} {
		out, errOut, status, err := companion("status", "--format", format)
		if status != 0 || !strings.Contains(out, words) || errOut != "" || strings.Contains(out, "\x1b") {
			t.Errorf("%s: %v, %q: %s", format, err, errOut, out)
		}
	}
	for args, message := range map[string]string{
		"--format=tabel":          `--format must be one of table, json, markdown, got "tabel"; did you mean "table"?`,
		"--watch --interval=1s":   "--interval must be at least 10s, got 1s",
		"--key-days=0":            "--key-days must be at least 1, got 0",
		"--key-days=5 everything": "unknown command",
	} {
		if out, _, status, err := companion(append([]string{"status"}, strings.Fields(args)...)...); status != 1 || !strings.Contains(err.Error(), message) || out != "" {
			t.Errorf("%s: status %d, %v", args, status, err)
		}
	}
}

func TestColors(t *testing.T) {
	for name, test := range map[string]struct {
		terminal bool
		env      map[string]string
		want     bool
	}{
		"a terminal":              {true, nil, true},
		"a file":                  {false, nil, false},
		"NO_COLOR":                {true, map[string]string{"NO_COLOR": "1"}, false},
		"an empty NO_COLOR":       {true, map[string]string{"NO_COLOR": ""}, true},
		"a terminal without them": {true, map[string]string{"TERM": "dumb"}, false},
	} {
		lookup := func(variable string) (string, bool) { value, set := test.env[variable]; return value, set }
		if usesColors(test.terminal, lookup) != test.want {
			t.Errorf("%s: the answer is not %v", name, test.want)
		}
	}
}

// A watch shows again at each tick, reports later failures, and ends with its
// context.
func TestWatch(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ticks, shown := make(chan time.Time, 3), 0
	for range 3 {
		ticks <- time.Time{}
	}
	var errOut bytes.Buffer
	err := watch(ctx, ticks, &errOut, func() error {
		shown++
		switch shown {
		case 2:
			return errors.New("throttled")
		case 4:
			cancel()
			return context.Canceled
		}
		return nil
	})
	if err != nil || shown != 4 || errOut.String() != "openai-admin: throttled\n" {
		t.Errorf("%v after %d, with %q", err, shown, errOut.String())
	}
	if err := watch(t.Context(), nil, &errOut, func() error { return errors.New("no key") }); err == nil || err.Error() != "no key" {
		t.Errorf("the first failure is %v", err)
	}
}
