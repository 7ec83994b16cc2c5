package planreview

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// reviewer makes a report.
type reviewer struct {
	report *Report
	rules  map[string]Rule
	found  map[string]*Finding
	// risks are by address, those of drift apart from those of changes.
	risks, driftRisks map[string]Severity
	// at is the time of the plan, zero where it has none.
	at time.Time
	// existing are limits that were read from the API.
	existing map[string]value
	names    *names
	clean    cleaner
	plan     planned
}

// planned has the parts of the plan that rules of other objects need, by the
// key of a project.
type planned struct {
	archived map[string]bool
	// limits are the hard limits that will be, changing those that change.
	limits   map[string]value
	changing map[string]bool
	// previous are the hard limits that end.
	previous map[string]value
	newKeys  []newKey
	// revoked are the service accounts of keys that are revoked.
	revoked map[string]bool
	// projects and organization add up their hard limits.
	projects, organization sum
	// created are the objects that begin, by their keys.
	created map[string][]createdObject
	// invited are the addresses at which persons join, by e-mail.
	invited map[string]string
}

// newKey is a key that is created.
type newKey struct{ scope, account, name string }

// change is one planned change of an object of ours.
type change struct {
	*resourceChange
	before, after value
	// made and ended say that an object begins or ends with it; both do when
	// it is replaced.
	made, ended bool
	// drifted says that it was changed outside Terraform.
	drifted bool
}

// Review reports the changes of a plan, and the risks that these rules find in it.
func Review(p *Plan, config Config) *Report {
	r := newReviewer(p)
	for _, rule := range config.Rules {
		r.rules[rule.ID] = rule
		if rule.Severity == Off {
			r.report.Checked.Off = append(r.report.Checked.Off, rule.ID)
		} else {
			r.report.Checked.Rules = append(r.report.Checked.Rules, rule)
		}
	}
	// Each object is decoded twice, so that they are not all in memory.
	for _, c := range p.changes {
		r.survey(newChange(c))
	}
	r.at, _ = time.Parse(time.RFC3339, p.timestamp) // older versions of Terraform write none
	for _, raw := range p.changes {
		c := newChange(raw)
		r.review(c)
		if !r.at.IsZero() {
			r.checkExpiry(c, r.at)
		}
	}
	for _, a := range p.actions {
		r.invoke(a)
	}
	r.drift(p.drift)
	r.report.Total, r.report.clean = r.total(), r.clean
	r.report.Checked.Resources, r.report.Checked.Others, r.report.Checked.OthersChanged = p.objects(), p.others, p.othersChanged
	r.report.Checked.Notes, r.report.Checked.Errored = notes(p), p.errored
	r.finish(config.Rules)
	return r.report
}

func newReviewer(p *Plan) *reviewer {
	return &reviewer{
		report: empty(),
		rules:  map[string]Rule{}, found: map[string]*Finding{}, risks: map[string]Severity{}, driftRisks: map[string]Severity{}, existing: p.existing,
		names: p.names, clean: newCleaner(p.secrets),
		plan: planned{archived: map[string]bool{}, limits: map[string]value{}, changing: map[string]bool{}, previous: map[string]value{}, revoked: map[string]bool{}, created: map[string][]createdObject{}, invited: map[string]string{}},
	}
}

// objects is how many objects of the provider the plan names. A plan with
// -refresh-only has no changes, only drift.
func (p *Plan) objects() int {
	n := len(p.changes)
	for _, c := range p.drift {
		if p.names.byAddress[c.Address] == nil {
			n++
		}
	}
	return n
}

// empty is a report whose JSON has lists where there is nothing.
func empty() *Report {
	return &Report{
		FormatVersion: "1.0",
		Findings:      []Finding{}, Limits: []LimitChange{}, Keys: []KeyChange{}, Members: []MemberChange{},
		Projects: []ProjectChange{}, Others: []OtherChange{}, Drift: []OtherChange{}, Actions: []ActionChange{},
		Checked: Checked{Rules: []Rule{}, Off: []string{}, Notes: []string{}},
	}
}

func newChange(c *resourceChange) *change {
	actions := c.Change.Actions
	return &change{
		resourceChange: c, before: c.Change.before(), after: c.Change.after(),
		made:  actions.Create() || actions.Replace(),
		ended: actions.Delete() || actions.Replace(),
	}
}

// nothing says that the object is the same after the change.
func (c *change) nothing() bool { return c.Change.Actions.NoOp() || c.Change.Actions.Read() }

// last is the object after the change, or before it when it ends.
func (c *change) last() value {
	if c.after.raw == nil {
		return c.before
	}
	return c.after
}

// survey collects the values that the rules of other objects need.
func (r *reviewer) survey(c *change) {
	if c.made {
		keys, values := r.identity(c, c.after)
		for _, key := range keys {
			r.plan.created[key] = append(r.plan.created[key], createdObject{c.Address, values})
		}
		if email := c.after.get("email").text(); email != "" && (isPerson(c.Type) || c.Type == "openai_invite") {
			r.plan.invited[strings.ToLower(email)] = c.Address
		}
	}
	switch c.Type {
	case "openai_project":
		if c.ended {
			r.plan.archived[c.before.get("id").text()] = true
		}
	case "openai_project_spend_limit", "openai_organization_spend_limit":
		total := &r.plan.projects
		if c.Type == "openai_organization_spend_limit" {
			total = &r.plan.organization
		}
		total.add(c)
		if c.ended {
			r.plan.previous[r.scope(c, c.before)] = cents(c.before)
		}
		if c.after.raw != nil {
			scope := r.scope(c, c.after)
			r.plan.limits[scope] = cents(c.after)
			r.plan.changing[scope] = !c.nothing()
		}
	case "openai_project_api_key":
		if c.made {
			r.plan.newKeys = append(r.plan.newKeys, newKey{r.scope(c, c.after), c.after.get("service_account_id").text(), c.after.get("name").text()})
		}
		if c.ended {
			r.plan.revoked[c.before.get("service_account_id").text()] = true
		}
	}
}

// review puts a change into its table and applies the rules to it.
func (r *reviewer) review(c *change) {
	r.count(c)
	if c.nothing() {
		if c.Type == "openai_project_spend_alert" || c.Type == "openai_organization_spend_alert" {
			r.checkAlert(c)
		}
		if c.Change.Importing != nil || c.PreviousAddress != "" {
			r.other(c)
		}
		return
	}
	if c.Change.Actions.Forget() {
		r.find(ruleForgotten, c, r.label(c)+" stays, and is no longer managed")
		r.other(c)
		return
	}
	r.checkSame(c)
	switch c.Type {
	case "openai_project":
		r.project(c)
	case "openai_project_spend_limit", "openai_organization_spend_limit":
		r.spendLimit(c)
	case "openai_project_spend_alert", "openai_organization_spend_alert":
		r.spendAlert(c)
	case "openai_project_rate_limit":
		r.rateLimit(c)
	case "openai_project_api_key":
		r.projectKey(c)
	case "openai_admin_api_key":
		r.adminKey(c)
	case "openai_organization_member", "openai_organization_user", "openai_invite", "openai_project_user", "openai_project_service_account":
		r.member(c)
	case "openai_group_user", "openai_group_members", "openai_project_group":
		r.group(c)
	case "openai_user_role", "openai_group_role", "openai_project_user_role", "openai_project_group_role":
		r.assignment(c)
	default:
		r.other(c)
	}
}

func (r *reviewer) count(c *change) {
	counts, actions := &r.report.Counts, c.Change.Actions
	switch {
	case actions.Create():
		counts.Add++
	case actions.Update():
		counts.Change++
	case actions.Delete():
		counts.Destroy++
	case actions.Replace():
		counts.Replace++
	case actions.Forget():
		counts.Forget++
	}
	if c.Change.Importing != nil {
		counts.Import++
	}
	if c.PreviousAddress != "" && c.PreviousAddress != c.Address {
		counts.Move++
	}
}

// find records a risk.
func (r *reviewer) find(rule string, c *change, text string) {
	applied := r.rules[rule]
	if !applied.Applies(c.Address) {
		return
	}
	finding := r.found[rule]
	if finding == nil {
		finding = &Finding{Rule: rule, Severity: applied.Severity, Title: applied.Title, Why: applied.Why}
		r.found[rule] = finding
	}
	finding.Subjects = append(finding.Subjects, Subject{Address: r.clean.text(c.Address), Text: r.clean.text(text)})
	risks := r.risksOf(c)
	if now := risks[c.Address]; now == "" || applied.Severity.Rank() < now.Rank() {
		risks[c.Address] = applied.Severity
	}
}

func (r *reviewer) risksOf(c *change) map[string]Severity {
	if c.drifted {
		return r.driftRisks
	}
	return r.risks
}

// common has the first fields of every row of a table. Rows are made after the
// rules were applied.
func (r *reviewer) common(c *change, action string) Change {
	if c.Change.Importing != nil {
		action = "imported, " + action
	}
	risk := r.risksOf(c)[c.Address]
	project := c.before.get("project_id").text()
	return Change{
		Address: r.clean.text(c.Address), Action: action, Risk: risk,
		WithProject: risk == "" && c.Change.Actions.Delete() && project != "" && r.plan.archived[project],
	}
}

// action is the action on most objects, in a word.
func (c *change) action() string {
	actions := c.Change.Actions
	switch {
	case actions.Create():
		return "created"
	case actions.Delete():
		return "removed"
	case actions.Replace():
		return "replaced"
	case actions.Forget():
		return "forgotten"
	case c.PreviousAddress != "":
		return "moved"
	case actions.NoOp():
		return "unchanged"
	default:
		return "changed"
	}
}

// other is for objects without a table of their own.
func (r *reviewer) other(c *change) {
	r.report.Others = append(r.report.Others, OtherChange{r.common(c, c.action()), r.clean.text(changed(c))})
}

// changed names the attributes that differ, with no value.
func changed(c *change) string { return strings.Join(changedAttributes(c), ", ") }

func changedAttributes(c *change) []string {
	if c.before.raw == nil || c.after.raw == nil {
		return nil
	}
	was, _ := c.before.raw.(map[string]any)
	is, _ := c.after.raw.(map[string]any)
	all := maps.Clone(was)
	if all == nil {
		all = map[string]any{}
	}
	maps.Copy(all, is)
	if unknown, ok := c.after.unknown.(map[string]any); ok {
		maps.Copy(all, unknown)
	}
	var attributes []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !c.before.get(name).same(c.after.get(name)) {
			attributes = append(attributes, name)
		}
	}
	return attributes
}

// notes are reasons to look twice.
func notes(p *Plan) []string {
	all := []string{}
	if p.errored {
		all = append(all, "Planning ended with an error, so the plan may be incomplete.")
	}
	if p.failingChecks > 0 {
		all = append(all, fmt.Sprintf("Failing checks of the configuration: %d.", p.failingChecks))
	}
	if p.deferred > 0 {
		all = append(all, fmt.Sprintf("%d changes are deferred to a later plan.", p.deferred))
	} else if p.complete != nil && !*p.complete && !p.errored {
		all = append(all, "The plan is incomplete: it was created with -target, or defers changes to a later plan.")
	}
	return all
}

// finish brings everything into the order in which it is read.
func (r *reviewer) finish(rules []Rule) {
	for _, rule := range rules {
		if finding := r.found[rule.ID]; finding != nil {
			r.report.Findings = append(r.report.Findings, *finding)
		}
	}
	slices.SortStableFunc(r.report.Findings, func(a, b Finding) int { return cmp.Compare(a.Severity.Rank(), b.Severity.Rank()) })
	if len(r.report.Findings) > 0 {
		r.report.Verdict = r.report.Findings[0].Severity
	}
	slices.SortStableFunc(r.report.Limits, func(a, b LimitChange) int { return byRisk(a.Change, b.Change) })
	slices.SortStableFunc(r.report.Keys, func(a, b KeyChange) int { return byRisk(a.Change, b.Change) })
	slices.SortStableFunc(r.report.Members, func(a, b MemberChange) int { return byRisk(a.Change, b.Change) })
	slices.SortStableFunc(r.report.Projects, func(a, b ProjectChange) int { return byRisk(a.Change, b.Change) })
	slices.SortStableFunc(r.report.Actions, func(a, b ActionChange) int { return byRisk(a.Change, b.Change) })
	slices.SortStableFunc(r.report.Drift, func(a, b OtherChange) int { return byRisk(a.Change, b.Change) })
	slices.SortStableFunc(r.report.Others, func(a, b OtherChange) int { return byRisk(a.Change, b.Change) })
}

// label names an object in a sentence.
func (r *reviewer) label(c *change) string {
	kind := strings.ReplaceAll(strings.TrimPrefix(c.Type, ours), "_", " ")
	object := c.last()
	for _, attribute := range []string{"email", "name", "role_name", "model"} {
		if name := object.get(attribute).text(); name != "" {
			return kind + " " + name
		}
	}
	if c.Type != "openai_project" && strings.HasPrefix(c.Type, "openai_project_") {
		return kind + " of " + r.projectName(c, object)
	}
	return kind
}
