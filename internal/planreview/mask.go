package planreview

import (
	"regexp"
	"strings"
	"unicode"

	tfjson "github.com/hashicorp/terraform-json"
)

// secretPattern matches keys in any text.
var secretPattern = regexp.MustCompile(`\bsk-[A-Za-z0-9_-]{16,}|AGE-SECRET-KEY-[A-Za-z0-9-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[^|]*`)

const (
	masked = "(masked)"
	// shortestSecret is the length from which a sensitive value is looked for
	// in other texts as well; shorter ones are in every text.
	shortestSecret = 8
	// longestText is as much of a text as is shown.
	longestText = 120
)

// cleaner makes texts of a plan fit to be shown: without secrets, without
// characters that play tricks, and not too long.
type cleaner struct{ secrets *strings.Replacer }

// newCleaner learns every sensitive value of the plan, so that it is not shown
// either where it was copied to without its mark.
func newCleaner(plan *tfjson.Plan) cleaner {
	seen := map[string]bool{}
	for _, changes := range [][]*tfjson.ResourceChange{plan.ResourceChanges, plan.ResourceDrift} {
		for _, c := range changes {
			if c.Change != nil {
				collect(c.Change.Before, c.Change.BeforeSensitive, seen)
				collect(c.Change.After, c.Change.AfterSensitive, seen)
			}
		}
	}
	for _, output := range plan.OutputChanges {
		collect(output.Before, output.BeforeSensitive, seen)
		collect(output.After, output.AfterSensitive, seen)
	}
	if plan.Config != nil && plan.Config.RootModule != nil {
		for name, declared := range plan.Config.RootModule.Variables {
			if given := plan.Variables[name]; declared.Sensitive && given != nil {
				collect(given.Value, true, seen)
			}
		}
	}
	var pairs []string
	for secret := range seen {
		pairs = append(pairs, secret, masked)
	}
	return cleaner{strings.NewReplacer(pairs...)}
}

func collect(raw, mark any, into map[string]bool) {
	switch r := raw.(type) {
	case string:
		if mark == true && len(r) >= shortestSecret {
			into[r] = true
		}
	case map[string]any:
		for name, inner := range r {
			collect(inner, inherit(mark, name), into)
		}
	case []any:
		marks, _ := mark.([]any)
		for i, inner := range r {
			switch {
			case mark == true:
				collect(inner, true, into)
			case i < len(marks):
				collect(inner, marks[i], into)
			}
		}
	}
}

// text cleans one text.
func (c cleaner) text(s string) string {
	s = secretPattern.ReplaceAllString(c.secrets.Replace(s), masked)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Cf):
			return unicode.ReplacementChar
		default:
			return r
		}
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
	if runes := []rune(s); len(runes) > longestText {
		s = string(runes[:longestText-1]) + "…"
	}
	return s
}
