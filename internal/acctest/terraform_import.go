package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// playImport plays a step that runs terraform import, into the state of the
// test case only when that is asked for.
func (w *workspace) playImport(step resource.TestStep) error {
	w.t.Helper()
	state := w.shim()
	id, err := importID(step, state)
	if err != nil {
		w.t.Fatal(err)
	}
	target := w
	if !step.ImportStatePersist {
		target = &workspace{t: w.t, ctx: w.ctx, factories: w.factories, source: w.source, variables: w.variables, config: w.config, invalid: w.invalid, state: newState()}
	}
	if step.Config != "" {
		target.configure(step)
	}
	if target.config == nil {
		w.t.Fatal("cannot import without a configuration")
	}
	if _, err := target.run(planRequest{skipRefresh: true, imports: map[string]string{step.ResourceName: id}}, false); err != nil {
		return err
	}
	imported := target.shim()
	if step.ImportStateCheck != nil {
		var all []*terraform.InstanceState
		for address, r := range imported.RootModule().Resources {
			if r.Primary != nil && !strings.HasPrefix(address, "data.") {
				one := r.Primary.DeepCopy() //nolint:staticcheck // the checks take it
				one.Ephemeral.Type = r.Type
				all = append(all, one)
			}
		}
		if err := step.ImportStateCheck(all); err != nil {
			w.t.Fatal(err)
		}
	}
	if step.ImportStateVerify {
		return w.verifyImport(step, state, imported)
	}
	return nil
}

func importID(step resource.TestStep, state *terraform.State) (id string, err error) {
	switch {
	case step.ImportStateIdFunc != nil:
		if id, err = step.ImportStateIdFunc(state); err != nil {
			return "", err
		}
	case step.ImportStateId != "":
		id = step.ImportStateId
	default:
		found := state.RootModule().Resources[step.ResourceName]
		if found == nil {
			return "", fmt.Errorf("resource not found in state: %s", step.ResourceName)
		}
		id = found.Primary.ID
	}
	return step.ImportStateIdPrefix + id, nil
}

// verifyImport compares the imported objects with those in state.
func (w *workspace) verifyImport(step resource.TestStep, state, imported *terraform.State) error {
	w.t.Helper()
	identifier := step.ImportStateVerifyIdentifierAttribute
	if identifier == "" {
		identifier = "id"
	}
	for address, r := range imported.RootModule().Resources {
		if strings.HasPrefix(address, "data.") {
			continue
		}
		id, ok := r.Primary.Attributes[identifier]
		if !ok {
			w.t.Fatalf("ImportStateVerify: the new resource lacks the identifier attribute %q", identifier)
		}
		var before *terraform.ResourceState
		for _, address := range slices.Sorted(maps.Keys(state.RootModule().Resources)) {
			candidate := state.RootModule().Resources[address]
			if strings.HasPrefix(address, "data.") || candidate.Type != r.Type || candidate.Provider != r.Provider {
				continue
			}
			old, ok := candidate.Primary.Attributes[identifier]
			if !ok {
				w.t.Fatalf("ImportStateVerify: the old resource lacks the identifier attribute %q", identifier)
			}
			if old == id {
				before = candidate
				break
			}
		}
		if before == nil {
			w.t.Fatalf("failed state verification, resource with ID %s not found", id)
		}
		expected, actual := comparedAttributes(step, before.Primary.Attributes), comparedAttributes(step, r.Primary.Attributes)
		if diff := difference(expected, actual); diff != "" {
			return fmt.Errorf("ImportStateVerify attributes not equivalent. Difference is shown below. The - symbol indicates attributes missing after import.\n\n%s", diff)
		}
	}
	return nil
}

// comparedAttributes are the attributes that are compared: no empty collections, no
// timeouts, and nothing that the step ignores.
func comparedAttributes(step resource.TestStep, attributes map[string]string) map[string]string {
	compared := maps.Clone(attributes)
	maps.DeleteFunc(compared, func(name, value string) bool {
		empty := value == "0" && (strings.HasSuffix(name, ".#") || strings.HasSuffix(name, ".%"))
		return empty || name == "timeouts" || strings.HasPrefix(name, "timeouts.") ||
			slices.ContainsFunc(step.ImportStateVerifyIgnore, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	})
	return compared
}

func difference(expected, actual map[string]string) string {
	var diff strings.Builder
	all := maps.Clone(expected)
	maps.Copy(all, actual)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		before, had := expected[name]
		after, has := actual[name]
		if had && (!has || before != after) {
			fmt.Fprintf(&diff, "- %s: %q\n", name, before)
		}
		if has && (!had || before != after) {
			fmt.Fprintf(&diff, "+ %s: %q\n", name, after)
		}
	}
	return diff.String()
}
