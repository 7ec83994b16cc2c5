// Package emulator runs openai-admin emulate in a process of its own.
package emulator

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// ClockSpeedVariable gives a client the clock of the emulator.
const ClockSpeedVariable = "OPENAI_EMULATOR_CLOCK_SPEED"

// Emulator is a running openai-admin emulate.
type Emulator struct {
	// URL is where it listens, without /v1.
	URL      string
	AdminKey string
	// ClockSpeed is the value of ClockSpeedVariable for its clients, empty at the
	// real speed.
	ClockSpeed string

	process *exec.Cmd
	rest    chan error
}

// Start starts the program with these flags on a free port, and reads from its
// output how to reach it, as a user would.
func Start(ctx context.Context, binary string, flags ...string) (*Emulator, error) {
	e := &Emulator{}
	e.process = exec.CommandContext(context.WithoutCancel(ctx), binary, append([]string{"emulate", "--listen", "127.0.0.1:0"}, flags...)...)
	e.process.Stderr = os.Stderr
	out, err := e.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := e.process.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for e.AdminKey == "" {
		if !lines.Scan() {
			return nil, errors.New("the emulator ended before it printed its key")
		}
		export, _ := strings.CutPrefix(strings.TrimSpace(lines.Text()), "export ")
		switch name, value, _ := strings.Cut(export, "="); name {
		case "OPENAI_BASE_URL":
			e.URL = strings.TrimSuffix(value, "/v1")
		case ClockSpeedVariable:
			e.ClockSpeed = value
		case "OPENAI_ADMIN_KEY":
			e.AdminKey = value
		}
	}
	e.rest = make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, out)
		e.rest <- err
	}()
	return e, nil
}

// Stop asks for an orderly end and waits for it.
func (e *Emulator) Stop() error {
	if err := e.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := <-e.rest
	return errors.Join(err, e.process.Wait())
}

// Get reads from the organization, without Terraform.
func (e *Emulator) Get(ctx context.Context, path string, into any) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.URL+path, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+e.AdminKey)
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK || into == nil {
		return response.StatusCode, nil
	}
	return response.StatusCode, json.NewDecoder(response.Body).Decode(into)
}

// Post sends a change to the organization, without Terraform.
func (e *Emulator) Post(ctx context.Context, path, body string, into any) error {
	return e.PostAs(ctx, e.AdminKey, path, body, into)
}

// PostAs is Post for the holder of another key.
func (e *Emulator) PostAs(ctx context.Context, key, path, body string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("POST %s answers %d", path, response.StatusCode)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// Request is a request that was served.
type Request struct {
	Seq    int64
	Method string
	Path   string
	Route  string
	Status int
	// At is the time by the emulator's clock.
	At time.Time
}

// Requests returns the requests served after the one with this number.
func (e *Emulator) Requests(ctx context.Context, since int64) ([]Request, error) {
	var journal struct{ Data []Request }
	status, err := e.Get(ctx, fmt.Sprintf("/_emulator/journal?since=%d", since), &journal)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the journal answers %d", status)
	}
	return journal.Data, err
}

// Last returns the number of the last request served.
func (e *Emulator) Last(ctx context.Context) (seq int64, err error) {
	requests, err := e.Requests(ctx, 0)
	for _, request := range requests {
		seq = request.Seq
	}
	return seq, err
}
