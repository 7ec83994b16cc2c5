package provider

import (
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

const elementStart = "[Value("

// identifying finds the attribute that names an object in a set.
var identifying = regexp.MustCompile(`"(?:id|email|name)":("(?:[^"\\]|\\.)*")`)

// nameElements shortens the elements of sets in the texts of diagnostics: the
// framework writes permissions[Value("x")], and an object with all that is in
// it.
func nameElements(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		d.Summary, d.Detail = nameElementsIn(d.Summary), nameElementsIn(d.Detail)
	}
}

func nameElementsIn(text string) string {
	var named strings.Builder
	for {
		before, rest, found := strings.Cut(text, elementStart)
		named.WriteString(before)
		if !found {
			return named.String()
		}
		value, after, ended := cutValue(rest)
		if !ended {
			named.WriteString(elementStart + rest)
			return named.String()
		}
		if name := identifying.FindStringSubmatch(value); strings.HasPrefix(value, "{") && name != nil {
			value = name[1]
		}
		named.WriteString("[" + value + "]")
		text = after
	}
}

// cutValue splits a text at the first ")]" that is outside of quotes.
func cutValue(text string) (value, after string, ended bool) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], ")]"):
			return text[:i], text[i+len(")]"):], true
		}
	}
	return "", "", false
}
