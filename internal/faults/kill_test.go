package faults_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// killed is a small organisation to build: two environments.
const killed = `
terraform {
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}

resource "openai_project" "env" {
  for_each = toset(["dev", "prod"])
  name     = each.key
}

resource "openai_project_service_account" "app" {
  for_each   = openai_project.env
  project_id = each.value.id
  name       = "app"
}

resource "openai_project_api_key" "app" {
  for_each           = openai_project_service_account.app
  project_id         = each.value.project_id
  service_account_id = each.value.id
  name               = "app"
}

resource "openai_project_spend_alert" "half" {
  for_each                        = openai_project.env
  project_id                      = each.value.id
  threshold_usd                   = 25
  notification_channel_recipients = ["a@example.com"]
}

resource "openai_project_spend_limit" "hard" {
  for_each      = openai_project.env
  project_id    = each.value.id
  threshold_usd = 50
}
`

// executioner kills Terraform while a creation is answered.
type executioner struct {
	mu      sync.Mutex
	victim  *exec.Cmd
	creates int
	at      int
}

// watch kills the victim when its time has come, before the answer is sent.
func (e *executioner) watch(r *http.Request, _ []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r.Method != http.MethodPost || e.victim == nil {
		return
	}
	if e.creates++; e.creates == e.at {
		// The whole group, so that nothing of it can still write.
		_ = syscall.Kill(-e.victim.Process.Pid, syscall.SIGKILL)
		e.victim = nil
	}
}

// TestAccKilled kills Terraform and the provider at one creation after the
// other. The next run ends with what is configured; what is there twice after
// it, it has named before, with the id to import or remove.
func TestAccKilled(t *testing.T) {
	mirror := acctest.NewMirror(t)
	moments := []int{1, 5}
	if long() {
		moments = []int{1, 2, 3, 4, 5, 6, 7, 8}
	}
	left := 0
	var mu sync.Mutex
	t.Run("at", func(t *testing.T) {
		for _, moment := range moments {
			for name, before := range map[string][]string{"of all": nil, "in projects": {"-target=openai_project.env"}} {
				t.Run(fmt.Sprintf("creation %d %s", moment, name), func(t *testing.T) {
					t.Parallel()
					found := killAndRepeat(t, mirror, moment, before)
					mu.Lock()
					defer mu.Unlock()
					left += found
				})
			}
		}
	})
	fmt.Printf("killed: %d runs, %d leftovers\n", 2*len(moments), left)
	if left == 0 {
		t.Error("no run has left anything behind, so nothing was proven")
	}
}

// killAndRepeat kills a run at a creation, after one that made some of it with
// these arguments, and counts what is left behind after the next.
func killAndRepeat(t *testing.T, mirror *acctest.Mirror, moment int, before []string) (leftovers int) {
	server, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := &executioner{at: moment}
	listener := httptest.NewServer(acctest.Tap(server, e.watch))
	t.Cleanup(func() {
		listener.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	c := mirror.CLI(t, listener.URL+"/v1", server.AdminKey())
	c.Write(t, "main.tf", killed)
	c.Run(t, "init")
	if len(before) > 0 {
		c.Run(t, append([]string{"apply", "-auto-approve", "-input=false"}, before...)...)
	}
	first := c.Command(t.Context(), "apply", "-auto-approve", "-input=false")
	first.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	e.mu.Lock()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	e.victim = first
	e.mu.Unlock()
	if err := first.Wait(); err == nil {
		t.Fatal("the first run was not killed")
	}
	out := c.Run(t, "apply", "-auto-approve", "-input=false")
	c.Run(t, "plan", "-detailed-exitcode", "-input=false") // fails unless there is nothing to do
	inState := c.Run(t, "show", "-json")
	for id, project := range everything(t, listener.URL, server.AdminKey()) {
		if strings.Contains(inState, id) {
			continue
		}
		leftovers++
		// What is in a project that was left behind goes or stays with it.
		if !strings.Contains(out, id) && (strings.Contains(inState, project) || !strings.Contains(out, project)) {
			t.Errorf("%s of %s was left behind, and the next run does not tell:\n%s", id, project, out)
		}
	}
	return leftovers
}

// everything lists what is there of each kind that could be there twice, with
// its project.
func everything(t *testing.T, url, key string) map[string]string {
	t.Helper()
	list := func(path string) (found []string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/organization"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+key)
		response, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		var page struct {
			Data []struct{ ID, Name string }
		}
		if err := json.NewDecoder(response.Body).Decode(&page); err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Data {
			if item.Name != "Default project" {
				found = append(found, item.ID)
			}
		}
		return found
	}
	owner := map[string]string{}
	for _, project := range list("/projects?limit=100") {
		path := "/projects/" + project
		owner[project] = project
		for _, id := range slices.Concat(list(path+"/service_accounts?limit=100"), list(path+"/api_keys?limit=100&owner_project_access=any"), list(path+"/spend_alerts?limit=100")) {
			owner[id] = project
		}
	}
	return owner
}
