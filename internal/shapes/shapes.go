// Package shapes knows the answers of the Administration API: the type of the
// answer of each operation, and the fields of each type. Fields and their types
// are the official SDK's, with public facts about null and missing fields.
package shapes

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed answers.txt
var answersFile string

//go:embed types.txt
var typesFile string

// Shapes are the types of all answers.
type Shapes struct {
	// answers has the type of answer of each operation, by name.
	answers map[string]answer
	types   map[string]typeFacts
}

// answer is an object, or a list of objects.
type answer struct {
	of string
	// list is empty for an object.
	list string
	// object is the list's own object field.
	object string
}

type typeFacts struct {
	fields []field
	// variants makes it a union.
	variants []string
}

type field struct {
	name, of       string
	optional, null bool
	values         []string
}

// Findings are what an answer has.
type Findings struct {
	// Wrong are missing fields, and values of another type than documented.
	Wrong []string
	// Unknown are the paths of fields that the type does not have.
	Unknown []string
	// Sent has the fields that occurred, null or not, as Type.field, and the
	// types that occurred.
	Sent map[string]bool
}

func (f *Findings) wrong(format string, args ...any) {
	f.Wrong = append(f.Wrong, fmt.Sprintf(format, args...))
}

// add adds the findings of a part.
func (f *Findings) add(part Findings) {
	f.Wrong, f.Unknown = append(f.Wrong, part.Wrong...), append(f.Unknown, part.Unknown...)
	maps.Copy(f.Sent, part.Sent)
}

// envelopes are the fields of a list except object and data; true where they
// may be null.
var envelopes = map[string]map[string]bool{
	"cursor_last_id": {"first_id": true, "last_id": true, "has_more": false},
	"cursor_item_id": {"first_id": true, "last_id": true, "has_more": false},
	"cursor_next":    {"has_more": false, "next": true},
	"single_page":    {},
}

// All are the shapes of this package's files.
var All = sync.OnceValue(func() *Shapes {
	s := &Shapes{map[string]answer{}, map[string]typeFacts{}}
	for line := range lines(answersFile) {
		words := strings.Fields(line)
		a := answer{of: words[1], object: "list"}
		if len(words) > 2 {
			a.list = words[3]
		}
		if len(words) > 4 {
			a.object = words[4]
		}
		s.answers[words[0]] = a
	}
	name := ""
	for line := range lines(typesFile) {
		text, indented := strings.CutPrefix(line, "\t")
		if !indented {
			name = text
			s.types[name] = typeFacts{}
			continue
		}
		known := s.types[name]
		if variant, ok := strings.CutPrefix(text, "| "); ok {
			known.variants = append(known.variants, variant)
		} else {
			known.fields = append(known.fields, readField(text))
		}
		s.types[name] = known
	}
	return s
})

// lines are the lines of a file, without comments.
func lines(file string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(strings.TrimSpace(file), "\n") {
			if !strings.HasPrefix(line, "#") && !yield(line) {
				return
			}
		}
	}
}

func readField(text string) field {
	text, values, _ := strings.Cut(text, " = ")
	words := strings.Fields(text)
	return field{name: words[0], of: words[1], optional: slices.Contains(words, "?"), null: slices.Contains(words, "null"), values: strings.Fields(values)}
}

// Check compares the answer to an operation with its type.
func (s *Shapes) Check(operation string, body []byte) Findings {
	found := Findings{Sent: map[string]bool{}}
	a, known := s.answers[operation]
	if !known {
		found.wrong("answers.txt does not know the operation")
		return found
	}
	if a.list == "" {
		return s.value(a.of, nil, body, a.of)
	}
	var list map[string]json.RawMessage
	if err := json.Unmarshal(body, &list); err != nil {
		found.wrong("the list is no object")
		return found
	}
	found.add(s.value("string", []string{a.object}, list["object"], "object"))
	envelope := envelopes[a.list]
	for name, null := range envelope {
		sent, present := list[name]
		if !present {
			found.wrong("%s is not sent", name)
		} else if string(sent) == "null" && !null {
			found.wrong("%s is null", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(list)) {
		if _, isKnown := envelope[name]; !isKnown && name != "object" && name != "data" {
			found.Unknown = append(found.Unknown, name)
		}
	}
	found.add(s.value("array<"+a.of+">", nil, list["data"], a.of))
	return found
}

// value compares a value with a type. The path leads to it.
func (s *Shapes) value(of string, values []string, raw json.RawMessage, path string) Findings {
	found := Findings{Sent: map[string]bool{}}
	if inner, ok := generic(of, "array<"); ok {
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil || items == nil {
			found.wrong("%s is no list: %s", path, raw)
		}
		for _, item := range items {
			found.add(s.value(inner, values, item, path+"[]"))
		}
		return found
	}
	if inner, ok := generic(of, "map<string,"); ok {
		var items map[string]json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil || items == nil {
			found.wrong("%s is no object: %s", path, raw)
		}
		for key, item := range items {
			found.add(s.value(inner, nil, item, path+"."+key))
		}
		return found
	}
	if known, ok := s.types[of]; ok {
		return s.object(of, known, raw, path)
	}
	if !plain(of, raw) {
		found.wrong("%s is no %s: %s", path, of, raw)
		return found
	}
	var text string
	if len(values) > 0 && (json.Unmarshal(raw, &text) != nil || !slices.Contains(values, text)) {
		found.wrong("%s is %s, not one of %s", path, raw, strings.Join(values, ", "))
	}
	return found
}

func (s *Shapes) object(of string, known typeFacts, raw json.RawMessage, path string) Findings {
	if known.variants != nil {
		// The variant that fits best is the one that was meant.
		var best Findings
		for i, variant := range known.variants {
			if tried := s.value(variant, nil, raw, path); i == 0 || len(tried.Wrong) < len(best.Wrong) ||
				len(tried.Wrong) == len(best.Wrong) && len(tried.Unknown) < len(best.Unknown) {
				best = tried
			}
		}
		return best
	}
	found := Findings{Sent: map[string]bool{}}
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(raw, &sent); err != nil || sent == nil {
		found.wrong("%s is no object: %s", path, raw)
		return found
	}
	found.Sent[of] = true
	for _, field := range known.fields {
		value, present := sent[field.name]
		delete(sent, field.name)
		if present {
			found.Sent[of+"."+field.name] = true
		}
		at := path + "." + field.name
		switch {
		case !present && !field.optional:
			found.wrong("%s is not sent", at)
		case present && string(value) == "null" && !field.null:
			found.wrong("%s is null", at)
		case present && string(value) != "null":
			found.add(s.value(field.of, field.values, value, at))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		found.Unknown = append(found.Unknown, path+"."+name)
	}
	return found
}

// LeftOut lists the fields that no answer had, of the types that occurred. The
// audit log has a field of its own for each kind of event, so that it has never
// all of them.
func (s *Shapes) LeftOut(sent map[string]bool) []string {
	var names []string
	for of, known := range s.types {
		for _, field := range known.fields {
			if name := of + "." + field.name; sent[of] && !sent[name] && !strings.HasPrefix(of, "AdminOrganizationAuditLogListResponse") {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func generic(of, prefix string) (inner string, ok bool) {
	inner, ok = strings.CutPrefix(of, prefix)
	return strings.TrimSuffix(inner, ">"), ok
}

// plain says whether a JSON value has a basic type.
func plain(of string, raw json.RawMessage) bool {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return false
	}
	switch value := value.(type) {
	case string:
		return of == "string" || of == "any"
	case bool:
		return of == "boolean" || of == "any"
	case float64:
		return of == "number" || of == "any" || of == "integer" && !bytes.ContainsAny(raw, ".eE") && value == float64(int64(value))
	default:
		return of == "any"
	}
}
