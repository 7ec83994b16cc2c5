package faults_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// killed is an organization with every kind of object whose id the API assigns.
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

resource "openai_project_role" "caller" {
  for_each    = openai_project.env
  project_id  = each.value.id
  role_name   = "caller"
  permissions = ["api.model.request"]
}

resource "openai_external_storage" "logs" {
  project_id = openai_project.env["dev"].id
  validate   = false
  aws = {
    bucket   = "logs"
    role_arn = "arn:aws:iam::123456789012:role/openai"
  }
}

resource "openai_external_key" "data" {
  name        = "data"
  purpose     = "ekm"
  external_id = openai_project.env["dev"].id
  kms_arn     = "arn:aws:kms:eu-central-1:123456789012:key/abc"
  role_arn    = "arn:aws:iam::123456789012:role/openai"
}

resource "openai_workload_identity_provider" "ci" {
  name     = "ci"
  issuer   = "https://token.actions.githubusercontent.com"
  audience = "https://api.openai.com/v1"
}

resource "openai_workload_identity_federation_rule" "ci" {
  workload_identity_provider_id = openai_workload_identity_provider.ci.id
  project_id                    = openai_project.env["dev"].id
  service_account_id            = openai_project_service_account.app["dev"].id
  attribute_matchers            = { repository = "acme/shop" }
}

resource "openai_mcp_tunnel" "crm" {
  name        = "crm"
  description = ""
}

resource "openai_organization_spend_alert" "all" {
  threshold_usd                   = 100
  notification_channel_recipients = ["a@example.com"]
}

resource "openai_group" "team" {
  for_each = toset(["red", "blue"])
  name     = each.key
}

resource "openai_role" "auditor" {
  role_name   = "auditor"
  permissions = ["api.files.read"]
}

resource "openai_admin_api_key" "ci" {
  name = "ci"
}

resource "openai_invite" "ada" {
  email = "ada@example.com"
  role  = "reader"
}

resource "openai_certificate" "authority" {
  certificate = file("authority.pem")
  name        = "authority"
}
`

// killedCreates is how many creates the configuration needs.
const killedCreates = 22

// executioner kills Terraform while a create is answered.
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

// TestAccKilled kills Terraform and the provider at random creates. Before it
// creates anything, the next plan names every object that no state holds.
func TestAccKilled(t *testing.T) {
	mirror := acctest.NewMirror(t)
	seed := rand.Uint64()
	fmt.Printf("killed: seed %d\n", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	kills := 2
	if long() {
		kills = 20
	}
	var orphans atomic.Int32
	t.Run("kill", func(t *testing.T) {
		for i := range kills {
			var before []string
			creates := killedCreates
			if i%2 == 1 { // the parents of others exist already
				before = []string{"-target=openai_project_service_account.app", "-target=openai_workload_identity_provider.ci"}
				creates -= 5
			}
			moment := 1 + random.IntN(creates)
			t.Run(fmt.Sprintf("%d at create %d, with %d there", i, moment, len(before)), func(t *testing.T) {
				t.Parallel()
				orphans.Add(int32(killAndPlan(t, mirror, moment, before)))
			})
		}
	})
	fmt.Printf("killed: %d applies, %d orphans\n", kills, orphans.Load())
	if orphans.Load() == 0 {
		t.Error("no apply has left an orphan, so nothing was proven")
	}
}

// killAndPlan kills an apply at a create, after one that created some of it
// with these arguments, and counts the orphans, which the next plan must name.
func killAndPlan(t *testing.T, mirror *acctest.Mirror, moment int, before []string) (orphans int) {
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
	c.Write(t, "authority.pem", acctest.Certificate(t, "authority", acctest.NextYear()))
	c.Run(t, "init")
	there := idsOf(everything(t, listener.URL, server.AdminKey()))
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
		t.Fatal("the first apply was not killed")
	}
	mendState(t, c.Dir)
	plan := c.Run(t, "plan", "-input=false")
	inState := c.Run(t, "show", "-json")
	for _, item := range everything(t, listener.URL, server.AdminKey()) {
		// New projects come with predefined roles.
		if there[item.id] || strings.Contains(inState, item.id) || strings.HasPrefix(item.id, "role-api-") {
			continue
		}
		orphans++
		// The objects below an orphan are found with it.
		below := false
		for _, parent := range item.parents {
			below = below || !strings.Contains(inState, parent) && strings.Contains(plan, parent)
		}
		if !below && !strings.Contains(plan, item.id) {
			t.Errorf("%s is an orphan, and the next plan does not name it:\n%s", item.id, plan)
		}
	}
	return orphans
}

// mendState goes back to the state before the apply where Terraform was killed
// while it wrote the file, as a person would.
func mendState(t *testing.T, folder string) {
	t.Helper()
	file := filepath.Join(folder, "terraform.tfstate")
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && json.Valid(content) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Log("Terraform was killed while it wrote its state")
	err = os.Rename(file+".backup", file)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.Remove(file)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// standing is an object of the organization, with its parents.
type standing struct {
	id      string
	parents []string
}

func idsOf(items []standing) map[string]bool {
	ids := map[string]bool{}
	for _, item := range items {
		ids[item.id] = true
	}
	return ids
}

// everything lists the objects of each kind that could be there twice.
func everything(t *testing.T, url, key string) (found []standing) {
	t.Helper()
	list := func(path string, parents ...string) (ids []string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+key)
		response, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		type item struct {
			ID        string
			ProjectID string `json:"project_id"`
			Owner     struct {
				ServiceAccount struct{ ID string } `json:"service_account"`
			}
			ServiceAccountID string `json:"service_account_id"`
			// The configuration gives an external key the id of its project,
			// which a plan does not know while the project is an orphan.
			ExternalID string `json:"external_id"`
		}
		var page struct{ Data, Tunnels []item }
		if err := json.NewDecoder(response.Body).Decode(&page); err != nil || response.StatusCode != http.StatusOK {
			t.Fatal(path, response.StatusCode, err)
		}
		for _, item := range append(page.Data, page.Tunnels...) {
			above := append([]string{}, parents...)
			for _, parent := range []string{item.ProjectID, item.Owner.ServiceAccount.ID, item.ServiceAccountID, item.ExternalID} {
				if parent != "" {
					above = append(above, parent)
				}
			}
			found = append(found, standing{item.ID, above})
			ids = append(ids, item.ID)
		}
		return ids
	}
	for _, project := range list("/organization/projects?limit=100") {
		path := "/organization/projects/" + project
		list(path+"/service_accounts?limit=100", project)
		list(path+"/api_keys?limit=100&owner_project_access=any", project)
		list(path+"/spend_alerts?limit=100", project)
		list("/projects/"+project+"/roles", project)
	}
	for _, provider := range list("/organization/workload_identity_providers?limit=100") {
		list("/organization/workload_identity_providers/"+provider+"/federation_rules?limit=100", provider)
	}
	for _, path := range []string{"spend_alerts?limit=100", "groups", "roles", "admin_api_keys?limit=100", "invites?limit=100", "certificates?limit=100", "external_keys?limit=100", "external_storage?limit=100"} {
		list("/organization/" + path)
	}
	list("/tunnels?organization_id=org-emulator")
	return found
}
