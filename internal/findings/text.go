package findings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"
)

// secretPattern matches keys in any text.
var secretPattern = regexp.MustCompile(`\bsk-[A-Za-z0-9_-]{16,}|AGE-SECRET-KEY-[A-Za-z0-9-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[^|]*`)

const (
	// Masked is shown in place of a secret.
	Masked = "(masked)"
	// longestText is as much of a text as is shown.
	longestText = 120
)

// Clean makes a text fit to be shown: without keys, without characters that play
// tricks, and not too long.
func Clean(s string) string {
	s = CleanLine(s)
	if runes := []rune(s); len(runes) > longestText {
		s = string(runes[:longestText-1]) + "…"
	}
	return s
}

// CleanLine is Clean for a text of any length.
func CleanLine(s string) string {
	s = secretPattern.ReplaceAllString(s, Masked)
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Cf):
			return unicode.ReplacementChar
		default:
			return r
		}
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// WriteColumns writes aligned columns, indented.
func WriteColumns(b *bytes.Buffer, rows func(w *tabwriter.Writer)) {
	var aligned bytes.Buffer
	w := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	rows(w)
	_ = w.Flush() // into memory
	for line := range strings.Lines(aligned.String()) {
		b.WriteString("  " + strings.TrimRight(line, " \n") + "\n")
	}
}

// JSON writes a report for programs.
func JSON(v any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return b.String(), err
}

// Counts writes numbers by severity in words, such as 1 high and 2 low findings,
// empty when all are 0. noun is the word for one.
func Counts(of map[Severity]int, noun string) string {
	var parts []string
	last := 0
	for _, severity := range Severities {
		if n := of[severity]; n > 0 {
			parts, last = append(parts, fmt.Sprintf("%d %s", n, severity)), n
		}
	}
	if len(parts) == 0 {
		return ""
	}
	text := parts[len(parts)-1]
	if len(parts) > 1 {
		text = strings.Join(parts[:len(parts)-1], ", ") + " and " + text
	}
	if last == 1 {
		return text + " " + noun
	}
	return text + " " + noun + "s"
}

// Configured lists the rules that are off, and those of the others that the
// configuration changed or gave exceptions, so that a report without findings
// shows what it did not look for.
func Configured(off []string, rules []Rule) string {
	var changed, ignoring []string
	for _, rule := range rules {
		if rule.Changed {
			changed = append(changed, rule.ID)
		}
		if len(rule.Ignore) > 0 {
			ignoring = append(ignoring, rule.ID)
		}
	}
	text := ""
	for _, part := range []struct {
		label string
		rules []string
	}{{"off", off}, {"changed", changed}, {"with exceptions", ignoring}} {
		if len(part.rules) > 0 {
			text += " (" + part.label + ": " + strings.Join(part.rules, ", ") + ")"
		}
	}
	return text
}

// Plural writes a number with its noun.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// List joins texts, at most this many and one more.
func List(texts []string, limit int, separator string) string {
	if len(texts) > limit+1 {
		texts = append(slices.Clone(texts[:limit]), fmt.Sprintf("and %d more", len(texts)-limit))
	}
	return strings.Join(texts, separator)
}
