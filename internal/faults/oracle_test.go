package faults_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// oracleSequences is how many random sequences are played: those of a given
// seed alone, or as many as OPENAI_TEST_SEQUENCES says.
func oracleSequences(t *testing.T) int {
	text := os.Getenv("OPENAI_TEST_SEQUENCES")
	switch {
	case text != "":
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	case long():
		return 5000
	case os.Getenv("OPENAI_TEST_SEED") != "":
		return 1
	}
	return 30
}

// TestOracle plays random sequences of two states of one organization, and
// checks them from outside: every write is explained by a plan, every object is
// in a state, was there before or is named, and no address keeps failing.
func TestOracle(t *testing.T) {
	first := firstSeed(t)
	sequences := oracleSequences(t)
	var mu sync.Mutex
	var total oracleCounts
	t.Run("seed", func(t *testing.T) {
		for i := range sequences {
			seed := first + uint64(i)
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				counts, violations := playSequence(t, seed)
				mu.Lock()
				total.add(counts)
				total.violations += len(violations)
				mu.Unlock()
				for _, violation := range violations {
					t.Error(violation)
				}
				if len(violations) > 0 {
					t.Errorf("repeat with OPENAI_TEST_SEED=%d", seed)
				}
			})
		}
	})
	fmt.Printf("oracle: %d sequences from seed %d: %d operations, %d writes, %d faults, %d kills, %d foreign states, %d violations\n",
		sequences, first, total.operations, total.writes, total.struck, total.kills, total.foreign, total.violations)
	if total.writes == 0 || total.struck == 0 {
		t.Error("nothing was written, or no fault has struck")
	}
}

type oracleCounts struct{ operations, writes, struck, kills, foreign, violations int }

func (c *oracleCounts) add(other oracleCounts) {
	c.operations += other.operations
	c.writes += other.writes
	c.struck += other.struck
	c.kills += other.kills
	c.foreign += other.foreign
}

// target is the configuration of an address.
type target struct {
	subject int
	second  bool
	options []acctest.PlanOption
}

// holder is a state with its configuration.
type holder struct {
	name    string
	view    *world
	objects map[string]*acctest.Object
	targets map[string]target
	run     int
	// interrupted says that the last apply was killed, or that it could not say
	// whether an object was created. The same configuration is applied again
	// then, before it changes.
	interrupted bool
}

// sequence is one random sequence.
type sequence struct {
	t       testing.TB
	w       *world
	random  *rand.Rand
	states  []*holder
	records map[origin]*operationRecord
	mu      sync.Mutex
	said    map[string]*strings.Builder
	// heard are the diagnostics of the present operation.
	heard  []string
	log    []string
	counts oracleCounts
	// before is the content of the organization before the first operation.
	before inventory
}

// view is the world as one state sees it: with parents and people of its own.
func (w *world) view(t testing.TB, name string) *world {
	own := *w
	own.project = w.make(t, "/projects", map[string]any{"name": "world"})
	own.account = w.make(t, "/projects/"+own.project+"/service_accounts", map[string]any{"name": "world"})
	for _, group := range []*string{&own.people, &own.crew, &own.team, &own.guild} {
		*group = w.make(t, "/groups", map[string]any{"name": "world"})
	}
	own.member = "user-" + name
	return &own
}

// isExclusive reports whether the organization has one object of a type only.
func isExclusive(typeName string) bool { return !strings.Contains(registered[typeName].Path(), "*") }

// configuration is that of a target: as in the matrix, with names that belong
// to the state where the API wants them unique.
func (h *holder) configuration(at target) map[string]any {
	s := subjects[at.subject]
	configured := s.first(h.view)
	if at.second {
		configured = s.second(h.view)
	}
	configured = maps.Clone(configured)
	for name, value := range configured {
		switch value := value.(type) {
		case string:
			configured[name] = h.ownText(name, value)
			if name == "name" && specialOf(s.typeName).uniqueName {
				configured[name] = h.name + " " + value
			}
		case []string:
			own := slices.Clone(value)
			for i := range own {
				own[i] = h.ownText(name, own[i])
			}
			configured[name] = own
		}
	}
	return configured
}

func (h *holder) ownText(attribute, value string) string {
	switch {
	case attribute == "role_name":
		return h.name + " " + value
	case value == "bea@example.com": // here the invitation is of the same person as the member
		return h.name + "-ada@example.com"
	case value == "member@example.com", value == "ada@example.com":
		return h.name + "-" + value
	}
	return value
}

// conflicting subjects concern the same object.
func conflicting(a, b string) bool {
	both := []string{a, b}
	slices.Sort(both)
	return a == b && a != "openai_project_api_key" || slices.Equal(both, []string{"openai_invite", "openai_organization_member"}) ||
		// The removal of a person takes the memberships along.
		(a == "openai_organization_user" || b == "openai_organization_user")
}

func playSequence(t testing.TB, seed uint64) (oracleCounts, []string) {
	random := rand.New(rand.NewPCG(seed, seed))
	q := &sequence{t: t, random: random, records: map[origin]*operationRecord{}, said: map[string]*strings.Builder{}}
	q.w = newWorldOf(t, "a-member@example.com", "b-member@example.com", "f-member@example.com")
	var chosen []int
	for _, at := range random.Perm(len(subjects)) {
		if len(chosen) < 4 && !slices.ContainsFunc(chosen, func(other int) bool { return conflicting(subjects[at].typeName, subjects[other].typeName) }) {
			chosen = append(chosen, at)
		}
	}
	for _, name := range []string{"a", "b", "f"} {
		h := &holder{name: name, view: q.w.view(t, name), objects: map[string]*acctest.Object{}, targets: map[string]target{}}
		q.states = append(q.states, h)
		q.said[name] = &strings.Builder{}
		if name == "b" && random.IntN(2) == 0 {
			h.view.project, h.view.account = q.states[0].view.project, q.states[0].view.account
		}
	}
	// A third configuration has objects of the same names. They were there before.
	others := q.states[2]
	others.view.project, others.view.account = q.states[0].view.project, q.states[0].view.account
	for _, at := range chosen {
		if k := kinds[subjects[at].typeName]; k == serverNamed || k == secret {
			others.targets[others.address(at, "f")] = target{subject: at}
		}
	}
	if problems := q.operate(others, calm); len(problems) > 0 {
		return q.counts, []string{"before any fault: " + problems[0]}
	}
	q.w.clock.Advance(time.Duration(random.IntN(300)) * time.Second)
	q.states = q.states[:2]
	before, people := q.w.inventory(t)
	q.before = before
	sharedProject := q.states[0].view.project == q.states[1].view.project
	for range 4 + random.IntN(4) {
		h := q.states[random.IntN(2)]
		if h.interrupted {
			// Lists are current again, and a 404 is believed for every object.
			q.w.clock.Advance(transport.YoungAge + time.Minute)
		} else {
			q.makeForeign(h)
			q.reconfigure(h, chosen, sharedProject)
		}
		for _, problem := range q.operate(h, stormy) {
			if random.IntN(3) > 0 {
				q.followAdvice(h, problem)
			}
		}
		// A request that a gateway has given up is carried out before the next
		// operation begins: no client can order a write after one that it believes
		// lost.
		q.w.clock.Advance(10 * time.Second)
		if random.IntN(3) == 0 {
			q.w.clock.Advance(time.Duration(random.IntN(120)) * time.Second)
		}
	}
	// The faults end, and the requests that they have delayed are carried out.
	q.w.lab.Set(faultinjection.Plan{})
	q.w.clock.Advance(10 * time.Minute)
	violations := q.converge()
	after, _ := q.w.inventory(t)
	v := &verdicts{people: people, records: q.records, saidTo: map[string]string{}}
	for name, said := range q.said {
		v.saidTo[name] = said.String()
		v.said += said.String()
	}
	var held [][]*acctest.Object
	for _, h := range q.states {
		held = append(held, slices.Collect(maps.Values(h.objects)))
	}
	writes := q.w.journal.writes()
	violations = append(violations, v.writes(writes)...)
	violations = append(violations, v.objects(before, after, held...)...)
	q.counts.writes, q.counts.struck = len(writes), q.w.lab.Struck()
	if len(violations) > 0 || t.Failed() {
		t.Log("the operations were:\n" + strings.Join(q.log, "\n"))
	}
	return q.counts, violations
}

// address names a subject in a state.
func (h *holder) address(subject int, key string) string {
	return fmt.Sprintf("%s[%d][%q]", subjects[subject].typeName, subject, key)
}

// reconfigure changes the configuration of a state at random.
func (q *sequence) reconfigure(h *holder, chosen []int, sharedProject bool) {
	for _, at := range chosen {
		typeName := subjects[at].typeName
		if h.name == "b" && (isExclusive(typeName) || sharedProject && q.sharesSetting(at)) {
			continue
		}
		key := "x"
		for address, now := range h.targets {
			if now.subject == at {
				key = strings.Split(address, `"`)[1]
				delete(h.targets, address)
			}
		}
		stays := specialOf(subjects[at].typeName).cannotReturn
		if q.random.IntN(6) == 0 && !stays {
			continue // removed
		}
		next := target{subject: at, second: q.random.IntN(2) == 0}
		// A key of for_each is renamed without a moved block.
		if q.random.IntN(6) == 0 {
			key = map[string]string{"x": "y", "y": "x"}[key]
		}
		if q.random.IntN(6) == 0 && !stays {
			next.options = append(next.options, acctest.ForceReplace)
		}
		if q.random.IntN(3) == 0 {
			next.options = append(next.options, acctest.CreateBeforeDestroy)
		}
		h.targets[h.address(at, key)] = next
	}
}

// sharesSetting says whether two states of one project would own one object.
func (q *sequence) sharesSetting(at int) bool {
	k := kinds[subjects[at].typeName]
	_, inProject := subjects[at].first(q.w)["project_id"]
	return inProject && k != serverNamed && k != secret
}

// conditions are those of an operation.
type conditions int

const (
	calm conditions = iota
	stormy
)

// rules are random faults.
func (q *sequence) rules() []faultinjection.Rule {
	all := faults()
	maps.Copy(all, lateFaults())
	hints := oddHints()
	names, hintNames := slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(hints))
	var chosen []faultinjection.Rule
	for range q.random.IntN(4) {
		rule := all[names[q.random.IntN(len(names))]]
		if q.random.IntN(8) == 0 {
			rule = hints[hintNames[q.random.IntN(len(hintNames))]]
		}
		if rule.Fault == faultinjection.EnormousBody {
			continue
		}
		rule.Probability, rule.Times = 0.05+q.random.Float64()*0.3, 1+q.random.IntN(3)
		if q.random.IntN(2) == 0 && rule.Method == "" {
			rule.Method = "POST"
		}
		chosen = append(chosen, rule)
	}
	return chosen
}

// say keeps the diagnostics of a state, and returns the last error.
func (q *sequence) say(h *holder, diags []*tfprotov6.Diagnostic) (problem string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, d := range diags {
		text := d.Summary + ": " + d.Detail
		q.said[h.name].WriteString(text + "\n")
		q.heard = append(q.heard, strings.Join(strings.Fields(text), " "))
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			problem = text
		}
	}
	return problem
}

func (q *sequence) driver(h *holder) *acctest.Driver {
	return q.w.driverAt(q.t, q.w.faulty.URL+"/from/"+h.name+"/v1", q.w.clock)
}

// inDoubt are the words of an error after which an object may exist that it
// does not name.
var inDoubt = regexp.MustCompile("look for it among the newest objects|Should it appear later, import it")

// operate plans and applies the configuration of a state. It returns the
// errors, each with its address.
func (q *sequence) operate(h *holder, weather conditions) (problems []string) {
	h.run++
	q.counts.operations++
	record := &operationRecord{origin: origin{h.name, h.run, applying}}
	plan := faultinjection.Plan{}
	if weather == stormy {
		plan = faultinjection.Plan{Seed: q.random.Uint64(), Rules: q.rules()}
		defer q.w.lab.Set(faultinjection.Plan{})
	}
	logged := fmt.Sprintf("%s %d:", h.name, h.run)
	for _, rule := range plan.Rules {
		logged += fmt.Sprintf(" [%s %d %s]", rule.Fault, rule.Status, rule.Method)
	}
	wrote := len(q.w.journal.writes())
	q.heard = nil
	if killed := q.records[origin{h.name, h.run - 1, applying}]; h.interrupted && killed != nil {
		defer func() {
			killed.unsearched = slices.ContainsFunc(q.heard, func(text string) bool { return strings.HasPrefix(text, "Orphaned objects may not be reported") })
		}()
	}
	defer func() {
		for _, e := range q.w.journal.writes()[wrote:] {
			logged += fmt.Sprintf("\n    %s %s answers %d %s", e.method, e.path, e.status, e.id)
		}
		for _, text := range q.heard {
			logged += fmt.Sprintf("\n    says: %.600s", text)
		}
		for _, problem := range problems {
			logged += "\n    failed: " + strings.SplitN(problem, ": ", 2)[0]
		}
		q.log = append(q.log, logged)
	}()
	q.w.journal.set(origin{h.name, h.run, planning})
	// After an interruption, the faults have ended when the user plans again.
	if !h.interrupted {
		q.w.lab.Set(plan)
	}
	d := q.driver(h)
	addresses := slices.Sorted(maps.Keys(h.targets))
	for address := range h.objects {
		if _, configured := h.targets[address]; !configured {
			addresses = append(addresses, address)
		}
	}
	slices.Sort(addresses)
	for _, o := range h.objects {
		d.ReadState(q.t, o)
	}
	for _, address := range addresses {
		if o := h.objects[address]; o != nil {
			refreshed, diags := d.Refresh(q.t, o)
			if problem := q.say(h, diags); problem != "" {
				problems = append(problems, address+": "+problem)
				continue
			}
			h.set(address, refreshed)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	q.shuffle(addresses)
	plans := map[string]*acctest.Plan{}
	for _, address := range addresses {
		at, configured := h.targets[address]
		var config map[string]any
		typeName := ""
		if configured {
			config, typeName = h.configuration(at), subjects[at.subject].typeName
		}
		o := h.objects[address]
		if o != nil {
			typeName = o.Type
		}
		// -replace is an option of one command, which is repeated after a kill: a
		// replacement that was created first, without the destroy of the object in
		// state, is not searched for where nothing is created.
		options := at.options
		if o == nil || weather == calm && !h.interrupted {
			options = nil
		}
		if typeName == "" {
			continue
		}
		p := d.Plan(q.t, typeName, o, config, options...)
		if problem := q.say(h, p.Diagnostics); problem != "" {
			problems = append(problems, address+": "+problem)
			continue
		}
		plans[address] = p
		c := change{address: address, typeName: typeName, action: p.Action, prior: bag{}, own: bag{}, deposed: bag{}}
		if o != nil {
			c.prior.addObject(o)
			for _, deposed := range o.Deposed {
				c.deposed.addObject(deposed)
			}
		}
		c.own.addConfig(config)
		maps.Copy(c.own, c.prior)
		record.changes = append(record.changes, c)
		if p.Action != acctest.ActionNoOp {
			logged += fmt.Sprintf("\n    %s %s", p.Action, address)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	h.interrupted = false
	record.shown = strings.Join(q.heard, "\n")
	q.records[record.origin] = record
	q.w.lab.Set(plan)
	q.w.journal.set(record.origin)
	defer q.w.journal.set(origin{h.name, h.run, planning})
	// Terraform configures the provider again to apply.
	d = q.driver(h)
	for _, o := range h.objects {
		d.ReadState(q.t, o)
	}
	addresses = slices.DeleteFunc(addresses, func(address string) bool { return plans[address] == nil })
	q.shuffle(addresses)
	if weather == stormy && q.random.IntN(8) == 0 {
		q.w.journal.kill(h.name, 1+q.random.IntN(4))
		defer q.w.journal.revive()
	}
	apply := func(i int) {
		address := addresses[i]
		o, diags := d.ApplyPlan(q.t, plans[address])
		if q.w.journal.isKilled(h.name) {
			q.mu.Lock()
			defer q.mu.Unlock()
			logged += "\n    killed while it applied " + address
			if !h.interrupted {
				q.counts.kills++
			}
			h.interrupted = true
			return // its result is lost
		}
		failed := q.say(h, diags)
		q.mu.Lock()
		defer q.mu.Unlock()
		if failed != "" {
			problems = append(problems, address+": "+failed)
			h.interrupted = h.interrupted || inDoubt.MatchString(failed)
		}
		h.set(address, o)
		for at := range record.changes {
			if c := &record.changes[at]; c.address == address && o != nil {
				c.own.addObject(o)
			}
		}
	}
	if weather == stormy && q.random.IntN(3) == 0 {
		var group sync.WaitGroup
		for i := range addresses {
			group.Go(func() { apply(i) })
		}
		group.Wait()
		return problems
	}
	for i := range addresses {
		if apply(i); q.w.journal.isKilled(h.name) {
			break
		}
	}
	return problems
}

func (q *sequence) shuffle(addresses []string) {
	q.random.Shuffle(len(addresses), func(i, j int) { addresses[i], addresses[j] = addresses[j], addresses[i] })
}

func (h *holder) set(address string, o *acctest.Object) {
	if h.objects[address] = o; o == nil {
		delete(h.objects, address)
	}
}

// converge applies each state until nothing is left to change, and returns the
// errors that prevent that.
func (q *sequence) converge() (violations []string) {
	for _, h := range q.states {
		var problems []string
		for round := range 6 {
			problems = q.operate(h, calm)
			for _, problem := range problems {
				q.followAdvice(h, problem)
			}
			if len(problems) > 0 && round > 0 {
				q.removeOrphans(h)
			}
			if len(problems) == 0 && round > 1 {
				break
			}
		}
		if len(problems) > 0 {
			violations = append(violations, fmt.Sprintf("state %s still fails: %s", h.name, strings.Join(problems, "\n")))
			continue
		}
		d := q.driver(h)
		for _, address := range slices.Sorted(maps.Keys(h.targets)) {
			at := h.targets[address]
			typeName, o := subjects[at.subject].typeName, h.objects[address]
			if o == nil {
				violations = append(violations, fmt.Sprintf("%s of state %s is not in state", address, h.name))
				continue
			}
			refreshed, diags := d.Refresh(q.t, o)
			if problem := q.say(h, diags); problem != "" || refreshed == nil {
				violations = append(violations, fmt.Sprintf("%s of state %s was deleted or is not readable: %s", address, h.name, problem))
				continue
			}
			p := d.Plan(q.t, typeName, refreshed, h.configuration(at))
			if problem := q.say(h, p.Diagnostics); problem != "" || p.Action != acctest.ActionNoOp {
				violations = append(violations, fmt.Sprintf("%s of state %s: the last plan is %q %v, not empty: %s", address, h.name, p.Action, p.ChangedPaths, problem))
			}
		}
	}
	return violations
}
