package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadAhead(t *testing.T) {
	for name, test := range map[string]struct {
		log              []string
		requests, unused int
		known            bool
	}{
		"nothing": {[]string{
			`2026-11-27T23:47:08.255Z [INFO]  provider: configuring client automatic mTLS`,
			`2026-11-27T23:47:08.305Z [INFO]  provider: plugin process exited: plugin=/tmp/p id=28913`,
		}, 0, 0, false},
		"two processes, the last line of each": {[]string{
			`2026-11-27T23:47:08.255Z [INFO]  provider: configuring client automatic mTLS`,
			`2026-11-27T23:47:09.000Z [INFO]  provider.terraform-provider-openai: read ahead in all: requests=3 unused=3 timestamp=2026-11-27T23:47:09.000Z`,
			`2026-11-27T23:47:10.000Z [INFO]  provider.terraform-provider-openai: read ahead in all: @caller=/x.go:12 requests=120 tf_rpc=ReadResource unused=4`,
			`2026-11-27T23:47:11.255Z [INFO]  provider: configuring client automatic mTLS`,
			`2026-11-27T23:47:12.000Z [INFO]  provider.terraform-provider-openai: read ahead in all: requests=10 unused=1`,
		}, 130, 5, true},
		"JSON": {[]string{
			`{"@level":"info","@message":"configuring client automatic mTLS","@module":"provider"}`,
			`{"@level":"info","@message":"read ahead in all","@module":"provider.terraform-provider-openai","requests":7,"unused":0}`,
		}, 7, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "log")
			if err := os.WriteFile(file, []byte(strings.Join(test.log, "\n")), 0o600); err != nil {
				t.Fatal(err)
			}
			requests, unused, known, err := readAhead(file)
			if err != nil || requests != test.requests || unused != test.unused || known != test.known {
				t.Errorf("%d, %d, %v, %v", requests, unused, known, err)
			}
		})
	}
}

// Seven requests go at once, the eighth a minute later.
func TestLeastMinutes(t *testing.T) {
	for requests, want := range map[int]int{1: 0, 7: 0, 8: 1, 14: 1, 15: 2, 100: 14} {
		if got := leastMinutes(requests); got != want {
			t.Errorf("%d requests: %d minutes, want %d", requests, got, want)
		}
	}
}
