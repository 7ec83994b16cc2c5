package findings

import (
	"bytes"
	"encoding/json"
	"regexp"
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
	s = secretPattern.ReplaceAllString(s, Masked)
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
