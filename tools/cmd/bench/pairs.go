package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/tools/emulator"
	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

// pairLatency is what the emulator waits before each answer, in milliseconds.
const pairLatency = 50

// pairs compares this provider with another one. They alternate, so that both
// meet the same machine, each time with an organization of its own.
type pairs struct {
	count, size int
	against     string
}

func pairFlags() *pairs {
	p := &pairs{}
	flag.IntVar(&p.count, "pairs", 0, "measure nothing else, but this provider and another one in turn, this many times")
	flag.IntVar(&p.size, "pair-size", 60, "number of projects of -pairs")
	flag.StringVar(&p.against, "against", "", "binary to compare with, such as that of openai/openai; default: bench/plainprovider")
	return p
}

// pairedRoot has only what openai/openai accepts too.
const pairedRoot = `
terraform {
  required_providers {
    openai = {
      source = %[1]q
    }
  }

  backend "http" {
    address = %[2]q
  }
}

provider "openai" {
  base_url = %[3]q
}

module "team" {
  count  = %[4]d
  source = "./team"
  name   = "team-${count.index}"
}
`

func pairedTeam() string {
	var rates strings.Builder
	for _, model := range models {
		fmt.Fprintf(&rates, `
resource "openai_project_rate_limit" "%[1]s" {
  project_id                = openai_project.p.id
  rate_limit_id             = "rl-%[2]s"
  max_requests_per_1_minute = 50
}
`, strings.ReplaceAll(model, ".", "-"), model)
	}
	return fmt.Sprintf(`
terraform {
  required_providers {
    openai = {
      source = %q
    }
  }
}

variable "name" {
  type = string
}

resource "openai_project" "p" {
  name = var.name
}

resource "openai_project_service_account" "a" {
  project_id = openai_project.p.id
  name       = "service"
}

resource "openai_project_spend_limit" "l" {
  project_id       = openai_project.p.id
  threshold_amount = 5000
  currency         = "USD"
  interval         = "month"
}

resource "openai_project_spend_alert" "s" {
  project_id                      = openai_project.p.id
  threshold_amount                = 4000
  currency                        = "USD"
  interval                        = "month"
  notification_channel_type       = "email"
  notification_channel_recipients = ["finops@example.com"]
}
`, address) + rates.String()
}

// pairedSteps are arguments of Terraform. With -detailed-exitcode, a plan that
// has changes fails.
var pairedSteps = []struct {
	name string
	args []string
}{
	{"apply", []string{"apply", "-auto-approve"}},
	{"plan, no change", []string{"plan", "-detailed-exitcode"}},
	{"destroy", []string{"destroy", "-auto-approve"}},
}

// cost is what a step takes: the processor seconds are those of Terraform and
// the provider, without the emulator.
type cost struct {
	requests           int
	seconds, processor float64
}

// contender is one of the two providers.
type contender struct {
	name        string
	environment map[string]string
	// costs of each pair, step by step.
	costs [][]cost
}

func (p *pairs) run(ctx context.Context, b *bench) error {
	ours := &contender{name: "ours", environment: maps.Clone(b.environment)}
	other, err := p.other(ctx, b)
	if err != nil {
		return err
	}
	turn := []*contender{ours, other}
	for i := range p.count {
		b.endpoints = nil
		for _, c := range turn {
			costs, err := p.measure(ctx, b, c)
			if err != nil {
				return fmt.Errorf("pair %d of %d projects, %s: %w", i+1, p.size, c.name, err)
			}
			c.costs = append(c.costs, costs)
		}
		slices.Reverse(turn) // none is always first
	}
	printPairs(ours.costs, other.costs)
	b.printEndpoints()
	return nil
}

// other installs the provider to compare with into a mirror of its own.
func (p *pairs) other(ctx context.Context, b *bench) (*contender, error) {
	mirror := bench{folder: filepath.Join(b.folder, "other"), environment: maps.Clone(b.environment)}
	if err := os.Mkdir(mirror.folder, 0o700); err != nil {
		return nil, err
	}
	binary := p.against
	if binary == "" {
		root, err := terraform.Root(ctx)
		if err != nil {
			return nil, err
		}
		binary = filepath.Join(mirror.folder, "plainprovider")
		if err := terraform.Build(ctx, root, "./bench/plainprovider", binary); err != nil {
			return nil, err
		}
	}
	_, err := mirror.mirror(binary)
	return &contender{name: "other", environment: mirror.environment}, err
}

// measure plays all steps with one provider, and returns their costs.
func (p *pairs) measure(ctx context.Context, b *bench, c *contender) (costs []cost, err error) {
	flags, err := b.latencyFlags(pairLatency)
	if err != nil {
		return nil, err
	}
	err = b.withEmulator(ctx, flags, func(e *emulator.Emulator) error {
		costs, err = p.playSteps(ctx, b, c, e)
		return err
	})
	return costs, err
}

func (p *pairs) playSteps(ctx context.Context, b *bench, c *contender, e *emulator.Emulator) (costs []cost, err error) {
	work, err := b.configuration(pairedTeam(), func(state string) string { return fmt.Sprintf(pairedRoot, address, state, e.URL+"/v1", p.size) })
	if err != nil {
		return nil, err
	}
	c.environment["OPENAI_ADMIN_KEY"] = e.AdminKey
	if _, err := play(ctx, b.terraform, work, c.environment, "init"); err != nil {
		return nil, err
	}
	for _, s := range pairedSteps {
		before, err := e.Last(ctx)
		if err != nil {
			return nil, err
		}
		took, err := play(ctx, b.terraform, work, c.environment, s.args...)
		if err != nil {
			return nil, err
		}
		requests, err := e.Requests(ctx, before)
		if err != nil {
			return nil, err
		}
		took.requests = len(requests)
		b.count(s.name+", "+c.name, requests)
		costs = append(costs, took)
	}
	return costs, nil
}

// play runs Terraform. Its processor seconds include those of the provider,
// because it waits for the provider's end.
func play(ctx context.Context, binary, work string, environment map[string]string, args ...string) (cost, error) {
	command := exec.CommandContext(ctx, binary, slices.Concat(args, []string{"-input=false", "-no-color"})...)
	command.Dir = work
	// Terraform ends its providers when it is interrupted, not when it is killed.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = time.Minute
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	began := time.Now()
	out, err := command.CombinedOutput()
	if err != nil {
		return cost{}, fmt.Errorf("terraform %s: %w\n%s", args[0], err, out)
	}
	state := command.ProcessState
	return cost{seconds: time.Since(began).Seconds(), processor: (state.UserTime() + state.SystemTime()).Seconds()}, nil
}

func printPairs(ours, theirs [][]cost) {
	fmt.Println("| step | pair | requests, ours | other | seconds, ours | other | ratio | processor seconds, Terraform and ours | and other | ratio |")
	fmt.Println("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
	for step, s := range pairedSteps {
		var a, b []cost
		for i := range ours {
			a, b = append(a, ours[i][step]), append(b, theirs[i][step])
			printPair(s.name, fmt.Sprint(i+1), a[i], b[i])
		}
		printPair(s.name, "median", medianCost(a), medianCost(b))
	}
}

func printPair(step, pair string, a, b cost) {
	fmt.Printf("| %s | %s | %d | %d | %.1f | %.1f | %.2f | %.1f | %.1f | %.2f |\n",
		step, pair, a.requests, b.requests, a.seconds, b.seconds, a.seconds/b.seconds, a.processor, b.processor, a.processor/b.processor)
}

func medianCost(costs []cost) cost {
	return cost{
		requests:  int(median(costs, func(c cost) float64 { return float64(c.requests) })),
		seconds:   median(costs, func(c cost) float64 { return c.seconds }),
		processor: median(costs, func(c cost) float64 { return c.processor }),
	}
}

// median of an even number is the mean of the two in the middle.
func median(costs []cost, value func(cost) float64) float64 {
	sorted := slices.SortedFunc(slices.Values(costs), func(a, b cost) int { return cmp.Compare(value(a), value(b)) })
	n := len(sorted)
	return (value(sorted[(n-1)/2]) + value(sorted[n/2])) / 2
}
