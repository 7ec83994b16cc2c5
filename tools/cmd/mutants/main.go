// Mutants breaks the provider on purpose, one safety rule at a time, and checks
// that the tests notice.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// mutant is one wrong implementation of a rule: a text of one file that is
// replaced by another.
type mutant struct {
	rule int
	// forbidden is the text of the rule, which the mutant breaks.
	forbidden string
	// file is relative to the root of the repository. It has old exactly once.
	file     string
	old, new string
	// tests are the arguments of go test, tried in this order.
	tests []string
}

func main() {
	rule := flag.Int("rule", 0, "try the mutants of this rule only")
	only := flag.Int("only", 0, "try the mutant with this number only")
	list := flag.Bool("list", false, "list the mutants and exit")
	apply := flag.Bool("check", false, "only check that every mutant applies")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)

	var chosen []int
	for i, m := range mutants {
		if (*rule == 0 || m.rule == *rule) && (*only == 0 || *only == i+1) {
			chosen = append(chosen, i)
		}
	}
	if *list {
		for _, i := range chosen {
			fmt.Printf("%3d  rule %d  %s  %s\n", i+1, mutants[i].rule, mutants[i].file, mutants[i].forbidden)
		}
		return
	}
	err := run(ctx, chosen, *apply)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, chosen []int, applyOnly bool) (err error) {
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		return fmt.Errorf("finding the repository: %w", err)
	}
	repository := strings.TrimSpace(string(out))
	// Only committed files are tested, and the caller's files stay untouched. The
	// folder is always the same, so that the build cache helps.
	tree := filepath.Join(repository, "bin", "mutants")
	_ = git(ctx, repository, "worktree", "remove", "--force", tree) // of a run that was killed
	if err := git(ctx, repository, "worktree", "add", "--quiet", "--detach", tree, "HEAD"); err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, git(context.WithoutCancel(ctx), repository, "worktree", "remove", "--force", tree))
	}()

	started := time.Now()
	var failures []string
	for _, i := range chosen {
		m := mutants[i]
		at := time.Now()
		verdict, err := m.try(ctx, tree, applyOnly)
		if err != nil {
			return err
		}
		fmt.Printf("%3d  %-22s rule %d  %5.0f s  %s\n", i+1, verdict, m.rule, time.Since(at).Seconds(), m.forbidden)
		if verdict != killed && verdict != applies {
			failures = append(failures, strconv.Itoa(i+1))
		}
	}
	fmt.Printf("%d mutants in %s\n", len(chosen), time.Since(started).Round(time.Second))
	if len(failures) > 0 {
		return fmt.Errorf("not killed: %s", strings.Join(failures, ", "))
	}
	return nil
}

const (
	killed      = "killed"
	survived    = "SURVIVED"
	applies     = "applies"
	staleText   = "DOES NOT APPLY"
	notBuilding = "DOES NOT BUILD"
)

// try applies the mutant, runs its tests and takes it back.
func (m mutant) try(ctx context.Context, tree string, applyOnly bool) (verdict string, err error) {
	name := filepath.Join(tree, m.file)
	original, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return staleText, nil
	}
	if err != nil {
		return "", err
	}
	if strings.Count(string(original), m.old) != 1 {
		return staleText, nil
	}
	if applyOnly {
		return applies, nil
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(original), m.old, m.new, 1)), 0o600); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.WriteFile(name, original, 0o600)) }()
	for _, test := range m.tests {
		output, err := goCommand(ctx, tree, append([]string{"test", "-vet=off", "-failfast", "-timeout", "10m"}, strings.Fields(test)...)...)
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case err == nil:
			continue
		case strings.Contains(output, "[build failed]") || strings.Contains(output, "[setup failed]"):
			fmt.Println(output)
			return notBuilding, nil
		}
		for line := range strings.Lines(output) {
			if strings.HasPrefix(line, "--- FAIL") || strings.HasPrefix(line, "panic: ") {
				fmt.Print("     ", line)
				break
			}
		}
		return killed, nil
	}
	return survived, nil
}

func git(ctx context.Context, folder string, args ...string) error {
	command := exec.CommandContext(ctx, "git", append([]string{"-C", folder}, args...)...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w: %s", args[0], err, output)
	}
	return nil
}

func goCommand(ctx context.Context, folder string, args ...string) (output string, err error) {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = folder
	combined, err := command.CombinedOutput()
	return string(combined), err
}
