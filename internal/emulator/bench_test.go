//go:build unix

package emulator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// processorTime is the time that this process has used on all cores. Unlike the
// time on the clock it does not depend on other processes.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkRequests measures the requests that one core serves, without the
// network.
func BenchmarkRequests(b *testing.B) {
	server, err := emulator.New(emulator.Options{Seed: busy()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Close(); err != nil {
			b.Error(err)
		}
	})
	send := func(b *testing.B, key, method, path, body string) string {
		r := httptest.NewRequestWithContext(b.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		answer, err := io.ReadAll(w.Body)
		if err != nil || w.Code != http.StatusOK {
			b.Fatalf("%s %s: %d %s", method, path, w.Code, answer)
		}
		return string(answer)
	}
	field := func(answer, name string) string {
		_, rest, _ := strings.Cut(answer, `"`+name+`":"`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	admin := server.AdminKey()
	const projects = "/v1/organization/projects"
	project := field(send(b, admin, "POST", projects, `{"name":"dev"}`), "id")
	secret := field(send(b, admin, "POST", projects+"/"+project+"/service_accounts", `{"name":"app"}`), "value")
	for _, test := range []struct{ name, key, method, path, body string }{
		{"read", admin, "GET", projects + "/" + project, ""},
		{"write", admin, "POST", projects + "/" + project, `{"name":"dev"}`},
		{"list", admin, "GET", projects + "/" + project + "/rate_limits", ""},
		{"call", secret, "POST", "/v1/chat/completions", hello},
	} {
		b.Run(test.name, func(b *testing.B) {
			send(b, test.key, test.method, test.path, test.body) // loads the data of the first use
			began := processorTime(b)
			for b.Loop() {
				send(b, test.key, test.method, test.path, test.body)
			}
			b.ReportMetric(float64(b.N)/(processorTime(b)-began).Seconds(), "requests/core-second")
		})
	}
}

// BenchmarkStart measures how long it takes until an organization can be
// asked, without the start of the process.
func BenchmarkStart(b *testing.B) {
	began := processorTime(b)
	defer func() { b.ReportMetric(float64((processorTime(b)-began).Milliseconds())/float64(b.N), "core-ms/op") }()
	for b.Loop() {
		server, err := emulator.New(emulator.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := server.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
