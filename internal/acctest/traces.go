package acctest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Every acceptance test runs with all logs that there are, of Terraform and of
// the provider, and no secret that its emulator gave out may be in them.

// secretsGiven finds the secrets in an answer.
var secretsGiven = regexp.MustCompile(`"(sk-[A-Za-z0-9_-]{20,}|whsec_[A-Za-z0-9+/=]{20,})"`)

// logFolder holds a log for each test of this process.
var logFolder = sync.OnceValue(func() string {
	folder, err := os.MkdirTemp("", "acctest-logs-")
	if err != nil {
		panic(err)
	}
	for name, value := range map[string]string{
		"TF_LOG": "TRACE", "TF_ACC_LOG": "TRACE", "TF_LOG_PATH_MASK": filepath.Join(folder, "%s.log"),
		// The test framework itself writes down the configuration, key included.
		"TF_LOG_SDK_HELPER_RESOURCE": "OFF",
		// Terraform starts thousands of times, and ends before it is worth
		// collecting garbage: a sixth of the time.
		"GOGC": "off", "GOMEMLIMIT": "1GiB",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	return folder
})

// secrets are those that an emulator has given out.
type secrets struct {
	mu    sync.Mutex
	given []string
	shown bool // by the test itself
}

func (s *secrets) add(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given = append(s.given, secret)
}

// in lists the secrets that a text holds, shortened.
func (s *secrets) in(text string) (found []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range s.given {
		if strings.Contains(text, secret) {
			found = append(found, secret[:12]+"…")
		}
	}
	return found
}

// check reads the logs of a test and its parts, and removes them.
func (s *secrets) check(t *testing.T) {
	t.Helper()
	name := strings.ReplaceAll(t.Name(), "/", "__")
	for _, pattern := range []string{name + ".log", name + "__*.log"} {
		paths, err := filepath.Glob(filepath.Join(logFolder(), pattern))
		if err != nil {
			t.Error(err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Error(err)
			}
			for _, secret := range s.in(string(content)) {
				if s.shown {
					break
				}
				t.Errorf("%s is in the log %s", secret, path)
			}
			if !t.Failed() {
				_ = os.Remove(path)
			}
		}
	}
}

// Tap shows each answer of a handler to an observer before it is sent, one at a
// time.
func Tap(next http.Handler, observe func(r *http.Request, body []byte)) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		mu.Lock()
		observe(r, answer.Body.Bytes())
		mu.Unlock()
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}
