package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Exchange is a request and its answer.
type Exchange struct {
	Method string `json:"method"`
	// Path is below /v1.
	Path    string          `json:"path"`
	Query   string          `json:"query,omitempty"`
	Request json.RawMessage `json:"request,omitempty"`
	Status  int             `json:"status"`
	Header  http.Header     `json:"header,omitempty"`
	Answer  json.RawMessage `json:"answer,omitempty"`
}

// Recorder writes exchanges as lines of JSON, without anything that names the
// organization, its people, its objects or its secrets: each such text is
// replaced, the same text always by the same replacement. The amounts of usage and
// costs are replaced by 1.
type Recorder struct {
	mu       sync.Mutex
	out      io.Writer
	replaced map[string]string
	counts   map[string]int
	// hidesAmounts replaces the numbers of usage and costs by 1.
	hidesAmounts bool
	err          error
}

// NewRecorder returns a recorder that writes to out.
func NewRecorder(out io.Writer) *Recorder {
	return &Recorder{out: out, replaced: map[string]string{}, counts: map[string]int{}}
}

// recordedHeaders are the headers that a transcript keeps. Others may name the
// organization.
var recordedHeaders = []string{"Content-Type", "Openai-Organization", "Openai-Version", "Date"}

// Record writes an exchange.
func (r *Recorder) Record(e Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := http.Header{}
	for name, values := range e.Header {
		isLimit := slices.ContainsFunc(limitHeaders, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
		if isLimit || slices.Contains(recordedHeaders, name) {
			kept[name] = slices.Clone(values)
		}
	}
	if organization := kept.Get("Openai-Organization"); organization != "" {
		kept.Set("Openai-Organization", r.replace("org-", organization))
	}
	e.Header = kept
	r.hidesAmounts = strings.HasPrefix(e.Path, "/organization/usage/") || strings.HasPrefix(e.Path, "/organization/costs")
	e.Answer, e.Request = r.json(e.Answer), r.json(e.Request)
	e.Path = r.path(e.Path)
	e.Query = r.query(e.Query)
	line, err := json.Marshal(e)
	if err == nil {
		_, err = r.out.Write(append(line, '\n'))
	}
	r.err = errors.Join(r.err, err)
}

// Err is why the transcript is not complete.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// person begins the replacements of e-mail addresses.
const person = "person-"

// replace returns the replacement of a text: its kind and a number.
func (r *Recorder) replace(kind, secret string) string {
	if secret == "" {
		return ""
	}
	if known, ok := r.replaced[secret]; ok {
		return known
	}
	r.counts[kind]++
	replacement := fmt.Sprintf("%s%04d", kind, r.counts[kind])
	if kind == person {
		replacement += "@example.com"
	}
	r.replaced[secret] = replacement
	return replacement
}

var (
	emailForm  = regexp.MustCompile(`[^\s@"<>,;()]+@[^\s@"<>,;()]+`)
	secretForm = regexp.MustCompile(`sk-[A-Za-z0-9_.-]+`)
	// idForm is the prefix of an id and what makes it one of a kind: it has a digit
	// or is long.
	idForm = regexp.MustCompile(`\b([a-z]+(?:_[a-z]+)*[-_])([A-Za-z0-9~-]{6,})`)
	// bareIDForm are ids without a prefix.
	bareIDForm = regexp.MustCompile(`\b[0-9a-f]{20,}\b`)
)

// publicFields have values that are the same in all organizations.
var publicFields = map[string]bool{
	"object": true, "type": true, "status": true, "role": true, "currency": true, "interval": true, "mode": true, "model": true, "model_ids": true,
	"residency": true, "resource_type": true, "group_type": true, "user_type": true, "permissions": true, "scopes": true, "code": true,
	"param": true, "default": true, "enabled_tiers": true, "retention_type": true, "owner_project_access": true, "purpose": true,
	"principal_type": true, "line_item": true, "service_tier": true, "api_source": true, "quantity_unit": true,
}

// idFields have ids, which keep their prefix.
var idFields = map[string]bool{
	"id": true, "first_id": true, "last_id": true, "next": true, "next_page": true, "certificate_ids": true, "project_ids": true, "api_project_ids": true,
}

// kindOf is how the texts of a field are replaced.
func kindOf(field string) string {
	switch {
	case strings.HasSuffix(field, "_id") || idFields[field]:
		return "id"
	case field == "message":
		return "message"
	default:
		return "text"
	}
}

// json replaces all texts of a document that may name something. What is no
// JSON is left out.
func (r *Recorder) json(document json.RawMessage) json.RawMessage {
	if len(document) == 0 {
		return nil
	}
	replaced, err := r.value("", document)
	if err != nil {
		return json.RawMessage(`"not JSON"`)
	}
	return replaced
}

func (r *Recorder) value(field string, raw json.RawMessage) (json.RawMessage, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	switch raw[0] {
	case '{':
		return r.object(raw)
	case '[':
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, err
		}
		for i := range items {
			var err error
			if items[i], err = r.value(field, items[i]); err != nil {
				return nil, err
			}
		}
		return json.Marshal(items)
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
		return json.Marshal(r.text(field, text))
	default:
		if !json.Valid(raw) {
			return nil, errors.New("no JSON")
		}
		if r.hidesAmounts && raw[0] != 't' && raw[0] != 'f' && raw[0] != 'n' && !strings.HasSuffix(field, "_time") {
			return json.RawMessage("1"), nil
		}
		return raw, nil
	}
}

// object keeps the order of the fields, so that transcripts can be compared.
func (r *Recorder) object(raw json.RawMessage) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		if value, err = r.value(name, value); err != nil {
			return nil, err
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		out.Write(append(append(key, ':'), value...))
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// predefined are ids that all organizations have, before their scope.
const predefined = "role-api-"

// text replaces the text of a field.
func (r *Recorder) text(field, text string) string {
	switch kind := kindOf(field); {
	case kind == "id" && strings.HasPrefix(text, "rl-") && isPublicModel(text), kind == "id" && strings.HasPrefix(text, predefined) && !strings.Contains(text, "__"):
		return text // the name of a model, and of a role of all organizations
	case kind == "id" && strings.HasPrefix(text, predefined):
		base, scope, _ := strings.Cut(text, "__")
		scope, id, _ := strings.Cut(scope, "__")
		return base + "__" + scope + "__" + r.text(field, id)
	case kind == "id":
		return r.replace(prefixOf(text), text)
	case field == "role" && !slices.Contains(publicRoles, text), !isPublicModel(text) && (field == "model" || field == "model_ids"):
		return r.replace("text-", text)
	case publicFields[field]:
		return text
	case kind == "message":
		return r.words(text)
	case text == defaultProject, slices.Contains(publicRoles, text):
		return text
	case emailForm.FindString(text) == text && text != "":
		return r.replace(person, text)
	case secretForm.FindString(text) == text && text != "":
		return r.replace("secret-", text)
	default:
		return r.replace("text-", text)
	}
}

// publicRoles are the roles of all organizations. Others have the names of people's
// own roles.
var publicRoles = []string{"owner", "member", "reader", "viewer", "none", ""}

// isPublicModel says that a name is not that of a fine-tuned model, which
// contains the organization's.
func isPublicModel(name string) bool { return !strings.Contains(name, ":") }

// prefixOf is the part of an id that says what it is of, with the character that
// ends it.
func prefixOf(id string) string {
	if parts := idForm.FindStringSubmatch(id); parts != nil && strings.HasPrefix(id, parts[1]) {
		return parts[1]
	}
	return "id-"
}

// words replaces what may name something within a sentence. What was replaced
// before is replaced in the same way.
func (r *Recorder) words(text string) string {
	known := slices.Collect(maps.Keys(r.replaced))
	// The longest first: one may be part of another.
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	for _, secret := range known {
		if len(secret) > 3 {
			text = strings.ReplaceAll(text, secret, r.replaced[secret])
		}
	}
	text = secretForm.ReplaceAllStringFunc(text, func(found string) string { return r.replace("secret-", found) })
	text = emailForm.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, person) {
			return found
		}
		return r.replace(person, found)
	})
	text = bareIDForm.ReplaceAllStringFunc(text, func(found string) string { return r.replace("id-", found) })
	return idForm.ReplaceAllStringFunc(text, func(found string) string {
		parts := idForm.FindStringSubmatch(found)
		if !strings.ContainsAny(parts[2], "0123456789") || slices.Contains(slices.Collect(maps.Values(r.replaced)), found) {
			return found
		}
		return r.replace(parts[1], found)
	})
}

// path replaces the ids of a path.
func (r *Recorder) path(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		id, err := url.PathUnescape(segment)
		if err != nil {
			id = segment
		}
		if replacement, known := r.replaced[id]; known {
			segments[i] = replacement
		} else if strings.HasPrefix(id, predefined) || strings.ContainsAny(id, "0123456789~") {
			segments[i] = url.PathEscape(r.text("id", id))
		}
	}
	return strings.Join(segments, "/")
}

// query replaces the ids of a query.
func (r *Recorder) query(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	for name, all := range values {
		for i, value := range all {
			if replacement, known := r.replaced[value]; known {
				values[name][i] = replacement
			}
		}
	}
	return values.Encode()
}

// Replay answers requests as a transcript has them: each request gets the next
// answer to its method and path.
type Replay struct {
	base    string
	answers map[string][]Exchange
}

// NewReplay reads a transcript. base is the path of the base URL.
func NewReplay(transcript io.Reader, base string) (*Replay, error) {
	r := &Replay{base: base, answers: map[string][]Exchange{}}
	decoder := json.NewDecoder(transcript)
	for {
		var e Exchange
		switch err := decoder.Decode(&e); {
		case errors.Is(err, io.EOF):
			return r, nil
		case err != nil:
			return nil, err
		}
		key := e.Method + " " + e.Path
		r.answers[key] = append(r.answers[key], e)
	}
}

// RoundTrip implements http.RoundTripper.
func (r *Replay) RoundTrip(req *http.Request) (*http.Response, error) {
	key := req.Method + " " + strings.TrimPrefix(req.URL.EscapedPath(), r.base)
	known := r.answers[key]
	if len(known) == 0 {
		return nil, fmt.Errorf("the transcript has no more answers to %s", key)
	}
	e := known[0]
	r.answers[key] = known[1:]
	return &http.Response{
		StatusCode: e.Status, Header: e.Header, Body: io.NopCloser(bytes.NewReader(e.Answer)), Request: req, ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}
