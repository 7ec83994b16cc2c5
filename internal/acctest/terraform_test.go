package acctest

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// play plays steps until one fails, and returns its error and the calls of the
// provider.
func play(t *testing.T, steps ...resource.TestStep) (error, []string) { //nolint:revive,staticcheck // the error is what the test is about
	t.Helper()
	r, err := newRecorder()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorkspace(t, factories{"record": func() (tfprotov6.ProviderServer, error) { return r, nil }})
	for i, step := range steps {
		r.flush()
		if err := w.play(step); err != nil || i == len(steps)-1 {
			return err, r.flush()
		}
	}
	return nil, nil
}

func things(blocks ...string) string {
	var text strings.Builder
	for _, block := range blocks {
		name, body, _ := strings.Cut(block, ":")
		text.WriteString("resource \"record_thing\" \"" + name + "\" {\n" + body + "\n}\n")
	}
	return text.String()
}

func configStep(source string) resource.TestStep { return resource.TestStep{Config: source} }

// TestCoreReports checks that the core and the steps report the same as
// Terraform and its test framework. Every case would pass if they checked
// nothing.
func TestCoreReports(t *testing.T) {
	noCheck := func(*terraform.State) error { return errors.New("the check has failed") }
	for name, test := range map[string]struct {
		steps   []resource.TestStep
		message string
	}{
		"syntax":                  {[]resource.TestStep{configStep(`resource "record_thing" {`)}, "Error: "},
		"unknown argument":        {[]resource.TestStep{configStep(things("a:nothing = 1"))}, "Unsupported argument"},
		"wrong type":              {[]resource.TestStep{configStep(things("a:name = [1]"))}, "Incorrect attribute value type"},
		"unknown type":            {[]resource.TestStep{configStep("resource \"record_other\" \"a\" {}")}, "Invalid resource type"},
		"undeclared resource":     {[]resource.TestStep{configStep(things("a:name = record_thing.b.id"))}, "Reference to undeclared resource"},
		"undeclared local":        {[]resource.TestStep{configStep(things("a:name = local.b"))}, "Reference to undeclared local value"},
		"missing variable":        {[]resource.TestStep{configStep("variable \"v\" {\n  type = string\n}\n" + things("a:name = var.v"))}, "No value for required variable"},
		"cycle":                   {[]resource.TestStep{configStep(things("a:name = record_thing.b.id", "b:name = record_thing.a.id"))}, "Cycle"},
		"unknown count":           {[]resource.TestStep{configStep(things("a:name = \"a\"", "b:count = length(record_thing.a.id)"))}, "Invalid count argument"},
		"unknown for_each":        {[]resource.TestStep{configStep(things("a:name = \"a\"", "b:for_each = toset([record_thing.a.id])"))}, "Invalid for_each argument"},
		"sensitive output":        {[]resource.TestStep{configStep("output \"o\" {\n  value = sensitive(\"a\")\n}\n")}, "Output refers to sensitive values"},
		"ephemeral value":         {[]resource.TestStep{{Config: "variable \"v\" {\n  ephemeral = true\n}\n" + things("a:name = var.v"), ConfigVariables: config.Variables{"v": config.StringVariable("a")}}}, "Invalid use of ephemeral value"},
		"prevented destroy":       {[]resource.TestStep{configStep(things("a:lifecycle {\n  prevent_destroy = true\n}")), {Config: things("a:lifecycle {\n  prevent_destroy = true\n}"), Destroy: true}}, "Instance cannot be destroyed"},
		"prevented replacement":   {[]resource.TestStep{configStep(things("a:fixed = \"a\"\nlifecycle {\n  prevent_destroy = true\n}")), configStep(things("a:fixed = \"b\"\nlifecycle {\n  prevent_destroy = true\n}"))}, "Instance cannot be destroyed"},
		"invalid plan":            {[]resource.TestStep{configStep(things("a:fault = \"plans another name\"\nname = \"a\""))}, "Provider produced invalid plan"},
		"inconsistent plan":       {[]resource.TestStep{configStep(things("a:fault = \"plans another note\""))}, "Provider produced inconsistent final plan"},
		"inconsistent result":     {[]resource.TestStep{configStep(things("a:fault = \"returns another name\"\nname = \"a\""))}, "Provider produced inconsistent result after apply"},
		"failing create":          {[]resource.TestStep{configStep(things("a:fault = \"fails to create\""))}, `with record_thing\.a,\s+on terraform_plugin_test\.tf line 1, in resource "record_thing" "a":`},
		"import without object":   {[]resource.TestStep{configStep("import {\n  to = record_thing.a\n  id = \"removed outside\"\n}\n" + things("a:name = \"a\"")), configStep(things("a:fault = \"fails to update\""))}, "Update failed"},
		"import of a managed one": {[]resource.TestStep{configStep(things("a:name = \"a\"")), {ImportState: true, ImportStatePersist: true, ResourceName: "record_thing.a"}}, "Resource already managed by Terraform"},
		"import that differs":     {[]resource.TestStep{configStep(things("a:name = \"a\"")), {ImportState: true, ImportStateVerify: true, ResourceName: "record_thing.a"}}, "ImportStateVerify attributes not equivalent"},
		"plan that is not empty":  {[]resource.TestStep{configStep(things("a:name = \"removed outside\""))}, "the refresh plan was not empty"},
		"plan that is empty":      {[]resource.TestStep{{Config: things("a:name = \"a\""), ExpectNonEmptyPlan: true}}, "expected a non-empty plan"},
		"output that changes":     {[]resource.TestStep{configStep("output \"o\" {\n  value = \"a\"\n}\n"), {Config: "output \"o\" {\n  value = \"b\"\n}\n", PlanOnly: true}}, "plan was not empty"},
		"check":                   {[]resource.TestStep{{Config: things("a:name = \"a\""), Check: noCheck}}, "the check has failed"},
		"check of a destroy":      {[]resource.TestStep{configStep(things("a:name = \"a\"")), {Config: things("a:name = \"a\""), Destroy: true, Check: noCheck}}, "the check has failed"},
		"plan check":              {[]resource.TestStep{{Config: things("a:name = \"a\""), ConfigPlanChecks: Action("record_thing.a", "NoOp")}}, "pre-apply plan check"},
	} {
		t.Run(name, func(t *testing.T) {
			err, _ := play(t, test.steps...)
			if err == nil || !regexp.MustCompile(test.message).MatchString(err.Error()) {
				t.Errorf("the error is %v, expected %q", err, test.message)
			}
		})
	}
}

// order is the order in which the objects of the last step were applied, by
// their names: a sign, and the name before or after.
func order(calls []string) (all []string) {
	name := regexp.MustCompile(`name:(\w+)`)
	for _, call := range calls {
		if !strings.HasPrefix(call, "apply ") {
			continue
		}
		found := name.FindStringSubmatch(call)
		sign := "~"
		switch {
		case !strings.Contains(call, "prior="):
			sign = "+"
		case !strings.Contains(call, "planned="):
			sign = "-"
		}
		all = append(all, sign+found[1])
	}
	return all
}

// ordered is a sequence of steps with the order of the changes of the last one.
type ordered struct {
	steps    []resource.TestStep
	expected []string
}

func orders() map[string]ordered {
	chain := func(fixed, more string) string {
		return things(`a:name = "a"`+"\nfixed = \""+fixed+"\"\n"+more, `b:name = "b"`+"\nfixed = record_thing.a.id", "c:name = \"c\"\nfixed = record_thing.b.id")
	}
	first := "lifecycle {\n  create_before_destroy = true\n}"
	return map[string]ordered{
		"create":          {[]resource.TestStep{configStep(chain("x", ""))}, []string{"+a", "+b", "+c"}},
		"depends_on":      {[]resource.TestStep{configStep(things("a:name = \"a\"\ndepends_on = [record_thing.b]", "b:name = \"b\""))}, []string{"+b", "+a"}},
		"through a local": {[]resource.TestStep{configStep("locals {\n  b = record_thing.b.id\n}\n" + things("a:name = \"a\"\nfixed = local.b", "b:name = \"b\""))}, []string{"+b", "+a"}},
		"destroy":         {[]resource.TestStep{configStep(chain("x", "")), {Config: chain("x", ""), Destroy: true}}, []string{"-c", "-b", "-a"}},
		"removed blocks":  {[]resource.TestStep{configStep(chain("x", "")), configStep("output \"o\" {\n  value = 1\n}\n")}, []string{"-c", "-b", "-a"}},
		"replace":         {[]resource.TestStep{configStep(chain("x", "")), configStep(chain("y", ""))}, []string{"-c", "-b", "-a", "+a", "+b", "+c"}},
		"create first":    {[]resource.TestStep{configStep(things("a:name = \"a\"\nfixed = \"x\"\n" + first)), configStep(things("a:name = \"a\"\nfixed = \"y\"\n" + first))}, []string{"+a", "-a"}},
		"create first, forced": {[]resource.TestStep{
			configStep(things("a:name = \"a\"\nfixed = \"x\"", "b:name = \"b\"\nfixed = record_thing.a.id\n"+first)),
			configStep(things("a:name = \"a\"\nfixed = \"y\"", "b:name = \"b\"\nfixed = record_thing.a.id\n"+first)),
		}, []string{"+a", "+b", "-b", "-a"}},
		"failure stops what depends on it": {[]resource.TestStep{configStep(things("a:name = \"a\"\nfault = \"fails to create\"", "b:name = \"b\"\nfixed = record_thing.a.id"))}, []string{"+a"}},
		"count that shrinks":               {[]resource.TestStep{configStep(things("a:name = \"a${count.index}\"\ncount = 3")), configStep(things("a:name = \"a${count.index}\"\ncount = 2"))}, []string{"-a2"}},
		"ignored change":                   {[]resource.TestStep{configStep(things("a:name = \"a\"")), configStep(things("a:name = \"b\"\nlifecycle {\n  ignore_changes = [name]\n}"))}, nil},
		"released":                         {[]resource.TestStep{configStep(things("a:name = \"a\"")), configStep("removed {\n  from = record_thing.a\n  lifecycle {\n    destroy = false\n  }\n}\n")}, nil},
		"taint":                            {[]resource.TestStep{configStep(things("a:name = \"a\"")), {Config: things("a:name = \"a\""), Taint: []string{"record_thing.a"}}}, []string{"-a", "+a"}},
	}
}

// plannedRemovals is the order in which removals were planned in the last step,
// by the names of the objects. A removal has no configuration. The test
// framework plans a destroy twice.
func plannedRemovals(calls []string) (all []string) {
	name := regexp.MustCompile(`name:(\w+)`)
	for _, call := range calls {
		if !strings.HasPrefix(call, "plan prior=") || strings.Contains(call, "config=") {
			continue
		}
		if found := name.FindStringSubmatch(call)[1]; !slices.Contains(all, found) {
			all = append(all, found)
		}
	}
	return all
}

// removals are sequences of steps with the order in which the last one plans
// removals. A provider that plans one does not know of those that come later.
// Removed blocks are planned in no order, so they are not among these.
func removals() map[string]ordered {
	chain := things(`a:name = "a"`, `b:name = "b"`+"\nfixed = record_thing.a.id", "c:name = \"c\"\nfixed = record_thing.b.id")
	counted := func(n string) string {
		return things("a:count = "+n+"\nname = \"a${count.index}\"", "b:count = "+n+"\nname = \"b${count.index}\"\nfixed = record_thing.a[count.index].id")
	}
	return map[string]ordered{
		"destroy":            {[]resource.TestStep{configStep(chain), {Config: chain, Destroy: true}}, []string{"c", "b", "a"}},
		"count that shrinks": {[]resource.TestStep{configStep(counted("2")), configStep(counted("1"))}, []string{"a1", "b1"}},
	}
}

// TestCoreRemovals checks the order in which removals are planned. Terraform
// destroy plans an object after its dependents; a configuration with fewer
// instances plans it before them. Both destroy the dependents first.
func TestCoreRemovals(t *testing.T) {
	for name, test := range removals() {
		t.Run(name, func(t *testing.T) {
			err, calls := play(t, test.steps...)
			if err != nil {
				t.Fatal(err)
			}
			if got := plannedRemovals(calls); !slices.Equal(got, test.expected) {
				t.Errorf("the order is %q, expected %q", got, test.expected)
			}
		})
	}
}

// TestCoreOrder checks the order of changes: dependents of an object come after
// it, and are destroyed before it.
func TestCoreOrder(t *testing.T) {
	for name, test := range orders() {
		t.Run(name, func(t *testing.T) {
			err, calls := play(t, test.steps...)
			if err != nil && !strings.Contains(name, "failure") {
				t.Fatal(err)
			}
			if got := order(calls); !slices.Equal(got, test.expected) {
				t.Errorf("the order is %q, expected %q", got, test.expected)
			}
		})
	}
}

// TestAccCoreOrder checks that the real Terraform has the same orders. It starts
// Terraform so often that it does so only when all tests do.
func TestAccCoreOrder(t *testing.T) {
	if !realTerraform() {
		t.Skip("OPENAI_TEST_TERRAFORM is not set")
	}
	for name, test := range orders() {
		t.Run(name, func(t *testing.T) { test.check(t, order, strings.Contains(name, "failure")) })
	}
	for name, test := range removals() {
		t.Run("removals planned by "+name, func(t *testing.T) { test.check(t, plannedRemovals, false) })
	}
}

// check plays the steps with the real Terraform, and compares the order that is
// found in the calls of the last one.
func (o ordered) check(t *testing.T, order func(calls []string) []string, fails bool) {
	t.Helper()
	r, err := newRecorder()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	last := &o.steps[len(o.steps)-1]
	last.PreConfig = func() { r.flush() }
	last.Check = func(*terraform.State) error {
		got = order(r.flush())
		return nil
	}
	if fails {
		last.ExpectError = Message("Create failed")
	}
	resource.Test(t, resource.TestCase{Steps: o.steps, ProtoV6ProviderFactories: factories{"record": func() (tfprotov6.ProviderServer, error) { return r, nil }}})
	if !fails && !slices.Equal(got, o.expected) {
		t.Errorf("the order is %q, expected %q", got, o.expected)
	}
}
