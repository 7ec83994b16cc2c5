package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

// Mirror is a folder of providers with the provider's own program in it, from
// which a real Terraform installs it.
type Mirror struct {
	// Terraform is the program, Config the settings with which it installs
	// providers from the mirror and from nowhere else.
	Terraform, Config string
}

// namespaces are those under which the program is in the mirror: its own, and
// those of the providers that people come from.
var namespaces = []string{"allthingsai", "openai", "jianyuan", "mkdev-me"}

// Build builds terraform-provider-openai or openai-admin into the repository's
// folder build, and returns the path. Go does not link a program again that is
// up to date, so that the tests of all packages link each program once.
func Build(ctx context.Context, name string) (program string, err error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	folder := strings.TrimSpace(string(root))
	source := folder
	if name != "terraform-provider-openai" {
		source = filepath.Join(folder, "cmd", name)
	}
	program = filepath.Join(folder, "build", "acctest", name)
	build := exec.CommandContext(ctx, "go", "build", "-o", program, source)
	build.Env = append(os.Environ(), "GOGC=100") // see logFolder
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w: %s", source, err, out)
	}
	return program, nil
}

// NewMirror makes a mirror for a test. Without TF_ACC, the test is skipped.
func NewMirror(t *testing.T) *Mirror {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	m, err := MakeMirror(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// MakeMirror makes a mirror in a folder, of the provider that it builds.
func MakeMirror(ctx context.Context, folder string) (*Mirror, error) {
	m := &Mirror{Terraform: os.Getenv("TF_ACC_TERRAFORM_PATH"), Config: filepath.Join(folder, "terraformrc")}
	if m.Terraform == "" {
		var err error
		if m.Terraform, err = exec.LookPath("terraform"); err != nil {
			return nil, err
		}
	}
	program, err := Build(ctx, "terraform-provider-openai")
	if err != nil {
		return nil, err
	}
	providers := filepath.Join(folder, "providers")
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		for _, namespace := range namespaces {
			folder := filepath.Join(providers, registry, namespace, "openai", "99.0.0", runtime.GOOS+"_"+runtime.GOARCH)
			if err := os.MkdirAll(folder, 0o750); err != nil {
				return nil, err
			}
			if err := os.Symlink(program, filepath.Join(folder, "terraform-provider-openai_v99.0.0")); err != nil {
				return nil, err
			}
		}
	}
	config := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", providers)
	return m, os.WriteFile(m.Config, []byte(config), 0o600)
}

// Registry is where the Terraform at hand looks for providers.
func (m *Mirror) Registry() string {
	if m.isTofu() {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

func (m *Mirror) isTofu() bool { return strings.HasPrefix(filepath.Base(m.Terraform), "tofu") }

// Require skips a test that needs a newer Terraform, and says so.
func (m *Mirror) Require(t *testing.T, needed, reason string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), m.Terraform, "version", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var is struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &is); err != nil {
		t.Fatal(err)
	}
	if m.isTofu() || version.Must(version.NewVersion(is.Version)).Core().LessThan(version.Must(version.NewVersion(needed))) {
		t.Skipf("SKIPPED: %s needs Terraform %s, this is %s %s", reason, needed, filepath.Base(m.Terraform), is.Version)
	}
}

// CLI is a working directory of a real Terraform.
type CLI struct {
	Dir string
	// Log is the file into which everything is logged once Trace was called.
	Log string

	terraform string
	env       []string
}

// CLI returns a new working directory for a backend.
func (m *Mirror) CLI(t *testing.T, baseURL, adminKey string) *CLI {
	t.Helper()
	home := t.TempDir()
	c := &CLI{Dir: filepath.Join(home, "work"), Log: filepath.Join(home, "trace.log"), terraform: m.Terraform}
	if err := os.Mkdir(c.Dir, 0o750); err != nil {
		t.Fatal(err)
	}
	c.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TF_CLI_CONFIG_FILE=" + m.Config, "CHECKPOINT_DISABLE=1",
		"OPENAI_BASE_URL=" + baseURL, "OPENAI_ADMIN_KEY=" + adminKey,
	}
	return c
}

// Trace logs everything from now on.
func (c *CLI) Trace() { c.env = append(c.env, "TF_LOG=TRACE", "TF_LOG_PATH="+c.Log) }

// Setenv adds variables, such as "TF_VAR_name=value".
func (c *CLI) Setenv(variables ...string) { c.env = append(c.env, variables...) }

// Begin copies a configuration into the working directory and initializes it.
func (c *CLI) Begin(t *testing.T, folder string) {
	t.Helper()
	if err := os.CopyFS(c.Dir, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	c.Run(t, "init")
}

// Write writes a file into the working directory.
func (c *CLI) Write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.Dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Command is a command to run.
func (c *CLI) Command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, c.terraform, append(args, "-no-color")...)
	command.Dir, command.Env = c.Dir, c.env
	return command
}

// Run runs a command that must succeed, and returns its output.
func (c *CLI) Run(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	command := c.Command(context.WithoutCancel(t.Context()), args...)
	command.Stdout, command.Stderr = &out, &out
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, &out)
	}
	return out.String()
}
