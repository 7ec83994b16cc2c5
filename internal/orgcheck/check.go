package orgcheck

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/snapshot"
)

// checker makes a report.
type checker struct {
	*snapshot.Snapshot
	rules  map[string]findings.Rule
	report *Report
	found  map[string]*Finding
}

// Run reads an organization and checks it. Parts of it that no rule needs are not
// read.
func Run(ctx context.Context, client *adminapi.Client, config findings.Config) (*Report, error) {
	c := newChecker(config)
	parts := snapshot.Parts{People: c.isOn(ruleOwnerAlone) || c.isOn(ruleOwners) || c.isOn(rulePersonWithoutAccess)}
	if c.isOn(ruleIdle) {
		parts.Since = client.Now().UTC().AddDate(0, 0, -c.rules[ruleIdle].Days)
	}
	if c.isOn(ruleRateLimits) {
		parts.RateLimits = c.needsRateLimits
	}
	s, err := snapshot.Read(ctx, client, parts)
	if err != nil {
		return nil, err
	}
	c.check(s)
	return c.report, nil
}

func newChecker(config findings.Config) *checker {
	c := &checker{
		rules: map[string]findings.Rule{}, found: map[string]*Finding{},
		report: &Report{FormatVersion: "1.0", Findings: []Finding{}, Checked: Checked{Rules: []findings.Rule{}, Off: []string{}, Notes: []string{}}},
	}
	for _, rule := range config.Rules {
		c.rules[rule.ID] = rule
		if rule.Severity == findings.Off {
			c.report.Checked.Off = append(c.report.Checked.Off, rule.ID)
		} else {
			c.report.Checked.Rules = append(c.report.Checked.Rules, rule)
		}
	}
	return c
}

func (c *checker) isOn(rule string) bool { return c.rules[rule].Severity != findings.Off }

func (c *checker) check(s *snapshot.Snapshot) {
	c.Snapshot = s
	active := s.Active()
	c.checkScope(organization(), s.Scope, adminapi.WholeOrganization, ruleOrganizationLimit, ruleOrganizationAlert)
	for _, p := range active {
		c.checkScope(project(p), p.Scope, p.ID, ruleProjectLimit, ruleProjectAlert)
		c.checkTraffic(p)
		c.report.Checked.Keys += len(p.Keys)
	}
	c.checkRateLimits(active)
	c.checkKeys(active)
	c.checkAdminKeys()
	c.checkPeople()
	c.report.Checked.Projects, c.report.Checked.AdminKeys = len(active), len(s.AdminKeys)
	for _, rule := range c.report.Checked.Rules {
		if finding := c.found[rule.ID]; finding != nil {
			slices.SortFunc(finding.Subjects, func(a, b Subject) int {
				return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.ID, b.ID))
			})
			c.report.Findings = append(c.report.Findings, *finding)
		}
	}
	c.report.conclude()
}

// object is what a finding is about: its names and ids, and what it is called in
// a text.
type object struct{ id, address, label string }

func organization() object { return object{"organization", "organization", "organization"} }

func project(p *snapshot.Project) object {
	return object{"projects/" + p.ID, "projects/" + findings.Clean(p.Name), findings.Clean(p.Name)}
}

// in is an object of a kind within another one, which may be the organization.
func (o object) in(kind, id, name string) object {
	name = findings.Clean(name)
	if o == organization() {
		return object{kind + "/" + id, kind + "/" + name, name}
	}
	return object{o.id + "/" + kind + "/" + id, o.address + "/" + kind + "/" + name, o.label + ": " + name}
}

// find reports that an object breaks a rule, unless the configuration says
// otherwise.
func (c *checker) find(id string, o object, details string) {
	rule := c.rules[id]
	if !rule.Applies(o.id, o.address) {
		return
	}
	finding := c.found[id]
	if finding == nil {
		finding = &Finding{Rule: id, Severity: rule.Severity, Title: rule.Title, Why: rule.Why, Remedy: rule.Remedy}
		c.found[id] = finding
	}
	text := o.label
	if details != "" {
		text += " (" + details + ")"
	}
	finding.Subjects = append(finding.Subjects, Subject{ID: o.id, Address: o.address, Text: text})
}

// days are the whole days from a time to the snapshot.
func (c *checker) days(from time.Time) int { return int(c.At.Sub(from) / day) }

// age is the age of a rule as a duration.
func (c *checker) age(rule string) time.Duration { return time.Duration(c.rules[rule].Days) * day }
