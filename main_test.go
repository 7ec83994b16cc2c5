//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// parentOf is set for the process that plays Terraform: the provider's binary.
const parentOf = "TEST_PARENT_OF"

func TestMain(m *testing.M) {
	if binary := os.Getenv(parentOf); binary != "" {
		playTerraform(binary)
	}
	os.Exit(m.Run())
}

// playTerraform starts the provider, says so, says when the provider is ready,
// and waits to be killed.
func playTerraform(binary string) {
	command := exec.CommandContext(context.Background(), binary)
	command.Env = pluginEnvironment()
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("started")
	handshake, err := bufio.NewReader(output).ReadString('\n')
	fmt.Println("ready", strings.TrimSpace(handshake), err)
	select {}
}

// pluginEnvironment is the environment in which Terraform starts a provider.
func pluginEnvironment() []string {
	return append(os.Environ(), parentOf+"=", "OPENAI_ADMIN_KEY=sk-admin-test",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6")
}

func TestProviderExitsWithItsParent(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "terraform-provider-openai")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, moment := range []string{"started", "ready"} {
		t.Run("killed when "+moment, func(t *testing.T) {
			// The provider inherits the pipe, which ends when the last process
			// that holds it has ended.
			alive, held, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = alive.Close() })
			terraform := exec.CommandContext(context.Background(), os.Args[0])
			terraform.Env = append(os.Environ(), parentOf+"="+binary)
			terraform.Stderr = held
			output, err := terraform.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := terraform.Start(); err != nil {
				t.Fatal(err)
			}
			_ = held.Close()
			lines := bufio.NewScanner(output)
			said := ""
			for !strings.HasPrefix(said, moment) && lines.Scan() {
				said = lines.Text()
			}
			if !strings.HasPrefix(said, moment) || moment == "ready" && !strings.Contains(said, "|grpc|") {
				t.Errorf("Terraform says %q", said)
			}
			if err := terraform.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			expectEnd(t, alive)
			_ = terraform.Wait()
		})
	}
	// Its parent has ended before the provider can look: the pipe for the
	// handshake has no reader.
	t.Run("killed before", func(t *testing.T) {
		alive, held, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = alive.Close() })
		reader, stdout, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_ = reader.Close()
		provider := exec.CommandContext(context.Background(), binary)
		provider.Env, provider.Stdout, provider.Stderr = pluginEnvironment(), stdout, held
		if err := provider.Start(); err != nil {
			t.Fatal(err)
		}
		_ = held.Close()
		_ = stdout.Close()
		expectEnd(t, alive)
		_ = provider.Process.Kill()
		_ = provider.Wait()
	})
}

// expectEnd waits until no process holds the other end of the pipe.
func expectEnd(t *testing.T, alive *os.File) {
	t.Helper()
	if err := alive.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, alive); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the provider is still running")
	} else if err != nil {
		t.Fatal(err)
	}
}
