package faults_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// configured is the configuration of every subject, for the real Terraform.
func configured(t *testing.T, w *world, of func(address string, s subject) func(*world) map[string]any) string {
	t.Helper()
	resources := map[string]map[string]any{}
	for i, s := range subjects {
		if resources[s.typeName] == nil {
			resources[s.typeName] = map[string]any{}
		}
		name := fmt.Sprintf("s%d", i)
		resources[s.typeName][name] = untyped(of(s.typeName+"."+name, s)(w))
	}
	return encoded(t, map[string]any{
		"terraform": map[string]any{"required_providers": map[string]any{"openai": map[string]any{"source": "allthingsai/openai"}}},
		"provider":  w.providerBlock(),
		"resource":  resources,
	})
}

// providerBlock has the API key. The other settings come from the environment.
func (w *world) providerBlock() map[string]any {
	return map[string]any{"openai": map[string]string{"api_key": w.apiKey}}
}

// untyped drops the types that the protocol has in addition to values of any type.
func untyped(attributes map[string]any) map[string]any {
	plain := map[string]any{}
	for name, value := range attributes {
		if typed, ok := value.(map[string]any); ok && typed["type"] != nil && typed["value"] != nil {
			value = typed["value"]
		}
		plain[name] = value
	}
	return plain
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// managedObject is an object as terraform show prints it.
type managedObject struct {
	Address string         `json:"address"`
	Type    string         `json:"type"`
	Values  map[string]any `json:"values"`
}

func managedObjects(t *testing.T, c *acctest.CLI) []managedObject {
	t.Helper()
	var state struct {
		Values struct {
			Root struct {
				Resources []managedObject `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal([]byte(c.Run(t, "show", "-json")), &state); err != nil {
		t.Fatal(err)
	}
	if got := len(state.Values.Root.Resources); got != len(subjects) {
		t.Fatalf("%d objects are in state, %d are configured", got, len(subjects))
	}
	return state.Values.Root.Resources
}

// imports are import blocks for objects, by their ids or by their identities.
func imports(t *testing.T, objects []managedObject, byIdentity bool) string {
	t.Helper()
	var blocks []map[string]any
	for _, object := range objects {
		identity, parts := map[string]any{}, []string{}
		for _, name := range provider.Traits(object.Type).Identity {
			value := object.Values[name]
			if value == nil {
				value = strings.TrimPrefix(object.Type, "openai_") // a singleton
			}
			identity[name], parts = value, append(parts, fmt.Sprint(value))
		}
		block := map[string]any{"to": object.Address}
		if byIdentity {
			block["identity"] = identity
		} else {
			block["id"] = strings.Join(parts, "/")
		}
		blocks = append(blocks, block)
	}
	return encoded(t, map[string]any{"import": blocks})
}

// updated are the addresses that a plan updates in place. It leaves out keys and
// rotations, because the API returns nothing of them that can be changed, and
// invitations, which are withdrawn and sent again.
func (w *world) updated(plan string) (addresses []string) {
	for _, found := range regexp.MustCompile(`# (\S+) will be updated in-place`).FindAllStringSubmatch(plan, -1) {
		_, name, _ := strings.Cut(found[1], ".s")
		at, err := strconv.Atoi(name)
		if err != nil || subjects[at].first(w)["rotation_triggers"] != nil {
			continue
		}
		if !strings.Contains(found[1], "_api_key.") && !strings.Contains(found[1], "_member.") {
			addresses = append(addresses, found[1])
		}
	}
	return addresses
}

// TestAccEveryObject takes every object through its whole life with the real
// Terraform: create, change, a change by another team, imports by id and by
// identity into empty states, and the end.
func TestAccEveryObject(t *testing.T) {
	mirror := acctest.NewMirror(t)
	w := newWorld(t)
	first := configured(t, w, func(_ string, s subject) func(*world) map[string]any { return s.first })
	second := configured(t, w, func(_ string, s subject) func(*world) map[string]any { return s.second })
	begin := func(config string) *acctest.CLI {
		c := mirror.CLI(t, w.direct.URL+"/v1", w.server.AdminKey())
		c.Write(t, "main.tf.json", config)
		c.Run(t, "init")
		return c
	}
	found := func(when string, of func(s subject) []string) {
		t.Helper()
		for _, s := range subjects {
			if got := s.found(t, w); !slices.Equal(got, of(s)) {
				t.Errorf("%s, there is %q of %s, not %q", when, got, s.typeName, of(s))
			}
		}
	}
	noChanges := func(c *acctest.CLI) {
		t.Helper()
		c.Run(t, "plan", "-detailed-exitcode")
	}
	ours := begin(first)
	ours.Run(t, "apply", "-auto-approve")
	noChanges(ours)
	found("created", func(s subject) []string { return s.one })
	ours.Write(t, "main.tf.json", second)
	changed := w.updated(ours.Run(t, "plan", "-out=plan"))
	if len(changed) < 20 {
		t.Errorf("only %q are updated in place", changed)
	}
	ours.Run(t, "apply", "plan")
	noChanges(ours)
	found("changed", func(s subject) []string { return s.two })

	objects := managedObjects(t, ours)
	imported := func(t *testing.T, byIdentity bool) *acctest.CLI {
		theirs := begin(second)
		theirs.Write(t, "imports.tf.json", imports(t, objects, byIdentity))
		// The API does not return the scopes of a key, and only the state has the
		// triggers of rotations.
		expected := fmt.Sprintf("Plan: %d to import, 0 to add, 3 to change, 0 to destroy.", len(subjects))
		if plan := theirs.Run(t, "plan", "-out=plan"); !strings.Contains(plan, expected) {
			t.Errorf("the import changes something:\n%s", plan)
		}
		theirs.Run(t, "apply", "plan")
		noChanges(theirs)
		return theirs
	}
	t.Run("import by identity", func(t *testing.T) {
		mirror.Require(t, "1.12", "import by identity")
		imported(t, true)
	})
	// Terraform before 1.14 generates all attributes, those that name one value
	// twice included, and none that is sensitive.
	generated := begin(encoded(t, map[string]any{
		"terraform": map[string]any{"required_providers": map[string]any{"openai": map[string]any{"source": "allthingsai/openai"}}},
		"provider":  w.providerBlock(),
	}))
	generated.Write(t, "imports.tf.json", imports(t, objects, false))
	expected := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", len(subjects))
	said, err := generated.Command(t.Context(), "plan", "-generate-config-out=generated.tf").CombinedOutput()
	content, problem := os.ReadFile(filepath.Join(generated.Dir, "generated.tf"))
	if problem != nil {
		t.Fatal(problem)
	}
	text, hidden := string(content), 0
	for _, object := range objects {
		for name, attribute := range provider.Traits(object.Type).Schema.Attributes {
			if !attribute.IsRequired() || !attribute.IsSensitive() {
				continue
			}
			hidden++
			if !strings.Contains(string(said), "Must set a configuration value for the "+name+" attribute") {
				t.Errorf("no error about %s of %s, which is sensitive", name, object.Address)
			}
			typeName, label, _ := strings.Cut(object.Address, ".")
			pattern := regexp.MustCompile(fmt.Sprintf(`(?s)(resource %q %q \{\n.*?\n  %s +=) null[^\n]*`, typeName, label, name))
			text = pattern.ReplaceAllString(text, "${1} "+strings.ReplaceAll(encoded(t, object.Values[name]), "$", "$$"))
		}
	}
	if errors := strings.Count(string(said), "\nError: "); err == nil || errors != hidden {
		t.Fatalf("%d errors, expected %d about sensitive attributes:\n%s", errors, hidden, said)
	}
	generated.Write(t, "generated.tf", text)
	if plan := generated.Run(t, "plan"); !strings.Contains(plan, expected) {
		t.Errorf("the generated configuration changes something:\n%s", plan)
	}
	theirs := imported(t, false)
	found("imported", func(s subject) []string { return s.two })

	// Another team changes all objects that can be changed in place.
	theirs.Write(t, "main.tf.json", configured(t, w, func(address string, s subject) func(*world) map[string]any {
		if slices.Contains(changed, address) {
			return s.first
		}
		return s.second
	}))
	theirs.Run(t, "apply", "-auto-approve")
	if drifted := w.updated(ours.Run(t, "plan")); !slices.Equal(drifted, changed) {
		t.Errorf("another team changed %q, the plan changes %q", changed, drifted)
	}
	ours.Run(t, "apply", "-auto-approve")
	noChanges(ours)
	found("corrected", func(s subject) []string { return s.two })
	ours.Run(t, "destroy", "-auto-approve")
	found("destroyed", func(s subject) []string { return s.none })
}
