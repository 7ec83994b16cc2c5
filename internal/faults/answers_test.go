package faults_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
)

// rewriting serves the answers of another handler, with the values of some
// texts and numbers in another form.
type rewriting struct {
	next http.Handler
	// sent are the configured values that the API stores in another form, by
	// their JSON.
	sent map[string]bool
	form func(value any) any
	// asSent leaves the values as they were sent.
	asSent bool
	// count is how many values were rewritten. Of those, different are neither
	// e-mail addresses, which are found by either spelling, nor currencies, which
	// are not configured.
	count, different int
}

func (r *rewriting) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	answer := httptest.NewRecorder()
	r.next.ServeHTTP(answer, req)
	body := answer.Body.Bytes()
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if answer.Code == http.StatusOK && decoder.Decode(&value) == nil {
		if rewritten, err := json.Marshal(r.rewrite("", value)); err == nil {
			body = rewritten
		}
	}
	maps.Copy(w.Header(), answer.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(answer.Code)
	_, _ = w.Write(body)
}

func (r *rewriting) rewrite(key string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name := range value {
			value[name] = r.rewrite(name, value[name])
		}
		return value
	case []any:
		for i := range value {
			value[i] = r.rewrite(key, value[i])
		}
		return value
	}
	encoded, err := json.Marshal(value)
	if err != nil || strings.HasSuffix(key, "id") || !r.sent[string(encoded)] || r.asSent {
		return value
	}
	form := r.form(value)
	if rewritten, err := json.Marshal(form); err == nil && !bytes.Equal(encoded, rewritten) {
		r.count++
		if text, isText := value.(string); !isText || isName(text) {
			r.different++
		}
	}
	return form
}

// expectWarning expects a write to say that the API answered other values than
// those that were sent.
func (r *rewriting) expectWarning(t *testing.T, operation string, diags []*tfprotov6.Diagnostic) {
	t.Helper()
	if said := texts(diags); r.different > 0 && !strings.Contains(said, "API stores another") {
		t.Errorf("the %s does not say that the API stores another value: %s", operation, said)
	}
}

// collect adds the texts and numbers of a configuration, other than ids.
func (r *rewriting) collect(configured map[string]any) {
	r.sent[`"USD"`] = true // the default of currency
	add := func(value any) {
		if encoded, err := json.Marshal(value); err == nil {
			r.sent[string(encoded)] = true
		}
	}
	for name, value := range configured {
		if strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids") || name == "model" || name == "certificate" {
			continue
		}
		switch value := value.(type) {
		case string, int:
			add(value)
		case []string:
			for _, text := range value {
				add(text)
			}
		case map[string]string:
			for _, text := range value {
				add(text)
			}
		}
	}
}

// forms are other forms in which an API may store the sent values.
var forms = map[string]func(value any) any{
	"other case": func(value any) any {
		text, ok := value.(string)
		switch {
		case !ok:
			return value
		case text == strings.ToUpper(text):
			return strings.ToLower(text)
		}
		return strings.ToUpper(text)
	},
	"spaces around": func(value any) any {
		if text, ok := value.(string); ok && !strings.Contains(text, "@") {
			return " " + text + " "
		}
		return value
	},
	"null amounts": func(value any) any {
		if _, ok := value.(json.Number); ok {
			return nil
		}
		return value
	},
	"other amounts": func(value any) any {
		if number, ok := value.(json.Number); ok {
			whole, err := number.Int64()
			if err == nil {
				return whole + 1
			}
		}
		return value
	},
}

// isName says that a configured text is neither an address nor a currency.
func isName(text string) bool { return text != "USD" && !strings.Contains(text, "@") }

// changedSince is a name or an amount after a change by another team.
func changedSince(value any) any {
	switch value := value.(type) {
	case string:
		if isName(value) {
			return value + " too"
		}
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole + 7
		}
	}
	return value
}

// withoutRole removes the role of a person, which the client knows by the API's
// word: it counts owners, and any other word in a project is a custom role.
func withoutRole(typeName string, configured map[string]any) map[string]any {
	if typeName != "openai_organization_user" && typeName != "openai_project_user" {
		return configured
	}
	configured = maps.Clone(configured)
	delete(configured, "role")
	return configured
}

// An answer that differs from the sent value taints and replaces nothing: it is
// a warning, the next plan is empty, and the object can be changed and deleted.
func TestAnswersInAnotherFormReplaceNothing(t *testing.T) {
	cases, struck, drifts := 0, map[string]int{}, map[string]int{}
	for _, s := range subjects {
		for _, name := range slices.Sorted(maps.Keys(forms)) {
			t.Run(s.typeName+"/"+name, func(t *testing.T) {
				if name == "null amounts" && kinds[s.typeName] == removable {
					return // a limit without an amount is an answer that cannot be read
				}
				w := newWorld(t)
				r := &rewriting{next: w.server, sent: map[string]bool{}, form: forms[name]}
				r.collect(withoutRole(s.typeName, s.first(w)))
				server := httptest.NewServer(r)
				t.Cleanup(server.Close)
				driver := func() *acctest.Driver {
					return w.driverAt(t, server.URL+"/v1", w.clock)
				}
				o, diags := driver().Apply(t, s.typeName, nil, s.first(w))
				cases++
				if hasError(diags) {
					t.Fatalf("create: %s", texts(diags))
				}
				if r.count > 0 {
					struck[name]++
				}
				r.expectWarning(t, "create", diags)
				for range 2 {
					d := driver()
					refreshed, diags := d.Refresh(t, o)
					if hasError(diags) || refreshed == nil {
						t.Fatalf("refresh: %v %s", refreshed, texts(diags))
					}
					if p := d.Plan(t, s.typeName, refreshed, s.first(w)); p.Action != acctest.ActionNoOp || hasError(p.Diagnostics) {
						t.Fatalf("the second plan is %q %v, not empty: %s", p.Action, p.ChangedPaths, texts(p.Diagnostics))
					}
					o = refreshed
				}
				// Any other answer than the one to the create is a change by another client.
				if r.different > 0 {
					r.form = changedSince
					d := driver()
					refreshed, diags := d.Refresh(t, o)
					if hasError(diags) || refreshed == nil {
						t.Fatalf("refresh: %v %s", refreshed, texts(diags))
					}
					if p := d.Plan(t, s.typeName, refreshed, s.first(w)); p.Action == acctest.ActionNoOp {
						t.Error("the plan is empty, although the API shows neither the sent value nor its earlier answer")
					}
					r.form = forms[name]
				}
				// Once the API shows the sent value, the other form is a change by another
				// client.
				for _, r.asSent = range []bool{true, false} {
					d := driver()
					refreshed, diags := d.Refresh(t, o)
					if hasError(diags) || refreshed == nil {
						t.Fatalf("refresh: %v %s", refreshed, texts(diags))
					}
					p := d.Plan(t, s.typeName, refreshed, s.first(w))
					if r.asSent && p.Action != acctest.ActionNoOp {
						t.Fatalf("the plan is %q %v, although the API shows the sent value", p.Action, p.ChangedPaths)
					}
					if !r.asSent && p.Action != acctest.ActionNoOp {
						drifts[name]++
					}
					o = refreshed
				}
				r.collect(withoutRole(s.typeName, s.second(w)))
				r.different = 0
				if o, diags = driver().Apply(t, s.typeName, o, s.second(w)); hasError(diags) {
					t.Fatalf("update: %s", texts(diags))
				}
				r.expectWarning(t, "update", diags)
				if _, diags = driver().Apply(t, s.typeName, o, nil); hasError(diags) {
					t.Fatalf("destroy: %s", texts(diags))
				}
				if found := s.found(t, w); !slices.Equal(found, s.none) {
					t.Errorf("after destroy: %q, expected %q", found, s.none)
				}
			})
		}
	}
	for name := range forms {
		if struck[name] < 3 || drifts[name] == 0 {
			t.Errorf("%s: %d objects have had such an answer, %d have shown a later one as a change", name, struck[name], drifts[name])
		}
	}
	fmt.Printf("answers in another form: %d cases, %v, later changes shown: %v\n", cases, struck, drifts)
}

// inAnotherForm is a name with spaces around it, or an e-mail address in upper
// case.
func inAnotherForm(value any) any {
	text, ok := value.(string)
	switch {
	case ok && strings.Contains(text, "@"):
		return strings.ToUpper(text)
	case ok && text != "USD":
		return " " + text + " "
	}
	return value
}

// An object whose create lost its answer is found although the API stores its
// name in another form: it is adopted, or the error names it.
func TestAnswersInAnotherFormAreFoundAfterLostAnswers(t *testing.T) {
	adopted, named := 0, 0
	for _, s := range subjectsOf(serverNamed, secret) {
		t.Run(s.typeName, func(t *testing.T) {
			w := newWorld(t)
			r := &rewriting{next: w.server, sent: map[string]bool{}, form: inAnotherForm}
			for _, name := range []string{"name", "role_name", "email", "notification_channel_recipients"} {
				if value, configured := s.first(w)[name]; configured {
					r.collect(map[string]any{name: value})
				}
			}
			lab := faultinjection.NewAt(r, faultinjection.Plan{Rules: []faultinjection.Rule{{Fault: faultinjection.ResetAfter, Method: "POST", Times: 1}}}, w.clock)
			server := httptest.NewServer(lab)
			t.Cleanup(server.Close)
			driver := func() *acctest.Driver {
				return w.driverAt(t, server.URL+"/v1", w.clock)
			}
			o, diags := driver().Apply(t, s.typeName, nil, s.first(w))
			said := texts(diags)
			switch {
			case kinds[s.typeName] == secret:
				if hasError(diags) || !strings.Contains(said, "may be an orphan") {
					t.Errorf("the key of the lost answer is not named: %s", said)
				}
				named++
				return
			case hasError(diags):
				if !importBlock.MatchString(said) {
					t.Errorf("the object is not named: %s", said)
				}
				named++
			default:
				adopted++
				refreshed, _ := driver().Refresh(t, o)
				if p := driver().Plan(t, s.typeName, refreshed, s.first(w)); p.Action != acctest.ActionNoOp {
					t.Errorf("the second plan is %q %v, not empty", p.Action, p.ChangedPaths)
				}
			}
			if found := s.found(t, w); len(found) != len(s.one) {
				t.Errorf("found %q, expected %q", found, s.one)
			}
		})
	}
	if adopted == 0 || named == 0 {
		t.Errorf("%d objects were adopted, %d named", adopted, named)
	}
}

// An address in other letters means the same person: the plan of a
// configuration that spells addresses otherwise is empty.
func TestAnswersToOtherSpellingsOfAddressesAreEqual(t *testing.T) {
	count := 0
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			w := newWorld(t)
			configured := s.first(w)
			respelled := maps.Clone(configured)
			for name, value := range configured {
				switch value := value.(type) {
				case string:
					if strings.Contains(value, "@") {
						respelled[name] = strings.ToUpper(value)
					}
				case []string:
					if slices.ContainsFunc(value, func(text string) bool { return strings.Contains(text, "@") }) {
						upper := make([]string, len(value))
						for i, text := range value {
							upper[i] = strings.ToUpper(text)
						}
						respelled[name] = upper
					}
				}
			}
			if reflect.DeepEqual(configured, respelled) {
				return // without an address
			}
			count++
			server := httptest.NewServer(w.server)
			t.Cleanup(server.Close)
			driver := func() *acctest.Driver {
				return w.driverAt(t, server.URL+"/v1", w.clock)
			}
			o, diags := driver().Apply(t, s.typeName, nil, configured)
			if hasError(diags) {
				t.Fatalf("create: %s", texts(diags))
			}
			if p := driver().Plan(t, s.typeName, o, respelled); p.Action != acctest.ActionNoOp || hasError(p.Diagnostics) {
				t.Errorf("the plan is %q %v, not empty: %s", p.Action, p.ChangedPaths, texts(p.Diagnostics))
			}
		})
	}
	if count < 4 {
		t.Errorf("%d objects have addresses", count)
	}
}

// An API that keeps a description that was removed from the configuration
// changes nothing of the plans, and a warning says so.
func TestAnswersKeepWhatIsRemoved(t *testing.T) {
	cases := 0
	for _, s := range subjects {
		attribute, ok := registered[s.typeName].Schema.Attributes["description"]
		if !ok || attribute.IsComputed() || !attribute.IsOptional() {
			continue
		}
		cases++
		t.Run(s.typeName, func(t *testing.T) {
			w := newWorld(t)
			keeper := &descriptionKeeper{next: w.server}
			server := httptest.NewServer(keeper)
			t.Cleanup(server.Close)
			driver := func() *acctest.Driver {
				return w.driverAt(t, server.URL+"/v1", w.clock)
			}
			described, bare := maps.Clone(s.first(w)), maps.Clone(s.first(w))
			described["description"] = keptDescription
			delete(bare, "description")
			o, diags := driver().Apply(t, s.typeName, nil, described)
			if hasError(diags) {
				t.Fatalf("create: %s", texts(diags))
			}
			keeper.keeps = true
			o, diags = driver().Apply(t, s.typeName, o, bare)
			if said := texts(diags); hasError(diags) || !strings.Contains(said, "API stores another description") {
				t.Fatalf("the update does not say that the API keeps the description: %s", said)
			}
			d := driver()
			refreshed, diags := d.Refresh(t, o)
			if p := d.Plan(t, s.typeName, refreshed, bare); p.Action != acctest.ActionNoOp || hasError(diags) {
				t.Errorf("the next plan is %q %v, not empty: %s", p.Action, p.ChangedPaths, texts(diags))
			}
		})
	}
	if cases < 3 {
		t.Errorf("%d objects have a description", cases)
	}
}

const keptDescription = "kept"

// descriptionKeeper serves the answers of another handler, and a description of
// each object that has none.
type descriptionKeeper struct {
	next  http.Handler
	keeps bool
}

func (k *descriptionKeeper) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	answer := httptest.NewRecorder()
	k.next.ServeHTTP(answer, req)
	body := answer.Body.Bytes()
	var object map[string]any
	if k.keeps && answer.Code == http.StatusOK && json.Unmarshal(body, &object) == nil {
		items, _ := object[itemsOf(object)].([]any)
		for _, item := range append(items, object) {
			described, ok := item.(map[string]any)
			if text, _ := described["description"].(string); ok && described["id"] != nil && text == "" {
				described["description"] = keptDescription
			}
		}
		if kept, err := json.Marshal(object); err == nil {
			body = kept
		}
	}
	maps.Copy(w.Header(), answer.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(answer.Code)
	_, _ = w.Write(body)
}
