package planreview

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Texts that are shown in place of a value.
const (
	textUnknown   = "(known after apply)"
	textSensitive = "(sensitive)"
)

// value is an attribute, or a whole object, on one side of a change, with the
// marks that Terraform keeps next to it in the same shape.
type value struct {
	raw, unknown, sensitive any
}

// get returns an attribute; one that is not there is null.
func (v value) get(name string) value {
	return value{inside(v.raw, name), inherit(v.unknown, name), inherit(v.sensitive, name)}
}

func inside(object any, name string) any {
	attributes, _ := object.(map[string]any)
	return attributes[name]
}

// inherit returns the mark of an attribute: that of the whole goes for all that
// is in it.
func inherit(mark any, name string) any {
	if mark == true {
		return true
	}
	return inside(mark, name)
}

// marked says whether a mark is set on a value or on anything in it.
func marked(mark any) bool {
	switch m := mark.(type) {
	case bool:
		return m
	case map[string]any:
		for _, inner := range m {
			if marked(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(m, marked)
	}
	return false
}

func (v value) isUnknown() bool   { return marked(v.unknown) }
func (v value) isSensitive() bool { return marked(v.sensitive) }
func (v value) isNull() bool      { return v.raw == nil && !v.isUnknown() }

// known says whether the value can be used and shown.
func (v value) known() bool { return v.raw != nil && !v.isUnknown() && !v.isSensitive() }

// text is a plain value as text, empty when there is none that can be shown.
func (v value) text() string {
	if !v.known() {
		return ""
	}
	switch raw := v.raw.(type) {
	case string:
		return raw
	case json.Number:
		return raw.String()
	case bool:
		return fmt.Sprint(raw)
	default:
		return ""
	}
}

// show is the value for a reader; none is the text for null.
func (v value) show(none string) string {
	switch {
	case v.isSensitive():
		return textSensitive
	case v.isUnknown():
		return textUnknown
	case v.raw == nil:
		return none
	}
	if list, ok := v.raw.([]any); ok {
		items := make([]string, len(list))
		for i, item := range list {
			items[i] = value{raw: item}.show(none)
		}
		slices.Sort(items)
		return strings.Join(items, ", ")
	}
	return v.text()
}

func (v value) isList() bool {
	_, ok := v.raw.([]any)
	return ok && v.known()
}

func (v value) isObject() bool {
	_, ok := v.raw.(map[string]any)
	return ok
}

// number is an exact number.
func (v value) number() (decimal.Decimal, bool) {
	number, ok := v.raw.(json.Number)
	if !ok || !v.known() {
		return decimal.Zero, false
	}
	parsed, err := decimal.NewFromString(number.String())
	return parsed, err == nil
}

// strings is a list or set of texts.
func (v value) strings() []string {
	list, _ := v.raw.([]any)
	if !v.known() {
		return nil
	}
	var texts []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	return texts
}

// same compares two values as far as they are known.
func (v value) same(other value) bool {
	if v.isUnknown() || other.isUnknown() {
		return false
	}
	a, errA := json.Marshal(v.raw)
	b, errB := json.Marshal(other.raw)
	return errA == nil && errB == nil && string(a) == string(b)
}

// transition shows a value before and after.
func transition(was, is string) string {
	if was == is {
		return is
	}
	return was + " → " + is
}
