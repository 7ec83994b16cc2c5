package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/coverage"
)

// The tests run this very program: TestMain becomes it when asked to.
const runMain = "OPENAI_ADMIN_TEST_RUNS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(os.Environ(), runMain+"=1")
	return c
}

// running is an emulator in a process of its own.
type running struct {
	command  *exec.Cmd
	url, key string
	said     strings.Builder
	rest     io.Reader
}

func run(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{command: command(t, append([]string{"emulate", "--listen", "127.0.0.1:0"}, args...)...)}
	out, err := r.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.command.Process.Kill() })
	lines := bufio.NewReader(out)
	r.rest = lines
	for r.key == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the emulator ended: %v", err)
		}
		r.said.WriteString(line)
		if url, ok := strings.CutPrefix(strings.TrimSpace(line), "export OPENAI_BASE_URL="); ok {
			r.url = url
		}
		if key, ok := strings.CutPrefix(strings.TrimSpace(line), "export OPENAI_ADMIN_KEY="); ok {
			r.key = key
		}
	}
	return r
}

func (r *running) send(t *testing.T, key, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

func TestEmulateEndsInOrder(t *testing.T) {
	r := run(t)
	if status, body := r.send(t, r.key, "GET", "/organization/projects", ""); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	if err := r.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(r.rest)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.command.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	// To be ready, and to end, takes little of a core: a tenth of this, without the
	// race detector.
	if used := r.command.ProcessState.UserTime() + r.command.ProcessState.SystemTime(); used > 500*time.Millisecond {
		t.Errorf("it took %s of a core", used)
	}
	if !strings.Contains(string(rest), "Shutting down.") || strings.Contains(string(rest), r.key) {
		t.Errorf("it said %q", rest)
	}
}

func TestEmulateSurvivesKill(t *testing.T) {
	file := filepath.Join(t.TempDir(), "organization.db")
	const key = "sk-admin-given"
	first := run(t, "--data", file, "--admin-key", key)
	for _, name := range []string{"one", "two", "three"} {
		if status, body := first.send(t, key, "POST", "/organization/projects", `{"name":"`+name+`"}`); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
	}
	if err := first.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, first.rest)
	_ = first.command.Wait() // killed
	second := run(t, "--data", file, "--admin-key", key)
	_, body := second.send(t, key, "GET", "/organization/projects", "")
	for _, name := range []string{"one", "two", "three"} {
		if !strings.Contains(body, `"name":"`+name+`"`) {
			t.Errorf("project %s is lost: %s", name, body)
		}
	}
}

// A second emulator on the file of a running one says so, and the first goes
// on.
func TestEmulateRefusesAFileInUse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "organization.db")
	first := run(t, "--data", file)
	out, err := command(t, "emulate", "--listen", "127.0.0.1:0", "--data", file).CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); !failed || !strings.Contains(string(out), file+" is in use by another process") {
		t.Errorf("%v: %s", err, out)
	}
	if status, body := first.send(t, first.key, "POST", "/organization/projects", `{"name":"one"}`); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
}

func TestEmulateBoundsHeaders(t *testing.T) {
	server := newHTTPServer(nil, nil)
	if server.ReadHeaderTimeout <= 0 || server.ReadHeaderTimeout > 10*time.Second || server.MaxHeaderBytes <= 0 || server.MaxHeaderBytes > 64<<10 || server.IdleTimeout <= 0 {
		t.Errorf("the limits are %s, %d bytes and %s", server.ReadHeaderTimeout, server.MaxHeaderBytes, server.IdleTimeout)
	}
}

func TestEmulateWithASeedAndAClock(t *testing.T) {
	file := filepath.Join(t.TempDir(), "seed.yaml")
	if err := os.WriteFile(file, []byte("projects:\n  - name: from-the-seed\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := run(t, "--seed", file, "--clock", "2026-11-01T00:00:00Z")
	_, body := r.send(t, r.key, "GET", "/organization/projects", "")
	if !strings.Contains(body, `"name":"from-the-seed"`) || !strings.Contains(body, `"created_at":1793491200`) {
		t.Errorf("the projects are %s", body)
	}
}

func TestEmulateAheadOfTime(t *testing.T) {
	t.Setenv("OPENAI_EMULATOR_CLOCK_OFFSET", "91d")
	r := run(t)
	_, body := r.send(t, r.key, "POST", "/organization/projects", `{"name":"later"}`)
	var project struct {
		CreatedAt int64 `json:"created_at"`
	}
	if err := json.Unmarshal([]byte(body), &project); err != nil {
		t.Fatal(err)
	}
	if ahead := time.Until(time.Unix(project.CreatedAt, 0)); ahead < 90*24*time.Hour || ahead > 91*24*time.Hour {
		t.Errorf("the clock is %s ahead", ahead)
	}
	if !strings.Contains(r.said.String(), "export OPENAI_EMULATOR_CLOCK_OFFSET=91d") {
		t.Errorf("it prints:\n%s", r.said.String())
	}
}

// Responses of the organization, and those that a fault replaces, have the time
// of the clock that the printed variable gives to the provider.
func TestEmulateFasterThanTime(t *testing.T) {
	variable := "20@" + time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	file := filepath.Join(t.TempDir(), "faults.yaml")
	if err := os.WriteFile(file, []byte("faults:\n  - method: GET\n    fault: status\n    status: 503\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("OPENAI_EMULATOR_CLOCK_SPEED", variable)
	r := run(t, "--faults", file)
	if !strings.Contains(r.said.String(), "export OPENAI_EMULATOR_CLOCK_SPEED="+variable+"\n") {
		t.Errorf("it prints:\n%s", r.said.String())
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		req, err := http.NewRequestWithContext(t.Context(), method, r.url+"/organization/projects", strings.NewReader(`{"name":"later"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+r.key)
		response, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		date, err := http.ParseTime(response.Header.Get("Date"))
		if ahead := time.Until(date); err != nil || ahead < 18*time.Hour || ahead > 21*time.Hour {
			t.Errorf("the clock of %s is %s ahead, %v", method, ahead, err)
		}
	}
}

// A command gets the clock, and a second emulator of its shell follows it.
func TestEmulateGivesItsSpeedToTheCommand(t *testing.T) {
	out, err := command(t, "emulate", "--clock-speed", "20", "--", "sh", "-c",
		`echo "$OPENAI_EMULATOR_CLOCK_SPEED"; "$0" emulate -- sh -c 'echo "$OPENAI_EMULATOR_CLOCK_SPEED"'; "$0" emulate --clock-speed 10 -- true`, os.Args[0]).CombinedOutput()
	first, rest, _ := strings.Cut(string(out), "\n")
	second, refusal, _ := strings.Cut(rest, "\n")
	since, parseErr := time.Parse(time.RFC3339, strings.TrimPrefix(first, "20@"))
	if parseErr != nil || time.Since(since) < 0 || time.Since(since) > time.Minute || second != first {
		t.Errorf("%v, %v: %s", err, parseErr, out)
	}
	if err == nil || !strings.Contains(refusal, "--clock-speed and OPENAI_EMULATOR_CLOCK_SPEED cannot be used together") {
		t.Errorf("%v: %s", err, refusal)
	}
}

func TestEmulateWithFaults(t *testing.T) {
	file := filepath.Join(t.TempDir(), "faults.yaml")
	if err := os.WriteFile(file, []byte("faults:\n  - method: GET\n    times: 1\n    fault: status\n    status: 503\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := run(t, "--faults", file)
	for i, want := range []int{503, 200} {
		if status, body := r.send(t, r.key, "GET", "/organization/projects", ""); status != want {
			t.Errorf("request %d: %d %s", i, status, body)
		}
	}
}

// A listener on every address prints one that can be used.
func TestEmulatePrintsAnAddress(t *testing.T) {
	r := run(t, "--listen", "0.0.0.0:0", "--allow-remote")
	if !strings.HasPrefix(r.url, "http://127.0.0.1:") {
		t.Errorf("it prints %s", r.url)
	}
	if status, body := r.send(t, r.key, "GET", "/organization/projects", ""); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
}

func TestEmulateBeginsWithASnapshot(t *testing.T) {
	first := run(t)
	if status, body := first.send(t, first.key, "POST", "/organization/projects", `{"name":"put-aside"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	first.url = strings.TrimSuffix(first.url, "/v1")
	_, snapshot := first.send(t, first.key, "GET", "/_emulator/snapshot", "")
	file := filepath.Join(t.TempDir(), "shop.snapshot")
	if err := os.WriteFile(file, []byte(snapshot), 0o600); err != nil {
		t.Fatal(err)
	}
	second := run(t, "--snapshot", file)
	if _, body := second.send(t, second.key, "GET", "/organization/projects", ""); !strings.Contains(body, `"name":"put-aside"`) {
		t.Errorf("the projects are %s", body)
	}
}

func TestEmulateWithAnAssumption(t *testing.T) {
	out, err := command(t, "emulate", "--list-assumptions").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "A-41   none, creator, owners     members of a new project\n") {
		t.Errorf("%v: %s", err, out)
	}
	r := run(t, "--assume", "A-41=creator", "--assume", "A-43=other")
	status, body := r.send(t, r.key, "POST", "/organization/projects", `{"name":"one"}`)
	_, rest, _ := strings.Cut(body, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	if _, users := r.send(t, r.key, "GET", "/organization/projects/"+id+"/users", ""); !strings.Contains(users, "owner@example.com") {
		t.Errorf("%d %s: the users are %s", status, body, users)
	}
}

func TestEmulateListsWhatItCovers(t *testing.T) {
	out, err := command(t, "emulate", "--list").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	known, err := coverage.Operations()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"emulated      POST    /organization/projects  (organization.projects.create)\n",
		"emulated      GET     /organization/costs  (organization.usage.costs)\n",
		fmt.Sprintf(" of %d operations that manage an organization are emulated; the others answer 501.\n", len(known)),
		"POST    /_emulator/invites/{invite_id}/accept\n",
	} {
		if !strings.Contains(string(out), line) {
			t.Errorf("%q is not in the list:\n%s", line, out)
		}
	}
	operations, _, _ := strings.Cut(string(out), "\n\n")
	if listed := strings.Count(operations, "\n") + 1; listed != len(known) {
		t.Errorf("%d operations are listed, the API has %d", listed, len(known))
	}
}

func TestExport(t *testing.T) {
	r := run(t)
	folder := filepath.Join(t.TempDir(), "organization")
	export := command(t, "export", folder, "--exclude", "openai_organization_member")
	export.Env = append(export.Env, "OPENAI_BASE_URL="+r.url, "OPENAI_ADMIN_KEY="+r.key)
	out, err := export.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "1 openai_project\n") {
		t.Fatalf("%v: %s", err, out)
	}
	content, err := os.ReadFile(filepath.Join(folder, "project_default_project.tf"))
	if err != nil || !strings.Contains(string(content), `resource "openai_project" "default_project" {`) {
		t.Errorf("%v: %s", err, content)
	}
	if out, err := command(t, "export").CombinedOutput(); err == nil || !strings.Contains(string(out), "accepts 1 arg(s)") {
		t.Errorf("without a folder: %v: %s", err, out)
	}
}

// The command gets the variables, reads and writes the streams, and its exit
// status is that of the program.
func TestEmulateRunsACommand(t *testing.T) {
	t.Setenv("OPENAI_ADMIN_BASE_URL", "https://api.openai.com/v1")
	t.Setenv("OPENAI_ORG_ID", "org-of-another-shell")
	script := `test -z "$OPENAI_ORG_ID" && test "$OPENAI_BASE_URL" = "$OPENAI_ADMIN_BASE_URL" && "$0" usage --format csv && read line && echo "$line" "$1" && exit 7`
	c := command(t, "emulate", "--", "sh", "-c", script, os.Args[0], "--not-a-flag-of-emulate")
	c.Stdin = strings.NewReader("typed\n")
	var errOut strings.Builder
	c.Stderr = &errOut
	out, err := c.Output()
	exit, failed := errors.AsType[*exec.ExitError](err)
	if !failed || exit.ExitCode() != 7 || errOut.String() != "" {
		t.Errorf("%v: %s", err, errOut.String())
	}
	if !strings.HasPrefix(string(out), "project_name,project_id,") || !strings.HasSuffix(string(out), "typed --not-a-flag-of-emulate\n") {
		t.Errorf("the command wrote %q", out)
	}
	for name, test := range map[string]struct {
		args    []string
		status  int
		message string
	}{
		"it succeeds":   {[]string{"true"}, 0, ""},
		"it is killed":  {[]string{"sh", "-c", "kill -9 $$"}, 137, ""},
		"there is none": {[]string{"/does/not/exist"}, 127, "cannot start the command"},
	} {
		t.Run(name, func(t *testing.T) {
			c := command(t, append([]string{"emulate", "--"}, test.args...)...)
			out, _ := c.CombinedOutput() // the status is checked
			if c.ProcessState.ExitCode() != test.status || !strings.Contains(string(out), test.message) || test.message == "" && len(out) > 0 {
				t.Errorf("status %d: %s", c.ProcessState.ExitCode(), out)
			}
		})
	}
}

// A termination is passed on to the command, and the emulator waits for it.
func TestEmulateEndsWithItsCommand(t *testing.T) {
	c := command(t, "emulate", "--", "sh", "-c", `trap 'echo ended in order; exit 3' TERM; echo ready; while :; do read line; done`)
	input, err := c.StdinPipe() // stays open, so that the command waits
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = input.Close() }()
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(pipe)
	if line, err := lines.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := input.Close(); err != nil {
		t.Error(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil || !strings.Contains(string(rest), "ended in order") {
		t.Errorf("%q, %v", rest, err)
	}
	_ = c.Wait() // the status is checked
	if status := c.ProcessState.ExitCode(); status != 3 {
		t.Errorf("status %d", status)
	}
}

func TestEmulateWritesVariables(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(file, []byte("OTHER=stays\nOPENAI_ADMIN_KEY=old"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := run(t, "--env-file", file)
	content, err := os.ReadFile(file)
	want := "OTHER=stays\nOPENAI_BASE_URL=" + r.url + "\nOPENAI_ADMIN_BASE_URL=" + r.url + "\nOPENAI_ADMIN_KEY=" + r.key + "\n"
	if err != nil || string(content) != want {
		t.Errorf("%v\n%s", err, content)
	}
	if out, err := command(t, "emulate", "--env-file", t.TempDir(), "--", "true").CombinedOutput(); err == nil || !strings.Contains(string(out), "--env-file: ") {
		t.Errorf("%v: %s", err, out)
	}
}

// A second emulator on one address says which process has it.
func TestEmulateOnAnAddressInUse(t *testing.T) {
	first := run(t)
	address := strings.TrimSuffix(strings.TrimPrefix(first.url, "http://"), "/v1")
	out, err := command(t, "emulate", "--listen", address).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "--listen "+address+": the address is in use by ") || !strings.Contains(string(out), "--listen 127.0.0.1:0 takes a free port") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat("/proc/net/tcp"); err == nil && !strings.Contains(string(out), fmt.Sprintf("(process %d)", first.command.Process.Pid)) {
		t.Errorf("it names another process than %d: %s", first.command.Process.Pid, out)
	}
	if got := readLsof("p123\ncopenai-admin\nf7\np124\ncother\n"); got != "openai-admin (process 123)" {
		t.Errorf("of lsof it reads %q", got)
	}
	if got := readLsof(""); got != "" {
		t.Errorf("of nothing it reads %q", got)
	}
}

func TestEmulateRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		args    []string
		message string
	}{
		"reachable address": {[]string{"--listen", "0.0.0.0:0"}, "can be reached from other machines"},
		"every address":     {[]string{"--listen", ":0"}, "can be reached from other machines"},
		"two arguments":     {[]string{"a", "--", "b"}, `unexpected argument "a"`},
		"no address":        {[]string{"--listen", "here"}, "--listen must be an address such as 127.0.0.1:8080"},
		"no time":           {[]string{"--clock", "noon"}, "--clock must be a time such as"},
		"two clocks":        {[]string{"--clock", "2026-11-01T00:00:00Z", "--clock-speed", "20"}, "none of the others can be"},
		"no speed":          {[]string{"--clock-speed", "0"}, "--clock-speed must be from 1 to 100, got 0"},
		"no profile":        {[]string{"--profile", "slow"}, `unknown profile "slow": use fast or openai`},
		"no seed":           {[]string{"--seed", "/does/not/exist"}, "--seed: open /does/not/exist"},
		"no faults":         {[]string{"--faults", "/does/not/exist"}, "--faults: open /does/not/exist"},
		"no snapshot":       {[]string{"--snapshot", "/does/not/exist"}, "--snapshot: open /does/not/exist"},
		"seed and snapshot": {[]string{"--snapshot", "a", "--seed", "b"}, "none of the others can be"},
		"no prices":         {[]string{"--prices", "/does/not/exist"}, "--prices: open /does/not/exist"},
		"no mail server":    {[]string{"--smtp", "localhost"}, "--smtp must be an address such as 127.0.0.1:1025"},
		"no assumption":     {[]string{"--assume", "A-41=all"}, "--assume: A-41 (members of a new project) is one of none, creator, owners"},
		"no flag":           {[]string{"--fats"}, `unknown flag: --fats; did you mean --faults?`},
		"an argument":       {[]string{"now"}, `unexpected argument "now": write a command after --`},
		"an organization":   {[]string{"--admin-key", "org-123"}, "--admin-key: the value is not an admin key: it is an organization ID"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := command(t, append([]string{"emulate"}, test.args...)...).CombinedOutput()
			if _, failed := errors.AsType[*exec.ExitError](err); !failed || !strings.Contains(string(out), test.message) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
