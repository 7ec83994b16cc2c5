package orgcheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// Report has the findings about an organization. Its texts hold no secret.
type Report struct {
	// FormatVersion is that of the JSON form of the report.
	FormatVersion string `json:"format_version"`
	// Verdict is the highest severity of a finding, empty without findings.
	Verdict findings.Severity `json:"verdict"`
	// Findings are the most severe first.
	Findings []Finding `json:"findings"`
	Checked  Checked   `json:"checked"`
}

// Finding is a rule with all objects that break it.
type Finding struct {
	Rule     string            `json:"rule"`
	Severity findings.Severity `json:"severity"`
	Title    string            `json:"title"`
	Why      string            `json:"why"`
	Remedy   string            `json:"remedy"`
	Subjects []Subject         `json:"subjects"`
}

// Subject is one object that breaks a rule.
type Subject struct {
	// ID names the object by ids, such as projects/proj_1/keys/key_1. It stays the
	// same when the object is renamed.
	ID string `json:"id"`
	// Address names the object by names, such as projects/shop/keys/checkout.
	Address string `json:"address"`
	// Text names the object and what was found.
	Text string `json:"text"`
}

// Checked are the objects and rules of the check.
type Checked struct {
	Projects  int `json:"projects"`
	Keys      int `json:"keys"`
	AdminKeys int `json:"admin_keys"`
	People    int `json:"people"`
	// Rules are those that were applied, Off those that are switched off.
	Rules []findings.Rule `json:"rules"`
	Off   []string        `json:"off"`
	// Accepted is how many findings the baseline accepts, Resolved how many of
	// its findings do not exist any more.
	Accepted int `json:"accepted"`
	Resolved int `json:"resolved"`
	// Notes are reasons why a rule could not be applied.
	Notes []string `json:"notes"`
}

// Fails says whether there is a finding of this severity or a higher one.
func (r *Report) Fails(from findings.Severity) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity.AtLeast(from) })
}

// conclude sorts the findings and sets the verdict.
func (r *Report) conclude() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return a.Severity.Rank() - b.Severity.Rank() })
	r.Verdict = ""
	if len(r.Findings) > 0 {
		r.Verdict = r.Findings[0].Severity
	}
}

// headline is the verdict in a line.
func (r *Report) headline() string {
	counts := map[findings.Severity]int{}
	for _, f := range r.Findings {
		counts[f.Severity] += len(f.Subjects)
	}
	if text := findings.Counts(counts, "finding"); text != "" {
		return text
	}
	return "no findings"
}

// checked lists what was checked, so that a check of nothing is not mistaken for
// one without findings.
func (r *Report) checked() string {
	c := r.Checked
	text := fmt.Sprintf("Checked %s, %s, %s and %s against %d rules",
		findings.Plural(c.Projects, "project"), findings.Plural(c.Keys, "API key"),
		findings.Plural(c.AdminKeys, "admin key"), findings.Plural(c.People, "user"), len(c.Rules))
	text += findings.Configured(c.Off, c.Rules) + "."
	if c.Accepted > 0 {
		text += fmt.Sprintf(" The baseline accepts %s.", findings.Plural(c.Accepted, "finding"))
	}
	if c.Resolved > 0 {
		text += fmt.Sprintf(" The baseline has %s: write it again.", findings.Plural(c.Resolved, "resolved finding"))
	}
	return strings.Join(append([]string{text}, c.Notes...), " ")
}
