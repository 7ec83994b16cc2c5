package provider_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

const fromOurs = `
terraform {
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}
`

const replacedSettings = fromOurs + `
variable "usd" { type = number }
variable "project" { type = string }

resource "terraform_data" "trigger" {
  input = var.usd
}

resource "openai_project_spend_limit" "test" {
  project_id    = var.project
  threshold_usd = var.usd
  lifecycle {
    replace_triggered_by = [terraform_data.trigger]
  }
}

# What depends on the limit makes its replacement come first, too.
resource "terraform_data" "dependent" {
  triggers_replace = openai_project_spend_limit.test.threshold_usd
  lifecycle {
    create_before_destroy = true
  }
}

resource "openai_project_rate_limit" "test" {
  project_id                = var.project
  model                     = "gpt-4o"
  max_requests_per_1_minute = 5
  lifecycle {
    create_before_destroy = true
  }
}

resource "openai_organization_member" "test" {
  email = "member@example.com"
  role  = "owner"
  lifecycle {
    create_before_destroy = true
  }
}

resource "openai_project_model_permissions" "test" {
  project_id = var.project
  mode       = "allow_list"
  model_ids  = ["gpt-4o"]
  lifecycle {
    create_before_destroy = true
  }
}
`

// An object whose replacement is created first keeps the values of the
// replacement, and Terraform shows the objects that were not destroyed.
func TestAccReplacedFirstStays(t *testing.T) {
	mirror := acctest.NewMirror(t)
	t.Parallel()
	b := acctest.Start(t)
	project := b.Project(t, "shop")
	c := mirror.CLI(t, b.URL, b.AdminKey)
	c.Write(t, "main.tf", replacedSettings)
	c.Run(t, "init")
	c.Setenv("TF_VAR_project=" + project)
	apply := []string{"apply", "-auto-approve", "-input=false"}
	c.Run(t, append(apply, "-var=usd=50")...)
	said := c.Run(t, append(apply, "-var=usd=40", "-replace=openai_project_rate_limit.test", "-replace=openai_organization_member.test",
		"-replace=openai_project_model_permissions.test")...)
	if strings.Count(said, "Warning: Object was not deleted") != 4 {
		t.Errorf("it is not said that four objects were not deleted:\n%s", said)
	}

	in := "/organization/projects/" + project
	var limit struct {
		Amount int64 `json:"threshold_amount"`
	}
	b.Do(t, "GET", in+"/spend_limit", nil, &limit)
	if limit.Amount != 4000 {
		t.Errorf("the limit is %d cents", limit.Amount)
	}
	var rates struct {
		Data []struct {
			Model    string
			Requests int64 `json:"max_requests_per_1_minute"`
		}
	}
	b.Do(t, "GET", in+"/rate_limits?limit=100", nil, &rates)
	for _, rate := range rates.Data {
		if rate.Model == "gpt-4o" && rate.Requests != 5 {
			t.Errorf("the rate limit is %d", rate.Requests)
		}
	}
	var users struct {
		Data []struct{ Email, Role string }
	}
	b.Do(t, "GET", "/organization/users", nil, &users)
	there := false
	for _, user := range users.Data {
		there = there || user.Email == "member@example.com" && user.Role == "owner"
	}
	if !there {
		t.Errorf("the member is not there as owner: %v", users.Data)
	}
	var permissions struct{ Mode string }
	if b.Do(t, "GET", in+"/model_permissions", nil, &permissions); permissions.Mode != "allow_list" {
		t.Errorf("the model permissions are %+v", permissions)
	}
	if plan := c.Run(t, "plan", "-input=false", "-var=usd=40"); !strings.Contains(plan, "No changes.") {
		t.Errorf("the next plan is not empty:\n%s", plan)
	}
}

const renamedKeys = fromOurs + `
variable "key" { type = string }
variable "project" { type = string }

resource "openai_organization_member" "test" {
  for_each = { (var.key) = "member@example.com" }
  email    = each.value
  role     = "reader"
}

resource "openai_project_user" "test" {
  for_each   = { (var.key) = "owner@example.com" }
  project_id = var.project
  email      = each.value
  role       = "member"
}
`

// A person with a new key in for_each is neither removed nor added again,
// however slow the API is: the plan is refused, and a moved block is the way
// out.
func TestAccRenamedKeysOfPeople(t *testing.T) {
	mirror := acctest.NewMirror(t)
	t.Parallel()
	b := acctest.Start(t)
	project := b.Project(t, "shop")
	slow := httptest.NewServer(faultinjection.New(b.Emulator, faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.Latency, Delay: 300 * time.Millisecond}}}))
	t.Cleanup(slow.Close)
	c := mirror.CLI(t, slow.URL+"/v1", b.AdminKey)
	c.Write(t, "main.tf", renamedKeys)
	c.Run(t, "init")
	c.Setenv("TF_VAR_project=" + project)
	c.Run(t, "apply", "-auto-approve", "-input=false", "-var=key=old")

	b.Mark(t)
	out, err := c.Command(t.Context(), "apply", "-auto-approve", "-input=false", "-var=key=new").CombinedOutput()
	said := strings.Join(strings.Fields(strings.ReplaceAll(string(out), "│", "")), " ")
	if err == nil || strings.Count(said, "Error: Object would be destroyed and managed") != 2 || !strings.Contains(said, "add a moved block from the old address to the new one") {
		t.Errorf("the plan is not refused for both (%v):\n%s", err, out)
	}
	c.Write(t, "moved.tf", `
moved {
  from = openai_organization_member.test["old"]
  to   = openai_organization_member.test["new"]
}

moved {
  from = openai_project_user.test["old"]
  to   = openai_project_user.test["new"]
}
`)
	if said := c.Run(t, "apply", "-auto-approve", "-input=false", "-var=key=new"); !strings.Contains(said, "Resources: 0 added, 0 changed, 0 destroyed.") {
		t.Errorf("the moved blocks change something:\n%s", said)
	}
	b.ExpectWrites(t, 0)
}
