// Package findings has what the review of plans and the check of an organization
// share: rules, their configuration, and the forms of a report.
package findings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Severity is how much attention a finding deserves.
type Severity string

// The severities, from the highest to none.
const (
	High   Severity = "high"
	Medium Severity = "medium"
	Low    Severity = "low"
	Off    Severity = "off"
)

// Severities are those of findings, the highest first.
var Severities = []Severity{High, Medium, Low}

// ParseSeverity reads a severity, or off.
func ParseSeverity(text string) (Severity, error) {
	if severity := Severity(text); severity == Off || slices.Contains(Severities, severity) {
		return severity, nil
	}
	return "", fmt.Errorf("must be high, medium, low or off, got %q", text)
}

// AtLeast says whether the severity is this one or a higher one.
func (s Severity) AtLeast(other Severity) bool {
	own, limit := slices.Index(Severities, s), slices.Index(Severities, other)
	return own >= 0 && limit >= 0 && own <= limit
}

// Rank orders by severity, the highest first.
func (s Severity) Rank() int {
	if i := slices.Index(Severities, s); i >= 0 {
		return i
	}
	return len(Severities)
}

// Rule is a kind of finding.
type Rule struct {
	// ID names the rule in the configuration.
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	// Title is the text for the reader.
	Title string `json:"title"`
	// Why describes the risk.
	Why string `json:"why"`
	// Remedy is what to do about it, empty where that follows from the finding.
	Remedy string `json:"remedy,omitempty"`
	// Factor is how many times a number must exceed another one to be found, 0
	// for rules that compare no numbers.
	Factor float64 `json:"factor,omitempty"`
	// Days is the age from which something is found, 0 for rules without one.
	Days int `json:"days,omitempty"`
	// Most is the largest number that is not found, 0 for rules without one.
	Most int `json:"most,omitempty"`
	// Ignore are addresses to which the rule does not apply; * stands for any
	// part of an address.
	Ignore []string `json:"ignore,omitempty"`
	// Changed says that the configuration gave it another severity or number.
	Changed bool `json:"changed,omitempty"`
}

// Applies says whether the rule is on and ignores none of the addresses.
func (r Rule) Applies(addresses ...string) bool {
	return r.Severity != Off && !slices.ContainsFunc(r.Ignore, func(pattern string) bool {
		return slices.ContainsFunc(addresses, func(address string) bool { return matches(pattern, address) })
	})
}

// matches compares an address with a pattern in which * stands for anything.
func matches(pattern, address string) bool {
	expression := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
	return regexp.MustCompile(expression).MatchString(address)
}
