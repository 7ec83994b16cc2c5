package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// step is one terraform apply of a configuration, or a removal when there is
// none.
type step struct {
	config               map[string]any
	replace, createFirst bool
	// trigger is the value in replace_triggered_by that replaces the object.
	trigger string
	// separately plans into a file, and applies that in another process.
	separately bool
	// destroy is terraform destroy, where a step without a configuration only
	// removes the block.
	destroy bool
}

// outcome is the outcome of a step: the calls of the provider, the diagnostics
// of Terraform, and the objects in state afterwards.
type outcome struct{ Calls, Diagnostics, State []string }

// fact is something that Terraform lets a provider know, or not know. The
// driver and the real Terraform must ask the same of the provider.
type fact struct {
	name string
	// state begins with a state that another provider has written.
	state        string
	stateVersion int64
	// unordered is a fact where Terraform asks several things at once.
	unordered bool
	steps     []step
}

func named(name string) map[string]any { return map[string]any{"name": name} }

func fixed(name, value string) map[string]any { return map[string]any{"name": name, "fixed": value} }

func faulty(name, fault string) map[string]any { return map[string]any{"name": name, "fault": fault} }

const foreign = `{"id":"foreign","name":"a","fixed":null,"note":"b","tags":["c"],"fault":null,"api_key":"x","timeouts":{"create":"1m"}}`

var facts = []fact{
	{name: "create without private state, unchanged, update, delete", steps: []step{{config: named("a")}, {config: named("a")}, {config: named("b")}, {}}},
	{name: "plan and apply in two processes", steps: []step{{config: named("a"), separately: true}, {config: named("b"), separately: true}, {config: fixed("b", "x"), separately: true}}},
	{name: "tainted object", steps: []step{{config: faulty("a", "fails to create")}, {config: named("a")}}},
	{name: "tainted object, create before destroy", steps: []step{{config: faulty("a", "fails to create"), createFirst: true}, {config: named("a"), createFirst: true}}},
	{name: "tainted object that cannot be deleted", steps: []step{{config: faulty("stays", "fails to create")}, {config: named("a")}}},
	{name: "tainted object, destroyed", steps: []step{{config: faulty("a", "fails to create")}, {}}},
	{name: "foreign state at an equal version", state: foreign, stateVersion: 1, steps: []step{{config: map[string]any{"name": "a", "tags": []string{"c"}}}}},
	{name: "foreign state of an older version", state: foreign, stateVersion: 0, steps: []step{{config: named("a")}}},
	{name: "replacement", steps: []step{{config: fixed("a", "x")}, {config: fixed("a", "y")}}},
	{name: "replacement, create before destroy", steps: []step{{config: fixed("a", "x"), createFirst: true}, {config: fixed("a", "y"), createFirst: true}}},
	{name: "replacement that cannot be planned", steps: []step{{config: fixed("a", "x")}, {config: map[string]any{"name": "a", "fixed": "y", "fault": "fails second plan"}}}},
	{name: "replacement that cannot be deleted", steps: []step{{config: fixed("stays", "x")}, {config: fixed("a", "y")}, {config: fixed("a", "y")}}},
	{name: "deposed object that cannot be deleted", unordered: true, steps: []step{{config: fixed("stays", "x"), createFirst: true}, {config: fixed("a", "y"), createFirst: true}, {config: fixed("a", "y"), createFirst: true}}},
	{name: "replacement that fails after the old object is deleted", steps: []step{{config: fixed("a", "x")}, {config: map[string]any{"fixed": "y", "fault": "fails to create without state"}}}},
	{name: "replacement that fails before the old object is deleted", steps: []step{{config: fixed("a", "x"), createFirst: true}, {config: map[string]any{"fixed": "y", "fault": "fails to create without state"}, createFirst: true}}},
	{name: "replacement that fails by half before the old object is deleted", unordered: true, steps: []step{{config: fixed("a", "x"), createFirst: true}, {config: map[string]any{"fixed": "y", "fault": "fails to create"}, createFirst: true}, {config: fixed("a", "y"), createFirst: true}}},
	{name: "forced replacement", steps: []step{{config: named("a")}, {config: named("a"), replace: true}, {config: named("b"), replace: true, createFirst: true}}},
	{name: "triggered replacement", steps: []step{{config: named("a"), trigger: "1"}, {config: named("a"), trigger: "2"}}},
	{name: "failing update", steps: []step{{config: named("a")}, {config: faulty("b", "fails to update")}, {config: named("b")}}},
	{name: "failing create without state", steps: []step{{config: faulty("a", "fails to create without state")}}},
	{name: "failing delete", steps: []step{{config: named("stays")}, {}}},
	{name: "object removed outside", steps: []step{{config: named("removed outside")}, {config: named("a")}}},
	{name: "block of a changed object removed", steps: []step{{config: named("changed outside")}, {}}},
	{name: "block of an object removed outside removed", steps: []step{{config: named("removed outside")}, {}}},
	{name: "destroy", steps: []step{{config: named("a")}, {config: named("a"), destroy: true}}},
	{name: "destroy of a changed object", steps: []step{{config: named("changed outside")}, {config: named("changed outside"), destroy: true}}},
	{name: "composed strings", steps: []step{{config: map[string]any{"name": "e\u0301", "tags": []string{"z", "e\u0301", "a"}, "fault": "returns a decomposed note"}}, {config: map[string]any{"name": "\u00e9", "tags": []string{"a", "z", "\u00e9"}, "fault": "returns a decomposed note"}}}},
	{name: "plan that disagrees with the configuration", steps: []step{{config: faulty("a", "plans another name")}, {config: named("a")}, {config: faulty("a", "plans another name")}}},
	{name: "result that disagrees with the plan", steps: []step{{config: faulty("a", "returns another name")}, {config: named("a")}, {config: faulty("a", "returns another name")}}},
	{name: "plan that changes during apply", steps: []step{{config: faulty("a", "plans another note")}, {config: named("a")}, {config: faulty("a", "plans another note")}}},
	{name: "warnings of plan and apply", steps: []step{{config: faulty("a", "warns")}, {config: faulty("b", "warns")}}},
}

// player applies configurations to one object.
type player interface {
	// apply returns the summaries of errors and rules that were broken.
	apply(t *testing.T, s step) (problems []string)
	// objects lists the objects in state.
	objects(t *testing.T) []string
}

// driverPlayer plays with the driver, each step with commands of its own.
type driverPlayer struct {
	r            *recorder
	object       *Object
	trigger      string
	state        []byte
	stateVersion int64
}

func (p *driverPlayer) driver(t *testing.T, broken *[]string) *Driver {
	d := newDriver(t, p.r, p.r.schemas, nil)
	d.onBug = func(_ testing.TB, summary, _ string) { *broken = append(*broken, summary) }
	return d
}

func (p *driverPlayer) apply(t *testing.T, s step) (problems []string) {
	t.Helper()
	var broken []string
	planner := p.driver(t, &broken)
	var all []*tfprotov6.Diagnostic
	keep := func(object *Object, diags []*tfprotov6.Diagnostic) { p.object, all = object, append(all, diags...) }
	if p.state != nil {
		keep(planner.FromForeignState(t, recorded, p.stateVersion, p.state))
		p.state = nil
	}
	if s.config == nil {
		// Only the block is removed: the plan is older than the refresh.
		plan := planner.Plan(t, recorded, p.object, nil)
		all = plan.Diagnostics
		if keep(planner.Refresh(t, p.object)); p.object != nil {
			keep(p.driver(t, &broken).ApplyPlan(t, plan))
		}
		return summaries(all)
	}
	if p.object != nil {
		keep(planner.Refresh(t, p.object))
	}
	var options []PlanOption
	if s.replace || s.trigger != p.trigger && p.object != nil {
		options = append(options, ForceReplace)
	}
	p.trigger = s.trigger
	if s.createFirst {
		options = append(options, CreateBeforeDestroy)
	}
	plan := planner.Plan(t, recorded, p.object, s.config, options...)
	if s.destroy {
		// The plan of the configuration only serves to refresh.
		plan = p.driver(t, &broken).Plan(t, recorded, p.object, nil)
	}
	if all = append(all, plan.Diagnostics...); !plan.Failed() {
		keep(p.driver(t, &broken).ApplyPlan(t, plan))
	}
	return summaries(all)
}

func summaries(diags []*tfprotov6.Diagnostic) (all []string) {
	for _, diag := range diags {
		all = append(all, summary(diag.Severity == tfprotov6.DiagnosticSeverityError, diag.Summary, diag.Detail))
	}
	return all
}

// summary leaves out the details of errors, which name the object in
// Terraform's way.
func summary(isError bool, text, detail string) string {
	if isError {
		return "Error: " + text
	}
	return "Warning: " + text + ": " + detail
}

func (p *driverPlayer) objects(*testing.T) (all []string) {
	if p.object == nil {
		return nil
	}
	if p.object.exists() {
		all = append(all, describe(brief(p.object.state), p.object.Tainted, false, p.object.private))
	}
	for _, deposed := range p.object.Deposed {
		all = append(all, describe(brief(deposed.state), deposed.Tainted, true, deposed.private))
	}
	return all
}

func describe(state string, tainted, deposed bool, kept []byte) string {
	if tainted {
		state += " tainted"
	}
	if deposed {
		state += " deposed"
	}
	return strings.TrimSpace(state + " " + private(kept))
}

// terraformPlayer plays with the real Terraform, to which the recorder is
// attached.
type terraformPlayer struct {
	r      *recorder
	dir    string
	attach string
}

func newTerraformPlayer(t *testing.T, r *recorder) *terraformPlayer {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	attached, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		if err := tf6server.Serve("registry.terraform.io/test/record", func() tfprotov6.ProviderServer { return r },
			tf6server.WithDebug(ctx, attached, closed), tf6server.WithoutLogStderrOverride()); err != nil {
			t.Error(err)
		}
	}()
	config := <-attached
	t.Cleanup(func() {
		cancel()
		<-closed
	})
	encoded, err := json.Marshal(map[string]any{"registry.terraform.io/test/record": map[string]any{
		"Protocol": string(config.Protocol), "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": true,
		"Addr": map[string]any{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return &terraformPlayer{r: r, dir: t.TempDir(), attach: string(encoded)}
}

func (p *terraformPlayer) run(t *testing.T, args ...string) (problems []string) {
	t.Helper()
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		terraform = "terraform"
	}
	var out, stderr bytes.Buffer
	command := exec.CommandContext(t.Context(), terraform, args...)
	command.Dir, command.Stdout, command.Stderr = p.dir, &out, &stderr
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "CHECKPOINT_DISABLE=1", "TF_REATTACH_PROVIDERS=" + p.attach}
	failure := command.Run()
	for line := range strings.Lines(out.String()) {
		var message struct {
			Diagnostic *struct{ Severity, Summary, Detail string }
		}
		if json.Unmarshal([]byte(line), &message) == nil && message.Diagnostic != nil {
			problems = append(problems, summary(message.Diagnostic.Severity == "error", message.Diagnostic.Summary, message.Diagnostic.Detail))
		}
	}
	if failure != nil && len(problems) == 0 {
		t.Fatalf("%s: %v\n%s%s", strings.Join(args, " "), failure, &out, &stderr)
	}
	return problems
}

func (p *terraformPlayer) apply(t *testing.T, s step) (problems []string) {
	t.Helper()
	resources := map[string]any{}
	if s.config != nil {
		block := maps.Clone(s.config)
		lifecycle := map[string]any{"create_before_destroy": s.createFirst}
		all := map[string]any{recorded: map[string]any{"it": block}}
		if s.trigger != "" {
			lifecycle["replace_triggered_by"] = []string{"terraform_data.trigger"}
			all["terraform_data"] = map[string]any{"trigger": map[string]any{"input": s.trigger}}
		}
		block["lifecycle"], resources["resource"] = lifecycle, all
	}
	resources["terraform"] = map[string]any{"required_providers": map[string]any{"record": map[string]any{"source": "test/record"}}}
	resources["provider"] = map[string]any{"record": map[string]any{}}
	encoded, err := json.Marshal(resources)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "main.tf.json"), encoded, 0o600); err != nil {
		t.Fatal(err)
	}
	var more []string
	if s.replace {
		more = append(more, "-replace="+recorded+".it")
	}
	if s.destroy {
		return p.run(t, "destroy", "-json", "-input=false", "-auto-approve")
	}
	if s.separately {
		problems = p.run(t, append([]string{"plan", "-json", "-input=false", "-out=plan"}, more...)...)
		return append(problems, p.run(t, "apply", "-json", "-input=false", "plan")...)
	}
	return p.run(t, append([]string{"apply", "-json", "-input=false", "-auto-approve"}, more...)...)
}

// begin writes a state of another provider.
func (p *terraformPlayer) begin(t *testing.T, version int64, attributes string) {
	t.Helper()
	state := fmt.Sprintf(`{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"a","outputs":{},"resources":[{"mode":"managed","type":%q,"name":"it",
"provider":"provider[\"registry.terraform.io/test/record\"]","instances":[{"schema_version":%d,"attributes":%s}]}]}`, recorded, version, attributes)
	if err := os.WriteFile(filepath.Join(p.dir, "terraform.tfstate"), []byte(state), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p *terraformPlayer) objects(t *testing.T) (all []string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(p.dir, "terraform.tfstate"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct {
				Status, Deposed string
				Attributes      json.RawMessage
				Private         []byte
			}
		}
	}
	if err := json.Unmarshal(content, &state); err != nil {
		t.Fatal(err)
	}
	kind := p.r.schemas.resources[recorded].kind
	for _, r := range state.Resources {
		if r.Type != recorded {
			continue
		}
		for _, instance := range r.Instances {
			value, err := decode(&tfprotov6.DynamicValue{JSON: instance.Attributes}, kind)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, describe(brief(value), instance.Status == "tainted", instance.Deposed != "", instance.Private))
		}
	}
	return all
}

func (f fact) play(t *testing.T, r *recorder, p player) (outcomes []outcome) {
	t.Helper()
	for _, s := range f.steps {
		problems := p.apply(t, s)
		// Terraform upgrades an object that it reads from a state many times.
		upgraded := f.state == ""
		o := outcome{State: p.objects(t), Diagnostics: problems, Calls: slices.DeleteFunc(r.flush(), func(call string) bool {
			again := strings.HasPrefix(call, "upgrade") && upgraded
			upgraded = upgraded || strings.HasPrefix(call, "upgrade")
			return again
		})}
		if f.unordered {
			o.Calls, o.Diagnostics, o.State = unordered(o.Calls), unordered(o.Diagnostics), unordered(o.State)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes
}

var number = regexp.MustCompile(`(plan:|Plan )\d+`)

// unordered sorts lines, and leaves out the numbers of plans.
func unordered(lines []string) (sorted []string) {
	for _, line := range lines {
		sorted = append(sorted, number.ReplaceAllString(line, "${1}n"))
	}
	slices.Sort(sorted)
	return sorted
}

// recordedFacts has the outcomes of the real Terraform. TestAccDriver compares
// with them, and writes them with UPDATE_FACTS=1.
const recordedFacts = "testdata/terraform.json"

func readFacts(t *testing.T) map[string][]outcome {
	t.Helper()
	content, err := os.ReadFile(recordedFacts)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string][]outcome
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func compareOutcomes(t *testing.T, got, expected []outcome) {
	t.Helper()
	if len(got) != len(expected) {
		t.Fatalf("%d steps, expected %d", len(got), len(expected))
	}
	for i := range got {
		compare(t, fmt.Sprintf("step %d: calls", i+1), got[i].Calls, expected[i].Calls)
		// Terraform collects the diagnostics of several nodes in any order.
		compare(t, fmt.Sprintf("step %d: diagnostics", i+1), slices.Sorted(slices.Values(got[i].Diagnostics)), slices.Sorted(slices.Values(expected[i].Diagnostics)))
		compare(t, fmt.Sprintf("step %d: state", i+1), got[i].State, expected[i].State)
	}
}

func compare(t *testing.T, what string, got, expected []string) {
	t.Helper()
	if !slices.Equal(got, expected) {
		t.Errorf("%s:\n\t%s\nexpected\n\t%s", what, strings.Join(got, "\n\t"), strings.Join(expected, "\n\t"))
	}
}

// TestDriver checks that the driver makes the same calls of a provider as
// Terraform.
func TestDriver(t *testing.T) {
	expected := readFacts(t)
	playFacts(t, func(t *testing.T, f fact, r *recorder) {
		p := &driverPlayer{r: r}
		if f.state != "" {
			p.state, p.stateVersion = []byte(f.state), f.stateVersion
		}
		compareOutcomes(t, f.play(t, r, p), expected[f.name])
	})
}

// playFacts runs a test for each fact, with a provider that records its calls.
func playFacts(t *testing.T, play func(t *testing.T, f fact, r *recorder)) {
	for _, f := range facts {
		t.Run(f.name, func(t *testing.T) {
			r, err := newRecorder()
			if err != nil {
				t.Fatal(err)
			}
			play(t, f, r)
		})
	}
}

// TestAccDriver checks that the real Terraform asks the same.
func TestAccDriver(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set")
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"} {
		t.Setenv(name, "OFF")
	}
	update := os.Getenv("UPDATE_FACTS") != ""
	outcomes := map[string][]outcome{}
	playFacts(t, func(t *testing.T, f fact, r *recorder) {
		p := newTerraformPlayer(t, r)
		if f.state != "" {
			p.begin(t, f.stateVersion, f.state)
		}
		outcomes[f.name] = f.play(t, r, p)
		if !update {
			compareOutcomes(t, outcomes[f.name], readFacts(t)[f.name])
		}
	})
	if !update {
		return
	}
	encoded, err := json.MarshalIndent(outcomes, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recordedFacts, append(encoded, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}
