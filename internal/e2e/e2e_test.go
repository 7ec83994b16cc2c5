// Package e2e_test tests an organization that Terraform manages together with
// an application that uses it.
package e2e_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// environment is a project with a limit, an alert, and an application's key.
func environment(name string, alertCents, limitCents int) string {
	return fmt.Sprintf(`
resource "openai_project" %[1]q {
  name = "shop-%[1]s"
}

resource "openai_project_spend_alert" %[1]q {
  project_id                      = openai_project.%[1]s.id
  threshold_amount                = %[2]d
  notification_channel_recipients = ["finops@example.com"]
}

resource "openai_project_spend_limit" %[1]q {
  project_id       = openai_project.%[1]s.id
  threshold_amount = %[3]d
}

resource "openai_project_service_account" %[1]q {
  project_id = openai_project.%[1]s.id
  name       = "shop"
}
`, name, alertCents, limitCents)
}

func key(environment, name string) string {
	return fmt.Sprintf(`
resource "openai_project_api_key" %q {
  project_id         = openai_project.%[2]s.id
  service_account_id = openai_project_service_account.%[2]s.id
  name               = "shop"
  scopes             = ["model.request"]
}
`, name, environment)
}

// The key's life is in one place, so that a resource that rotates its key by
// itself changes these alone.
var (
	devKey     = key("dev", "dev")
	bothKeys   = devKey + key("dev", "dev_next")
	onlyNewKey = key("dev", "dev_next")
)

const oldKey, newKey = "openai_project_api_key.dev", "openai_project_api_key.dev_next"

func TestAccEndToEnd(t *testing.T) {
	organization := seed.Default()
	for i := range organization.Models {
		// The application is fast; this story is about money.
		organization.Models[i].RequestsPerMinute, organization.Models[i].RequestsPerDay = 1_000_000, nil
	}
	began := time.Now().UTC().Truncate(24 * time.Hour)
	b := acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
	config := func(devLimit int, keys string) string {
		return b.Config(environment("dev", 1, devLimit) + environment("prod", 100_00, 200_00) + keys + key("prod", "prod"))
	}
	dev, prod := newApplication(b.URL, "gpt-4o"), newApplication(b.URL, "gpt-4o")
	var devProject string
	use := func(a *application, address string) resource.TestCheckFunc {
		return func(s *terraform.State) error {
			devProject = acctest.Value(s, "openai_project.dev", "id")
			a.use(acctest.Value(s, address, "id"), acctest.Value(s, address, "value"))
			return nil
		}
	}
	var calls *background

	acctest.Terraform(t,
		resource.TestStep{
			Config: config(2, devKey),
			Check: resource.ComposeTestCheckFunc(use(dev, oldKey), use(prod, "openai_project_api_key.prod"), func(*terraform.State) error {
				if err := until(t, dev, func(error) bool { return len(outbox(t, b, devProject)) > 0 }); err != nil {
					return fmt.Errorf("before the alert: %w", err)
				}
				if err := until(t, dev, func(err error) bool { return code(err) == "project_spend_limit_exceeded" }); err != nil {
					return fmt.Errorf("before the limit: %w", err)
				}
				if got := enforcement(t, b, devProject); got != "enforcing" {
					return fmt.Errorf("the limit is %s", got)
				}
				if n := len(outbox(t, b, devProject)); n != 1 {
					return fmt.Errorf("%d messages of one alert", n)
				}
				return prod.ask(t.Context(), longQuestion)
			}),
		},
		resource.TestStep{
			Config:           config(10_00, devKey),
			ConfigPlanChecks: acctest.Action("openai_project_spend_limit.dev", plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				if err := dev.ask(t.Context(), longQuestion); err != nil {
					return fmt.Errorf("after the limit was raised: %w", err)
				}
				if got := enforcement(t, b, devProject); got != "inactive" {
					return fmt.Errorf("the limit is %s", got)
				}
				return errors.Join(balanced(t, b, began, dev), balanced(t, b, began, prod))
			},
		},
		// The key is rotated under an application that never stops calling.
		resource.TestStep{
			PreConfig: func() { dev.model = "gpt-4o-mini"; calls = dev.keepCalling(t) },
			Config:    config(10_00, bothKeys),
			Check:     resource.ComposeTestCheckFunc(use(dev, newKey), func(*terraform.State) error { return calls.more(20) }),
		},
		resource.TestStep{
			Config: config(10_00, onlyNewKey),
			Check: func(*terraform.State) error {
				if err := calls.more(20); err != nil {
					return err
				}
				if err := calls.end(); err != nil {
					return fmt.Errorf("a call failed while the key was rotated: %w", err)
				}
				if len(dev.ledger) != 2 {
					return fmt.Errorf("%d keys were used", len(dev.ledger))
				}
				return balanced(t, b, began, dev)
			},
		},
	)
}

// until calls until something has happened. It is over when a call fails
// before, or does not fail when it should.
func until(t *testing.T, a *application, happened func(error) bool) error {
	const most = 10
	for range most {
		err := a.ask(t.Context(), longQuestion)
		if happened(err) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("nothing happened in %d calls", most)
}

// outbox returns the messages about a project.
func outbox(t *testing.T, b *acctest.Backend, projectID string) (subjects []string) {
	t.Helper()
	var reply struct {
		Data []struct {
			ProjectID string `json:"project_id"`
			Subject   string `json:"subject"`
		} `json:"data"`
	}
	b.Do(t, "GET", "/_emulator/outbox", nil, &reply)
	for _, message := range reply.Data {
		if message.ProjectID == projectID {
			subjects = append(subjects, message.Subject)
		}
	}
	return subjects
}

func enforcement(t *testing.T, b *acctest.Backend, projectID string) string {
	t.Helper()
	var limit struct {
		Enforcement struct {
			Status string `json:"status"`
		} `json:"enforcement"`
	}
	b.Do(t, "GET", "/organization/projects/"+projectID+"/spend_limit", nil, &limit)
	return limit.Enforcement.Status
}

// buckets is as much of usage and costs as this story needs.
type buckets struct {
	Data []struct {
		Results []struct {
			APIKeyID string `json:"api_key_id"`
			Calls    int64  `json:"num_model_requests"`
			Amount   struct {
				Value json.Number `json:"value"`
			} `json:"amount"`
		} `json:"results"`
	} `json:"data"`
}

// balanced compares the API's usage and costs of each of the application's keys
// with the application's ledger: the calls, and the cost to the last digit.
func balanced(t *testing.T, b *acctest.Backend, since time.Time, a *application) error {
	t.Helper()
	for keyID, want := range a.ledger {
		var usage, costs buckets
		query := fmt.Sprintf("?start_time=%d&group_by=api_key_id&api_key_ids=%s", since.Unix(), keyID)
		b.Do(t, "GET", "/organization/usage/completions"+query, nil, &usage)
		b.Do(t, "GET", "/organization/costs"+query, nil, &costs)
		var calls int64
		for _, bucket := range usage.Data {
			for _, result := range bucket.Results {
				calls += result.Calls
			}
		}
		spent := decimal.Zero
		for _, bucket := range costs.Data {
			for _, result := range bucket.Results {
				spent = spent.Add(decimal.RequireFromString(result.Amount.Value.String()))
			}
		}
		if calls != want.calls || calls == 0 || !spent.Equal(want.usd) {
			return fmt.Errorf("the API reports %d calls for $%s with key %s; the application made %d for $%s", calls, spent, keyID, want.calls, want.usd)
		}
	}
	return nil
}
