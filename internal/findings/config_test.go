package findings

import (
	"strings"
	"testing"
)

var someRules = []Rule{{ID: "old", Severity: Low, Days: 90}, {ID: "many", Severity: Low, Most: 5}, {ID: "far", Severity: High, Factor: 3}}

// The commands share the file, and each reads its own section.
func TestSectionsOfAConfiguration(t *testing.T) {
	const file = "fail_on: high\nrules:\n  far: {factor: 2}\ncheck:\n  fail_on: low\n  rules:\n    old: {days: 30, severity: high, ignore: [\"a/*\"]}\n    many: {most: 7}\n"
	review, err := parseConfig([]byte(file), ReviewSection, someRules)
	if err != nil || review.FailOn != High || review.Rules[2].Factor != 2 || review.Rules[0].Days != 90 {
		t.Errorf("the review has %+v, %v", review, err)
	}
	check, err := parseConfig([]byte(file), CheckSection, someRules)
	if err != nil || check.FailOn != Low || check.Rules[0].Days != 30 || check.Rules[0].Severity != High || check.Rules[1].Most != 7 || check.Rules[2].Factor != 3 {
		t.Errorf("the check has %+v, %v", check, err)
	}
	if old := check.Rules[0]; old.Applies("a/b") || old.Applies("c", "a/") || !old.Applies("b/a/") {
		t.Error("the exceptions are wrong")
	}
	if someRules[0].Days != 90 {
		t.Error("the defaults have changed")
	}
	// A report says which rules are not the default ones.
	if got := Configured([]string{"few"}, check.Rules); got != " (off: few) (changed: old, many) (with exceptions: old)" {
		t.Errorf("the report says %q", got)
	}
	if got := Configured(nil, someRules); got != "" {
		t.Errorf("the report says %q of the defaults", got)
	}
}

func TestSectionsAreRefused(t *testing.T) {
	for text, message := range map[string]string{
		"check:\n  fail_on: all":                   "check: fail_on must be",
		"check:\n  rules:\n    new: {}":            `check: there is no rule "new"; the rules are old, many, far`,
		"check:\n  rules:\n    old: {most: 1}":     "check: rule old: it has no most",
		"check:\n  rules:\n    many: {days: 1}":    "check: rule many: it has no days",
		"check:\n  rules:\n    old: {days: 0}":     "check: rule old: days must be at least 1, got 0",
		"check:\n  rules:\n    old: {dayz: 1}":     "unknown field",
		"check:\n  failon: high":                   "unknown field",
		"check:\n  rules:\n    far: {factor: 0.5}": "check: rule far: factor must be at least 1, got 0.5",
	} {
		if _, err := parseConfig([]byte(text), CheckSection, someRules); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: the error is %v", text, err)
		}
	}
}
