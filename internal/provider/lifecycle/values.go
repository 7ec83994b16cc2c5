package lifecycle

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Values are the attributes of an object, as a plan or a state holds them.
type Values map[string]tftypes.Value

// valuesOf reads the attributes of a plan or of a state, none when it is null.
func valuesOf(raw tftypes.Value) Values {
	var values map[string]tftypes.Value
	if raw.IsNull() || !raw.IsKnown() || raw.As(&values) != nil {
		return nil
	}
	return values
}

// Text returns a text, empty when it is null or not known yet.
func (v Values) Text(name string) string {
	var text string
	if value, ok := v[name]; !ok || !value.IsKnown() || value.IsNull() || value.As(&text) != nil {
		return ""
	}
	return text
}

// Whole returns a whole number, 0 when it is null or not known yet.
func (v Values) Whole(name string) int64 {
	var number big.Float
	if value, ok := v[name]; !ok || !value.IsKnown() || value.IsNull() || value.As(&number) != nil {
		return 0
	}
	whole, _ := number.Int64()
	return whole
}

// Texts returns those texts of a set that are known, and whether others are
// not known yet.
func (v Values) Texts(name string) (texts []string, unknown bool) {
	value, ok := v[name]
	var items []tftypes.Value
	if !ok || !value.IsKnown() {
		return nil, ok
	}
	if value.IsNull() || value.As(&items) != nil {
		return nil, false
	}
	for _, item := range items {
		var text string
		switch {
		case !item.IsKnown():
			unknown = true
		case !item.IsNull() && item.As(&text) == nil:
			texts = append(texts, text)
		}
	}
	return texts, unknown
}

// MapTexts returns the texts of a map that are known, in the order of their keys.
func (v Values) MapTexts(name string) (texts []string) {
	value, ok := v[name]
	var items map[string]tftypes.Value
	if !ok || !value.IsKnown() || value.IsNull() || value.As(&items) != nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(items)) {
		var text string
		if item := items[key]; item.IsKnown() && !item.IsNull() && item.As(&text) == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// areKnown reports whether attributes are known, with all that is in them.
func (v Values) areKnown(names ...string) bool {
	for _, name := range names {
		if value, ok := v[name]; !ok || !value.IsFullyKnown() {
			return false
		}
	}
	return true
}

// Path fills a template such as /organization/projects/{project_id} with the
// attributes that it names. It is empty unless all of them are known.
func (v Values) Path(template string) string {
	complete := true
	path := placeholder.ReplaceAllStringFunc(template, func(name string) string {
		text := v.Text(strings.Trim(name, "{}"))
		complete = complete && text != ""
		return text
	})
	if !complete {
		return ""
	}
	return path
}

// Email returns an e-mail address in the form that all its spellings share.
func (v Values) Email(name string) string { return strings.ToLower(v.Text(name)) }

// describe lists the configured values of an object, and the values that its
// destruction would restore, without sensitive ones.
func (v Values) describe(s schema.Schema) string {
	var lines []string
	for name, attribute := range s.Attributes {
		value, ok := v[name]
		if !ok || value.IsNull() || !value.IsKnown() || attribute.IsSensitive() {
			continue
		}
		if attribute.IsRequired() || attribute.IsOptional() || name == tfkit.RestoreName {
			lines = append(lines, fmt.Sprintf("  %s = %s", name, show(value)))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// show writes a value down as configuration has it.
func show(value tftypes.Value) string {
	if value.IsNull() {
		return "null"
	}
	if !value.IsKnown() {
		return "(known after apply)"
	}
	var text string
	if value.As(&text) == nil {
		return fmt.Sprintf("%q", text)
	}
	var truth bool
	if value.As(&truth) == nil {
		return fmt.Sprint(truth)
	}
	number := numberOf(value)
	if number != "" {
		return number
	}
	var items []tftypes.Value
	if value.As(&items) == nil {
		shown := make([]string, len(items))
		for i, item := range items {
			shown[i] = show(item)
		}
		if value.Type().Is(tftypes.Set{}) {
			slices.Sort(shown)
		}
		return "[" + strings.Join(shown, ", ") + "]"
	}
	var fields map[string]tftypes.Value
	if value.As(&fields) == nil {
		var shown []string
		for name, field := range fields {
			if !field.IsNull() {
				shown = append(shown, name+" = "+show(field))
			}
		}
		slices.Sort(shown)
		return "{ " + strings.Join(shown, ", ") + " }"
	}
	return "(not shown)"
}

func numberOf(value tftypes.Value) string {
	var number big.Float
	if value.As(&number) != nil {
		return ""
	}
	return number.Text('f', -1)
}
