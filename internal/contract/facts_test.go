package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

// facts has the content of testdata about the answers.
type facts struct {
	// answers has the type of answer of each operation, by name.
	answers map[string]answer
	types   map[string]typeFacts
	// sent has the fields seen in answers, null or not, as Type.field, and the
	// types that occurred.
	sent map[string]bool
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

// envelopes are the fields of a list except object and data; true where they
// may be null.
var envelopes = map[string]map[string]bool{
	"cursor_last_id": {"first_id": true, "last_id": true, "has_more": false},
	"cursor_item_id": {"first_id": true, "last_id": true, "has_more": false},
	"cursor_next":    {"has_more": false, "next": true},
	"single_page":    {},
}

func lines(t *testing.T, name string) []string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(string(content)), "\n"), func(line string) bool { return strings.HasPrefix(line, "#") })
}

func readFacts(t *testing.T) facts {
	t.Helper()
	f := facts{map[string]answer{}, map[string]typeFacts{}, map[string]bool{}}
	for _, line := range lines(t, "answers.txt") {
		words := strings.Fields(line)
		a := answer{of: words[1], object: "list"}
		if len(words) > 2 {
			a.list = words[3]
		}
		if len(words) > 4 {
			a.object = words[4]
		}
		f.answers[words[0]] = a
	}
	name := ""
	for _, line := range lines(t, "types.txt") {
		text, indented := strings.CutPrefix(line, "\t")
		if !indented {
			name = text
			f.types[name] = typeFacts{}
			continue
		}
		known := f.types[name]
		if variant, ok := strings.CutPrefix(text, "| "); ok {
			known.variants = append(known.variants, variant)
		} else {
			known.fields = append(known.fields, readField(text))
		}
		f.types[name] = known
	}
	return f
}

func readField(text string) field {
	text, values, _ := strings.Cut(text, " = ")
	words := strings.Fields(text)
	return field{name: words[0], of: words[1], optional: slices.Contains(words, "?"), null: slices.Contains(words, "null"), values: strings.Fields(values)}
}

// check returns the errors of the answer to an operation.
func (f facts) check(operation string, body []byte) []string {
	a, known := f.answers[operation]
	if !known {
		return []string{"testdata/answers.txt does not know the operation"}
	}
	if a.list == "" {
		return f.value(a.of, nil, body, a.of)
	}
	var list map[string]json.RawMessage
	if err := json.Unmarshal(body, &list); err != nil {
		return []string{"the list is no object"}
	}
	wrong := f.value("string", []string{a.object}, list["object"], "object")
	for name, null := range envelopes[a.list] {
		sent, present := list[name]
		if !present {
			wrong = append(wrong, name+" is not sent")
		} else if string(sent) == "null" && !null {
			wrong = append(wrong, name+" is null")
		}
	}
	return append(wrong, f.value("array<"+a.of+">", nil, list["data"], a.of)...)
}

// value returns the errors of a value of a type. The path leads to it.
func (f facts) value(of string, values []string, raw json.RawMessage, path string) []string {
	if inner, ok := generic(of, "array<"); ok {
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil || items == nil {
			return []string{path + " is no list: " + string(raw)}
		}
		var wrong []string
		for _, item := range items {
			wrong = append(wrong, f.value(inner, values, item, path+"[]")...)
		}
		return wrong
	}
	if inner, ok := generic(of, "map<string,"); ok {
		var items map[string]json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil || items == nil {
			return []string{path + " is no object: " + string(raw)}
		}
		var wrong []string
		for key, item := range items {
			wrong = append(wrong, f.value(inner, nil, item, path+"."+key)...)
		}
		return wrong
	}
	if known, ok := f.types[of]; ok {
		return f.object(of, known, raw, path)
	}
	if !plain(of, raw) {
		return []string{fmt.Sprintf("%s is no %s: %s", path, of, raw)}
	}
	var text string
	if len(values) > 0 && (json.Unmarshal(raw, &text) != nil || !slices.Contains(values, text)) {
		return []string{fmt.Sprintf("%s is %s, not one of %s", path, raw, strings.Join(values, ", "))}
	}
	return nil
}

func (f facts) object(of string, known typeFacts, raw json.RawMessage, path string) []string {
	if known.variants != nil {
		var least []string
		meant := ""
		for i, variant := range known.variants {
			// The variant that fits best is the one that was meant. Trying a variant
			// does not record its fields as sent.
			tried := facts{f.answers, f.types, map[string]bool{}}
			if wrong := tried.value(variant, nil, raw, path); i == 0 || len(wrong) < len(least) {
				least, meant = wrong, variant
			}
		}
		f.value(meant, nil, raw, path)
		return least
	}
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(raw, &sent); err != nil || sent == nil {
		return []string{path + " is no object: " + string(raw)}
	}
	f.sent[of] = true
	var wrong []string
	for _, field := range known.fields {
		value, present := sent[field.name]
		if present {
			f.sent[of+"."+field.name] = true
		}
		at := path + "." + field.name
		switch {
		case !present && !field.optional:
			wrong = append(wrong, at+" is not sent")
		case present && string(value) == "null" && !field.null:
			wrong = append(wrong, at+" is null")
		case present && string(value) != "null":
			wrong = append(wrong, f.value(field.of, field.values, value, at)...)
		}
	}
	return wrong
}

// leftOut lists the fields that no answer had, of the types that occurred. The audit log has a field of its own for each kind of event, so that it
// has never all of them.
func (f facts) leftOut() []string {
	var names []string
	for of, known := range f.types {
		for _, field := range known.fields {
			if name := of + "." + field.name; f.sent[of] && !f.sent[name] && !strings.HasPrefix(of, "AdminOrganizationAuditLogListResponse") {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// checkLeftOut compares the fields that no answer had with
// testdata/left_out.txt.
func (f facts) checkLeftOut(t *testing.T) {
	t.Helper()
	known, got := lines(t, "left_out.txt"), f.leftOut()
	for _, name := range got {
		if !slices.Contains(known, name) {
			t.Errorf("%s was in no answer: send it, call what sends it, or add it to testdata/left_out.txt", name)
		}
	}
	for _, name := range known {
		if !slices.Contains(got, name) {
			t.Errorf("%s was sent: take it out of testdata/left_out.txt", name)
		}
	}
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

// answerChecker checks every answer.
type answerChecker struct {
	t     *testing.T
	facts facts
	names *http.ServeMux
	named map[string]string
}

func newAnswerChecker(t *testing.T, server *emulator.Server) *answerChecker {
	w := &answerChecker{t, readFacts(t), http.NewServeMux(), map[string]string{}}
	for _, operation := range server.Operations() {
		pattern := operation.Method + " /v1" + operation.Path
		w.names.Handle(pattern, http.NotFoundHandler())
		w.named[pattern] = operation.Name
	}
	return w
}

func (w *answerChecker) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	_, pattern := w.names.Handler(r)
	if operation, ok := w.named[pattern]; ok {
		for _, wrong := range w.facts.check(operation, body) {
			w.t.Errorf("%s: %s", operation, wrong)
		}
	} else {
		w.t.Errorf("%s %s is no operation of the API", r.Method, r.URL.Path)
	}
	return response, err
}

// The check itself: a right answer passes, and each wrong one is found.
func TestWrongAnswersAreFound(t *testing.T) {
	f := readFacts(t)
	const invite = `{"id":"invite-1","object":"organization.invite","email":"a@example.com","role":"reader","status":"pending","created_at":1,"expires_at":2,"accepted_at":null,"projects":[{"id":"proj_1","role":"member"}]}`
	const usage = `{"object":"page","has_more":false,"next_page":null,"data":[{"object":"bucket","start_time":1,"end_time":2,"results":[{"object":"organization.costs.result","amount":{"value":0.1,"currency":"usd"}}]}]}`
	for name, test := range map[string]struct{ operation, body, old, new, wrong string }{
		"right":             {"organization.invites.retrieve", invite, "", "", ""},
		"missing":           {"organization.invites.retrieve", invite, `"email":"a@example.com",`, ``, "Invite.email is not sent"},
		"missing, optional": {"organization.invites.retrieve", invite, `"expires_at":2,`, ``, ""},
		"wrong type":        {"organization.invites.retrieve", invite, `"created_at":1`, `"created_at":"1"`, `Invite.created_at is no integer: "1"`},
		"half a second":     {"organization.invites.retrieve", invite, `"created_at":1`, `"created_at":1.5`, `Invite.created_at is no integer: 1.5`},
		"null":              {"organization.invites.retrieve", invite, `"email":"a@example.com"`, `"email":null`, "Invite.email is null"},
		"null list":         {"organization.invites.retrieve", invite, `[{"id":"proj_1","role":"member"}]`, `null`, "Invite.projects is null"},
		"wrong object":      {"organization.invites.retrieve", invite, "organization.invite", "invite", `Invite.object is "invite", not one of organization.invite`},
		"inner field":       {"organization.invites.retrieve", invite, `"role":"member"`, `"role":1`, "Invite.projects[].role is no string: 1"},
		"list":              {"organization.invites.list", `{"object":"list","data":[` + invite + `],"first_id":"a","last_id":null,"has_more":false}`, "", "", ""},
		"list, no end":      {"organization.invites.list", `{"object":"list","data":[],"first_id":null,"last_id":null}`, "", "", "has_more is not sent"},
		"list, null":        {"organization.invites.list", `{"object":"list","data":null,"first_id":null,"last_id":null,"has_more":false}`, "", "", "Invite is no list: null"},
		"union":             {"organization.usage.costs", usage, "", "", ""},
		"union, wrong":      {"organization.usage.costs", usage, `"value":0.1`, `"value":"0.1"`, `UsagePage.data[].results[].amount.value is no number: "0.1"`},
		"no such operation": {"organization.tea.make", "{}", "", "", "testdata/answers.txt does not know the operation"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(test.body, test.old) {
				t.Fatalf("%s is not there to be replaced", test.old)
			}
			if got := strings.Join(f.check(test.operation, []byte(strings.Replace(test.body, test.old, test.new, 1))), "; "); got != test.wrong {
				t.Errorf("%q", got)
			}
		})
	}
}
