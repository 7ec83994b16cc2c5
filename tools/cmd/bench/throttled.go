package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"

	"github.com/allthingsai/terraform-provider-openai/tools/emulator"
)

// requestsPerMinute is what the profile openai takes from each endpoint.
const requestsPerMinute = 7

// throttledSettings say what is measured under the throttling of the real API: a
// number of projects for plans, one for apply and destroy, how many times as fast
// as the real time the API's clock runs, and whether the provider reads ahead.
type throttledSettings struct {
	plan, apply, speed int
	readAhead          bool
}

// throttledRun measures steps in the API's time.
type throttledRun struct {
	*bench
	emulator *emulator.Emulator
	size     int
	speed    int
}

// throttledStep is a command of Terraform. Its busiest endpoint gets so many
// requests, at the least.
type throttledStep struct {
	name    string
	busiest int
	run     func(ctx context.Context, tf *tfexec.Terraform) error
}

// leastMinutes is how long an endpoint needs for so many requests: it takes the
// first seven at once, and seven more at the end of each minute.
func leastMinutes(requests int) int { return (requests - 1) / requestsPerMinute }

func (b *bench) underThrottling(ctx context.Context, settings throttledSettings) error {
	b.endpoints, b.noReadAhead = nil, !settings.readAhead
	fmt.Printf("\nUnder the real API's throttling, %d times as fast as the real time:\n\n", settings.speed)
	fmt.Println("| projects | step | API minutes | least possible | ratio | seconds | requests | refused | read ahead, unused |")
	fmt.Println("|---:|---|---:|---:|---:|---:|---:|---:|---:|")
	if settings.plan > 0 {
		if err := b.throttledPlans(ctx, settings.plan, settings.speed); err != nil {
			return fmt.Errorf("planning %d projects: %w", settings.plan, err)
		}
	}
	if settings.apply > 0 {
		if err := b.throttledApply(ctx, settings.apply, settings.speed); err != nil {
			return fmt.Errorf("applying %d projects: %w", settings.apply, err)
		}
	}
	fmt.Println("\nAPI minutes are those between the first request and the last one, by the API's clock. Least possible are whole minutes of its busiest endpoint alone.")
	return nil
}

// throttledPlans builds at full speed, and plans as slowly as the real API lets
// it.
func (b *bench) throttledPlans(ctx context.Context, size, speed int) error {
	work, err := b.organization(size)
	if err != nil {
		return err
	}
	data := []string{"--data", filepath.Join(work, "organization.db")}
	err = b.withEmulator(ctx, data, func(e *emulator.Emulator) error {
		tf, err := b.terraformIn(ctx, work, e)
		if err != nil {
			return err
		}
		return steps[0].run(ctx, tf)
	})
	if err != nil {
		return err
	}
	return b.withThrottled(ctx, size, speed, data, func(t *throttledRun) error {
		tf, err := b.terraformIn(ctx, work, t.emulator)
		if err != nil {
			return err
		}
		// The limits have no list, and the list of alerts is one for each project.
		full := throttledStep{"plan, no change", size, steps[1].run}
		if err := t.measure(ctx, full, tf); err != nil {
			return err
		}
		if err := t.measure(ctx, throttledStep{"plan by the audit log, no change", size, steps[3].run}, tf); err != nil {
			return err
		}
		other, err := b.organization(size)
		if err != nil {
			return err
		}
		b.states.duplicate(filepath.Base(work), filepath.Base(other))
		second, err := b.terraformIn(ctx, other, t.emulator)
		if err != nil {
			return err
		}
		full.name, full.busiest = "two plans at the same time", 2*size
		return t.measure(ctx, full, tf, second)
	})
}

// throttledApply builds and destroys under throttling.
func (b *bench) throttledApply(ctx context.Context, size, speed int) error {
	work, err := b.organization(size)
	if err != nil {
		return err
	}
	return b.withThrottled(ctx, size, speed, nil, func(t *throttledRun) error {
		tf, err := b.terraformIn(ctx, work, t.emulator)
		if err != nil {
			return err
		}
		// Each rate limit is set by a request, and restored by one.
		if err := t.measure(ctx, throttledStep{"apply", size * len(models), func(ctx context.Context, tf *tfexec.Terraform) error { return tf.Apply(ctx) }}, tf); err != nil {
			return err
		}
		return t.measure(ctx, throttledStep{"destroy", size * len(models), func(ctx context.Context, tf *tfexec.Terraform) error { return tf.Destroy(ctx) }}, tf)
	})
}

func (b *bench) withThrottled(ctx context.Context, size, speed int, flags []string, do func(*throttledRun) error) error {
	flags = append(flags, "--profile", "openai", "--clock-speed", strconv.Itoa(speed))
	return b.withEmulator(ctx, flags, func(e *emulator.Emulator) error {
		return do(&throttledRun{bench: b, emulator: e, size: size, speed: speed})
	})
}

// measure runs a step in one or more folders at the same time, and prints a
// line. The endpoints have had a minute without requests before.
func (t *throttledRun) measure(ctx context.Context, step throttledStep, runs ...*tfexec.Terraform) error {
	select {
	case <-time.After(time.Minute / time.Duration(t.speed)):
	case <-ctx.Done():
		return ctx.Err()
	}
	before, err := t.emulator.Last(ctx)
	if err != nil {
		return err
	}
	logs, failures := make([]string, len(runs)), make([]error, len(runs))
	for i, tf := range runs {
		logs[i] = filepath.Join(tf.WorkingDir(), step.name+".log")
		if err := errors.Join(tf.SetLogProvider("INFO"), tf.SetLogPath(logs[i])); err != nil {
			return err
		}
	}
	began := time.Now()
	var all sync.WaitGroup
	for i, tf := range runs {
		all.Go(func() { failures[i] = step.run(ctx, tf) })
	}
	all.Wait()
	seconds := time.Since(began).Seconds()
	if err := errors.Join(failures...); err != nil {
		return fmt.Errorf("%s: %w", step.name, err)
	}
	requests, err := t.emulator.Requests(ctx, before)
	if err != nil {
		return err
	}
	if len(requests) == 0 {
		return fmt.Errorf("%s: it sent no requests", step.name)
	}
	t.count(step.name, requests)
	ahead, err := readAheadIn(logs)
	if err != nil {
		return err
	}
	minutes, least := requests[len(requests)-1].At.Sub(requests[0].At).Minutes(), leastMinutes(step.busiest)
	ratio := "-"
	if least > 0 {
		ratio = fmt.Sprintf("%.2f", minutes/float64(least))
	}
	refused := refusals(requests)
	fmt.Printf("| %d | %s | %.1f | %d | %s | %.1f | %d | %d | %s |\n",
		t.size, step.name, minutes, least, ratio, seconds, len(requests)-refused, refused, ahead)
	return nil
}

func refusals(requests []emulator.Request) (n int) {
	for _, r := range requests {
		if r.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

// readAheadIn adds up what the logs of several runs say, for the table.
func readAheadIn(logs []string) (string, error) {
	requests, unused, known := 0, 0, false
	for _, log := range logs {
		r, u, ok, err := readAhead(log)
		if err != nil {
			return "", err
		}
		requests, unused, known = requests+r, unused+u, known || ok
	}
	if !known {
		return "-", nil
	}
	return fmt.Sprintf("%d, %d", requests, unused), nil
}

// The provider's line in Terraform's log, which is text or JSON, and the line
// with which Terraform starts a process of it.
const (
	readAheadMessage = "read ahead in all"
	startMessage     = "configuring client automatic mTLS"
)

var (
	readAheadRequests = regexp.MustCompile(`\brequests"?[=:](\d+)`)
	readAheadUnused   = regexp.MustCompile(`\bunused"?[=:](\d+)`)
)

// readAhead adds up how many requests the processes of the provider have read
// ahead, and how many of them for nothing. The last line of each process counts.
// Not known means that no process has written one.
func readAhead(logPath string) (requests, unused int, known bool, err error) {
	file, err := os.Open(logPath)
	if err != nil {
		return 0, 0, false, err
	}
	defer func() { _ = file.Close() }()
	var last [2]int
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.Contains(line, startMessage):
			requests, unused, last = requests+last[0], unused+last[1], [2]int{}
		case strings.Contains(line, readAheadMessage):
			known = true
			for i, pattern := range []*regexp.Regexp{readAheadRequests, readAheadUnused} {
				found := pattern.FindStringSubmatch(line)
				if found == nil {
					return 0, 0, false, fmt.Errorf("%s: no numbers in %q", logPath, line)
				}
				last[i], _ = strconv.Atoi(found[1]) // the pattern has seen digits
			}
		}
	}
	return requests + last[0], unused + last[1], known, lines.Err()
}
