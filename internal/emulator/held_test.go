package emulator_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// times is how often something is repeated: few times by default, many with
// OPENAI_TEST_FAULTS=long.
func times(few, many int) int {
	if os.Getenv("OPENAI_TEST_FAULTS") == "long" {
		return many
	}
	return few
}

const helperData = "OPENAI_TEST_EMULATOR_DATA"

// TestHelperEmulator is the emulator of TestKilledEmulator, in a process of its
// own.
func TestHelperEmulator(t *testing.T) {
	data := os.Getenv(helperData)
	if data == "" {
		return // runs only as a helper
	}
	server, err := emulator.New(emulator.Options{Data: data, AdminKey: "sk-admin-of-the-killed-emulator"})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("\nURL " + httptest.NewServer(server).URL)
	select {}
}

// Writes that the emulator has acknowledged are kept after it was killed.
func TestKilledEmulator(t *testing.T) {
	data := filepath.Join(t.TempDir(), "organization.db")
	var acknowledged []string
	for range times(2, 20) {
		acknowledged = append(acknowledged, writeUntilKilled(t, data, times(40, 500))...)
	}
	o := start(t, emulator.Options{Data: data, AdminKey: "sk-admin-of-the-killed-emulator"})
	for _, id := range acknowledged {
		o.do(t, "GET", "/organization/projects/"+id, "")
	}
	if len(acknowledged) < times(80, 10_000) {
		t.Errorf("only %d writes were acknowledged", len(acknowledged))
	}
}

// writeUntilKilled writes in parallel to an emulator, kills it in the middle,
// and returns the acknowledged writes.
func writeUntilKilled(t *testing.T, data string, writes int) (acknowledged []string) {
	t.Helper()
	helper := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperEmulator$")
	helper.Env = append(os.Environ(), helperData+"="+data)
	out, err := helper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	url := ""
	for lines := bufio.NewScanner(out); url == "" && lines.Scan(); {
		url, _ = strings.CutPrefix(lines.Text(), "URL ")
		if !strings.HasPrefix(url, "http") {
			url = ""
		}
	}
	if url == "" {
		_ = helper.Wait()
		t.Fatal("the emulator did not start")
	}
	var mu sync.Mutex
	var kill sync.Once
	var clients sync.WaitGroup
	for client := range 4 {
		clients.Go(func() {
			o := &organization{nil, url, "sk-admin-of-the-killed-emulator"}
			for i := 0; ; i++ {
				id, ok := o.tryProject(t, fmt.Sprintf("%d-%d", client, i))
				if !ok {
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, id)
				enough := len(acknowledged) >= writes
				mu.Unlock()
				if enough {
					kill.Do(func() { _ = helper.Process.Signal(syscall.SIGKILL) })
				}
			}
		})
	}
	clients.Wait()
	_ = helper.Wait()
	return acknowledged
}

// tryProject creates a project, which fails once the emulator is killed.
func (o *organization) tryProject(t *testing.T, name string) (id string, ok bool) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.url+"/v1/organization/projects", strings.NewReader(`{"name":"`+name+`"}`))
	if err != nil {
		t.Error(err)
		return "", false
	}
	req.Header.Set("Authorization", "Bearer "+o.key)
	req.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", false
	}
	defer func() { _ = response.Body.Close() }()
	var project struct{ ID string }
	if json.NewDecoder(response.Body).Decode(&project) != nil || response.StatusCode != http.StatusOK {
		return "", false
	}
	return project.ID, project.ID != ""
}

// Connections that never finish a request do not keep others from being
// answered.
func TestHalfOpenConnections(t *testing.T) {
	o := start(t, emulator.Options{})
	address := strings.TrimPrefix(o.url, "http://")
	for i := range times(200, 8_000) {
		connection, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
		// Nothing at all, half a head, and a head whose body never comes.
		text := []string{"", "POST /v1/organization/projects HTTP/1.1\r\nHost: x\r\n", "POST /v1/organization/projects HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + o.key + "\r\nContent-Length: 100\r\n\r\n{"}[i%3]
		if _, err := connection.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		o.project(t, fmt.Sprintf("project %d", i))
	}
	if projects := o.do(t, "GET", "/organization/projects?limit=100", "").list("data"); len(projects) < 20 {
		t.Errorf("%d projects", len(projects))
	}
}
