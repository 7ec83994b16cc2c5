package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// variable is an environment variable that leads a program to the emulator.
type variable struct{ name, value string }

// variablesOf are the variables for an organization at an address. Both base
// URLs are set: the one for administration alone would win over the other.
func variablesOf(address, adminKey string, clock tfkit.ClockSettings) []variable {
	base := "http://" + address + "/v1"
	all := []variable{{transport.BaseURLVariable, base}, {transport.AdminBaseURLVariable, base}, {adminKeyVariable, adminKey}}
	for _, setting := range clock.Environment() {
		name, value, _ := strings.Cut(setting, "=")
		all = append(all, variable{name, value})
	}
	return all
}

// foreignVariables name objects of another organization than the emulator's.
var foreignVariables = []string{organizationVariable, projectVariable}

// writeEnvFile sets the variables in a file of NAME=value lines. Other lines
// stay, such as those of the file that $GITHUB_ENV names.
func writeEnvFile(path string, variables []variable) error {
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var text strings.Builder
	for line := range strings.Lines(string(content)) {
		name, _, _ := strings.Cut(line, "=")
		if !isOneOf(variables, name) {
			text.WriteString(strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	for _, v := range variables {
		fmt.Fprintf(&text, "%s=%s\n", v.name, v.value)
	}
	return os.WriteFile(path, []byte(text.String()), 0o600)
}

func isOneOf(variables []variable, name string) bool {
	for _, v := range variables {
		if v.name == name {
			return true
		}
	}
	return false
}

// environmentWith is the environment of this process with these variables, and
// without those that belong to another organization.
func environmentWith(variables []variable) []string {
	var environment []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		foreign := false
		for _, other := range foreignVariables {
			foreign = foreign || name == other
		}
		if !foreign && !isOneOf(variables, name) {
			environment = append(environment, entry)
		}
	}
	for _, v := range variables {
		environment = append(environment, v.name+"="+v.value)
	}
	return environment
}

// The statuses of shells for a command that cannot be started.
const (
	commandNotFound = 127
	commandNotRun   = 126
	signaled        = 128
)

// runCommand runs a command until it ends. Its exit status is that of a
// statusError without a message. A terminal sends an interrupt to the command,
// too; a termination is passed on to it.
func runCommand(ctx context.Context, args []string, variables []variable, streams streams) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), args[0], args[1:]...)
	command.Env = environmentWith(variables)
	command.Stdin, command.Stdout, command.Stderr = streams.in, streams.out, streams.err
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		status := commandNotRun
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			status = commandNotFound
		}
		return statusError{status, fmt.Sprintf("cannot start the command: %v", err)}
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for {
		select {
		case received := <-signals:
			if received == syscall.SIGTERM {
				_ = command.Process.Signal(received) // it may have ended
			}
		case err := <-ended:
			return statusOf(err)
		}
	}
}

// statusOf turns the end of a command into that of this program.
func statusOf(err error) error {
	exit, failed := errors.AsType[*exec.ExitError](err)
	if !failed {
		return err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return statusError{status: signaled + int(status.Signal())}
	}
	return statusError{status: exit.ExitCode()}
}
