package export

import (
	"fmt"
	"strings"
	"unicode"
)

// longestName keeps names readable.
const longestName = 60

// slug makes a name for Terraform of a text: letters and digits, also those of
// other scripts, and underscores for everything between.
func slug(text string) string {
	var name strings.Builder
	for _, r := range strings.ToLower(text) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			name.WriteRune(r)
		} else if name.Len() > 0 && !strings.HasSuffix(name.String(), "_") {
			name.WriteByte('_')
		}
	}
	runes := []rune(strings.TrimSuffix(name.String(), "_"))
	return strings.TrimSuffix(string(runes[:min(len(runes), longestName)]), "_")
}

// names gives every object a name that is unique in its kind.
type names map[string]bool

// unique returns the name for an object of a kind, or a similar one if it is in use.
func (n names) unique(k *kind, want string) string {
	short := strings.TrimPrefix(k.typeName, "openai_")
	if want == "" {
		want = short
	}
	if first := []rune(want)[0]; unicode.IsDigit(first) {
		want = short[strings.LastIndex(short, "_")+1:] + "_" + want
	}
	name := want
	for i := 2; n[k.typeName+"."+name]; i++ {
		name = fmt.Sprintf("%s_%d", want, i)
	}
	n[k.typeName+"."+name] = true
	return name
}
