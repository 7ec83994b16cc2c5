package main

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
)

// emulator is a running openai-admin emulate.
type emulator struct {
	binary, data  string
	environment   map[string]string
	url, adminKey string
	process       *exec.Cmd
	rest          chan error
}

// start starts it and reads from its output how to reach it, as a user would.
func (e *emulator) start(ctx context.Context) error {
	e.process = exec.CommandContext(context.WithoutCancel(ctx), e.binary, "emulate", "--listen", "127.0.0.1:0", "--data", e.data)
	e.process.Stderr = os.Stderr
	out, err := e.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := e.process.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	for e.adminKey == "" {
		if !lines.Scan() {
			return errors.New("the emulator ended before it told its key")
		}
		if url, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "export OPENAI_BASE_URL="); ok {
			e.url = strings.TrimSuffix(url, "/v1")
		}
		if key, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "export OPENAI_ADMIN_KEY="); ok {
			e.adminKey = key
		}
	}
	e.rest = make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, out)
		e.rest <- err
	}()
	return nil
}

// stop asks for an orderly end and waits for it.
func (e *emulator) stop() error {
	if e.process == nil || e.process.Process == nil {
		return nil
	}
	if err := e.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := <-e.rest
	return errors.Join(err, e.process.Wait())
}

// get reads from the organisation, without Terraform.
func (e *emulator) get(ctx context.Context, path string, into any) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url+path, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+e.adminKey)
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

type journal struct {
	Data []struct {
		Seq    int64
		Method string
		Path   string
	}
}

// requestsSince reads the journal after an entry.
func (e *emulator) requestsSince(ctx context.Context, seq int64) (entries journal, err error) {
	status, err := e.get(ctx, fmt.Sprintf("/_emulator/journal?since=%d", seq), &entries)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the journal answers %d", status)
	}
	return entries, err
}
