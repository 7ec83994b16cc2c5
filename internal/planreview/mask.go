package planreview

import (
	"cmp"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// shortestSecret is the length from which a sensitive value is looked for in
// other texts as well; shorter ones are in every text.
const shortestSecret = 8

// cleaner makes texts of a plan fit to be shown: without secrets, without
// characters that play tricks, and not too long.
type cleaner struct {
	// secrets are those with the same first characters, the longest first.
	secrets map[string][]string
}

// newCleaner takes every sensitive value of the plan, so that it is not shown
// either where it was copied to without its mark.
func newCleaner(secrets map[string]bool) cleaner {
	c := cleaner{make(map[string][]string, len(secrets))}
	for secret := range secrets {
		start := secret[:shortestSecret]
		c.secrets[start] = append(c.secrets[start], secret)
	}
	for _, alike := range c.secrets {
		slices.SortFunc(alike, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	}
	return c
}

// mask replaces the secrets in a text.
func (c cleaner) mask(s string) string {
	var b strings.Builder
	done := 0
	for i := 0; i+shortestSecret <= len(s); i++ {
		for _, secret := range c.secrets[s[i:i+shortestSecret]] {
			if strings.HasPrefix(s[i:], secret) {
				b.WriteString(s[done:i] + findings.Masked)
				done = i + len(secret)
				i = done - 1
				break
			}
		}
	}
	return b.String() + s[done:]
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
func (c cleaner) text(s string) string { return findings.Clean(c.mask(s)) }
