package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Where terraform init finds the provider.
const (
	address = "registry.terraform.io/allthingsai/openai"
	version = "0.0.1"
)

// mirror makes a folder from which terraform init installs the provider, and
// returns the path of the program there. Development overrides would do
// without it, but not with a backend.
func (b *bench) mirror(provider string) (program string, err error) {
	folder, config := filepath.Join(b.folder, "mirror"), filepath.Join(b.folder, "mirror.tfrc")
	program = filepath.Join(folder, filepath.FromSlash(address), version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-openai_v"+version)
	if err := os.MkdirAll(filepath.Dir(program), 0o700); err != nil {
		return "", err
	}
	content, err := os.ReadFile(provider)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(program, content, 0o700); err != nil { //nolint:gosec // it is a program
		return "", err
	}
	b.environment["TF_CLI_CONFIG_FILE"] = config
	return program, os.WriteFile(config, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", folder), 0o600)
}

// states is a remote backend as teams have one. Terraform writes a state file
// on disk again after each object, which takes longer than the objects
// themselves where there are a thousand.
type states struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func newStates() *states { return &states{kept: map[string][]byte{}} }

// duplicate gives a state a second name.
func (s *states) duplicate(name, other string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[other] = s.kept[name]
}

func (s *states) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method {
	case http.MethodGet:
		state, ok := s.kept[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(state)
	case http.MethodPost:
		state, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.kept[name] = state
	default:
		http.Error(w, "only GET and POST", http.StatusMethodNotAllowed)
	}
}
