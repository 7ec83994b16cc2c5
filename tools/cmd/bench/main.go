// Command bench measures the cost of a configuration: requests, time, and the
// memory of the provider. It runs Terraform for real against an emulator of its
// own and prints a table.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/allthingsai/terraform-provider-openai/tools/emulator"
	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

func main() {
	sizes := flag.String("sizes", "10,100,300", "numbers of projects, empty for none")
	latencies := flag.String("latencies", "0,50", "latencies of the API in milliseconds")
	provider := flag.String("provider-binary", "", "another build of the provider to measure instead of this checkout's")
	var throttled throttledSettings
	flag.IntVar(&throttled.plan, "throttled", 0, "also plan this many projects under the real API's throttling, at seven requests a minute for each endpoint")
	flag.IntVar(&throttled.apply, "throttled-apply", 30, "with -throttled, apply and destroy this many projects, too")
	flag.IntVar(&throttled.speed, "speed", 20, "how many times as fast as the real time the API's clock runs under throttling; "+
		"a -provider-binary that does not know "+emulator.ClockSpeedVariable+" waits in real time, so that it needs 1")
	flag.BoolVar(&throttled.readAhead, "read-ahead", true, "whether the provider reads ahead under throttling; false needs a -provider-binary with the argument read_ahead")
	pairs := pairFlags()
	flag.Parse()
	if err := run(context.Background(), *sizes, *latencies, *provider, throttled, pairs); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func numbers(list string) (all []int, err error) {
	if list == "" {
		return nil, nil
	}
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is no list of numbers", list)
		}
		all = append(all, n)
	}
	return all, nil
}

func run(ctx context.Context, sizeList, latencyList, provider string, throttled throttledSettings, pairs *pairs) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	sizes, err := numbers(sizeList)
	if err != nil {
		return err
	}
	latencies, err := numbers(latencyList)
	if err != nil {
		return err
	}
	b, err := prepare(ctx, provider)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.folder) }()
	b.states = newStates()
	backend := httptest.NewServer(b.states)
	defer backend.Close()
	b.backend = backend.URL
	if pairs.count > 0 {
		return pairs.run(ctx, b)
	}
	if len(sizes) > 0 {
		if err := b.atFullSpeed(ctx, sizes, latencies); err != nil {
			return err
		}
	}
	if throttled.plan > 0 {
		if err := b.underThrottling(ctx, throttled); err != nil {
			return err
		}
	}
	b.printEndpoints()
	return nil
}

// atFullSpeed measures all steps for each number of projects and each latency.
func (b *bench) atFullSpeed(ctx context.Context, sizes, latencies []int) error {
	fmt.Println("| projects | latency | step | requests | least possible | ratio | seconds | provider's peak memory |")
	fmt.Println("|---:|---:|---|---:|---:|---:|---:|---:|")
	for _, latency := range latencies {
		for _, size := range sizes {
			if err := b.measure(ctx, size, latency); err != nil {
				return fmt.Errorf("%d projects at %d ms: %w", size, latency, err)
			}
		}
	}
	return nil
}

// printEndpoints says where the requests of the last measurement went.
func (b *bench) printEndpoints() {
	fmt.Printf("\nThe last of these, by endpoint:\n\n| step | endpoint | requests | refused |\n|---|---|---:|---:|\n")
	for _, line := range b.endpoints {
		fmt.Println(line)
	}
}

// bench has the data that the measurements share.
type bench struct {
	folder, terraform, program, backend string
	states                              *states
	environment                         map[string]string
	// noReadAhead turns off that the provider reads ahead.
	noReadAhead bool
	// endpoints are the lines of the last measurement's second table.
	endpoints []string
}

func prepare(ctx context.Context, provider string) (*bench, error) {
	root, err := terraform.Root(ctx)
	if err != nil {
		return nil, err
	}
	binary, err := terraform.Find(ctx, root)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "openai-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{folder: folder, terraform: binary}
	if b.environment, err = terraform.Environment(ctx, root, folder); err != nil {
		return b, err
	}
	if provider == "" {
		provider = filepath.Join(folder, "terraform-provider-openai")
	}
	if b.program, err = b.mirror(provider); err != nil {
		return b, err
	}
	return b, terraform.Build(ctx, root, "./cmd/openai-admin", filepath.Join(folder, "openai-admin"))
}

// root is an organization of many projects, each a module: with count on
// resources that refer to each other, Terraform itself would take minutes where
// there are thousands.
const root = `
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

variable "refresh_mode" {
  type    = string
  default = "full"
}

provider "openai" {
  refresh_mode = var.refresh_mode
%[4]s}

variable "limit_usd" {
  type    = number
  default = 50
}

module "team" {
  count     = %[3]d
  source    = "./team"
  name      = "team-${count.index}"
  limit_usd = count.index == 0 ? var.limit_usd : 50
}
`

// team is one project with all that belongs to it.
func team() string {
	var rates strings.Builder
	for _, model := range models {
		fmt.Fprintf(&rates, `
resource "openai_project_rate_limit" "%[1]s" {
  project_id                = openai_project.p.id
  model                     = %[2]q
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

variable "limit_usd" {
  type = number
}

resource "openai_project" "p" {
  name = var.name
}

resource "openai_project_service_account" "a" {
  project_id = openai_project.p.id
  name       = "service"
}

resource "openai_project_api_key" "k" {
  project_id         = openai_project.p.id
  service_account_id = openai_project_service_account.a.id
  name               = "service"
}

resource "openai_project_spend_limit" "l" {
  project_id    = openai_project.p.id
  threshold_usd = var.limit_usd
}

resource "openai_project_spend_alert" "s" {
  project_id                      = openai_project.p.id
  threshold_usd                   = 40
  notification_channel_recipients = ["finops@example.com"]
}
`, address) + rates.String()
}

var models = []string{"gpt-5", "gpt-4o", "gpt-4o-mini", "gpt-image-1", "whisper-1"}

// leastReads is the minimum of reads of a full refresh: every page of every
// list, and every limit, because limits have no list.
func leastReads(size int) int {
	pages := (size + 1 + 99) / 100
	return pages + 5*size
}

// leastByLog is every page of the audit log, and the objects without events:
// the limits and the lists of alerts.
func leastByLog(size int) int {
	events := size * (1 + 2 + 1 + len(models))
	return (events+99)/100 + 2*size
}

var byLog = tfexec.Var("refresh_mode=audit_log")

// leastWrites is one request for each object, one for the role of each
// account, and one read of each list of rate limits.
func leastWrites(size int) int {
	return size * (5 + 1 + len(models) + 1)
}

type step struct {
	name  string
	least func(size int) int
	run   func(ctx context.Context, tf *tfexec.Terraform) error
}

var steps = []step{
	// With the audit log, so that it is noted when each object was seen.
	{"apply", leastWrites, func(ctx context.Context, tf *tfexec.Terraform) error { return tf.Apply(ctx, byLog) }},
	{"plan, no change", leastReads, func(ctx context.Context, tf *tfexec.Terraform) error { return planned(tf.Plan(ctx))(false) }},
	{"plan, one change", leastReads, func(ctx context.Context, tf *tfexec.Terraform) error {
		return planned(tf.Plan(ctx, tfexec.Var("limit_usd=75")))(true)
	}},
	{"plan by the audit log, no change", leastByLog, func(ctx context.Context, tf *tfexec.Terraform) error { return planned(tf.Plan(ctx, byLog))(false) }},
	// Rate limits are restored, limits, alerts, keys and accounts removed, and
	// projects archived, after a refresh.
	{"destroy", func(size int) int { return leastReads(size) + size*(5+len(models)) }, func(ctx context.Context, tf *tfexec.Terraform) error { return tf.Destroy(ctx) }},
}

// planned checks that a plan has changes, or none.
func planned(changes bool, err error) func(want bool) error {
	return func(want bool) error {
		if err == nil && changes != want {
			err = fmt.Errorf("the plan has changes: %v", changes)
		}
		return err
	}
}

// organization makes a folder with the configuration of an organization.
func (b *bench) organization(size int) (string, error) {
	settings := ""
	if b.noReadAhead {
		settings = "  read_ahead   = false\n"
	}
	return b.configuration(team(), func(state string) string { return fmt.Sprintf(root, address, state, size, settings) })
}

// configuration makes a folder with a module for a team, and with a root that
// keeps its state at this address.
func (b *bench) configuration(team string, root func(state string) string) (string, error) {
	work, err := os.MkdirTemp(b.folder, "work-")
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(filepath.Join(work, "team"), 0o700); err != nil {
		return "", err
	}
	for name, content := range map[string]string{"main.tf": root(b.backend + "/" + filepath.Base(work)), "team/main.tf": team} {
		if err := os.WriteFile(filepath.Join(work, name), []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	return work, nil
}

func (b *bench) measure(ctx context.Context, size, latency int) error {
	work, err := b.organization(size)
	if err != nil {
		return err
	}
	flags, err := b.latencyFlags(latency)
	if err != nil {
		return err
	}
	b.endpoints = nil
	return b.withEmulator(ctx, flags, func(e *emulator.Emulator) error { return b.runSteps(ctx, work, e, size, latency) })
}

// latencyFlags make the emulator answer this many milliseconds later.
func (b *bench) latencyFlags(latency int) ([]string, error) {
	if latency == 0 {
		return nil, nil
	}
	faults := filepath.Join(b.folder, "latency.yaml")
	return []string{"--faults", faults}, os.WriteFile(faults, fmt.Appendf(nil, "faults:\n  - fault: latency\n    delay: %dms\n", latency), 0o600)
}

// withEmulator does something while an emulator with these flags runs.
func (b *bench) withEmulator(ctx context.Context, flags []string, do func(*emulator.Emulator) error) (err error) {
	e, err := emulator.Start(ctx, filepath.Join(b.folder, "openai-admin"), flags...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Stop()) }()
	return do(e)
}

// terraformIn is Terraform in a folder, initialized, for an emulator.
func (b *bench) terraformIn(ctx context.Context, work string, e *emulator.Emulator) (*tfexec.Terraform, error) {
	tf, err := tfexec.NewTerraform(work, b.terraform)
	if err != nil {
		return nil, err
	}
	environment := maps.Clone(b.environment)
	environment["OPENAI_BASE_URL"], environment["OPENAI_ADMIN_KEY"] = e.URL+"/v1", e.AdminKey
	if e.ClockSpeed != "" {
		environment[emulator.ClockSpeedVariable] = e.ClockSpeed
	}
	if err := tf.SetEnv(environment); err != nil {
		return nil, err
	}
	return tf, tf.Init(ctx)
}

// runSteps runs the steps against an emulator, a line for each.
func (b *bench) runSteps(ctx context.Context, work string, e *emulator.Emulator, size, latency int) error {
	tf, err := b.terraformIn(ctx, work, e)
	if err != nil {
		return err
	}
	for _, s := range steps {
		before, err := e.Last(ctx)
		if err != nil {
			return err
		}
		watch := watchMemory(b.program)
		began := time.Now()
		err = s.run(ctx, tf)
		seconds, peak := time.Since(began).Seconds(), watch()
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		requests, err := e.Requests(ctx, before)
		if err != nil {
			return err
		}
		least := s.least(size)
		b.count(s.name, requests)
		fmt.Printf("| %d | %d ms | %s | %d | %d | %.2f | %.1f | %.0f MiB |\n",
			size, latency, s.name, len(requests), least, float64(len(requests))/float64(least), seconds, peak)
	}
	return nil
}

// count keeps where the requests of a step went, the busiest endpoint first.
func (b *bench) count(step string, requests []emulator.Request) {
	byEndpoint := map[string][]emulator.Request{}
	for _, r := range requests {
		endpoint := r.Method + " " + r.Route
		byEndpoint[endpoint] = append(byEndpoint[endpoint], r)
	}
	busiestFirst := func(a, b string) int {
		return cmp.Or(len(byEndpoint[b])-len(byEndpoint[a]), strings.Compare(a, b))
	}
	for _, endpoint := range slices.SortedFunc(maps.Keys(byEndpoint), busiestFirst) {
		all, refused := byEndpoint[endpoint], refusals(byEndpoint[endpoint])
		b.endpoints = append(b.endpoints, fmt.Sprintf("| %s | `%s` | %d | %d |", step, endpoint, len(all)-refused, refused))
	}
}
