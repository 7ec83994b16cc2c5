package planreview

import (
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// shortestSecret is the length from which a sensitive value is looked for in
// other texts as well; shorter ones are in every text.
const shortestSecret = 8

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
		pairs = append(pairs, secret, findings.Masked)
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
func (c cleaner) text(s string) string { return findings.Clean(c.secrets.Replace(s)) }
