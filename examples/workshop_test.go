package examples_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

var workshopFolder, workshopConfig string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "openai-workshop-")
	if err != nil {
		panic(err)
	}
	workshopFolder = folder
	status := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(status)
}

// buildWorkshop makes, once, what a shell needs to follow a guide or a
// workflow: terraform, openai-admin, and the provider where init finds it
// without a registry.
var buildWorkshop = sync.OnceValue(func() error {
	bin := filepath.Join(workshopFolder, "bin")
	if err := os.MkdirAll(bin, 0o750); err != nil {
		return err
	}
	mirror, err := acctest.MakeMirror(context.Background(), workshopFolder)
	if err != nil {
		return err
	}
	companion, err := acctest.Build(context.Background(), "openai-admin")
	if err != nil {
		return err
	}
	workshopConfig = mirror.Config
	return errors.Join(os.Symlink(mirror.Terraform, filepath.Join(bin, "terraform")), os.Symlink(companion, filepath.Join(bin, "openai-admin")))
})

// shell runs scripts in a folder, one after the other, as a person at a terminal
// or a runner does.
type shell struct {
	folder string
	env    map[string]string
}

func newShell(t *testing.T, folder string) *shell {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	if err := buildWorkshop(); err != nil {
		t.Fatal(err)
	}
	return &shell{folder, map[string]string{
		"PATH":               filepath.Join(workshopFolder, "bin") + ":" + os.Getenv("PATH"),
		"HOME":               t.TempDir(),
		"TF_CLI_CONFIG_FILE": workshopConfig,
		"CHECKPOINT_DISABLE": "1",
		"TF_CLI_ARGS":        "-no-color",
		"GIT_AUTHOR_NAME":    "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
	}}
}

// try runs a script and returns what it said and its status.
func (s *shell) try(t *testing.T, script string) (string, int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script)
	command.Dir = s.folder
	for name, value := range s.env {
		command.Env = append(command.Env, name+"="+value)
	}
	// What a script leaves running ends with the test.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := command.CombinedOutput()
	if command.Process == nil {
		t.Fatal(err)
	}
	group := command.Process.Pid
	t.Cleanup(func() { _ = syscall.Kill(-group, syscall.SIGTERM) })
	return string(out), command.ProcessState.ExitCode()
}

func (s *shell) run(t *testing.T, script string) string {
	t.Helper()
	out, status := s.try(t, script)
	if status != 0 {
		t.Fatalf("status %d of:\n%s\n%s", status, script, out)
	}
	return out
}

// freePort is an unused port of this machine.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	_, port, _ := strings.Cut(listener.Addr().String(), ":")
	return port
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
