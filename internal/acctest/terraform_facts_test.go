package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/zclconf/go-cty/cty"
)

// corePlayer plays with the core of acceptance tests.
type corePlayer struct {
	r *recorder
	w *workspace
}

func newCorePlayer(t *testing.T, r *recorder) *corePlayer {
	t.Helper()
	return &corePlayer{r, newWorkspace(t, factories{"record": func() (tfprotov6.ProviderServer, error) { return r, nil }})}
}

// begin puts an object of another provider into the state.
func (p *corePlayer) begin(version int64, attributes string) {
	schema := p.r.schemas.resources[recorded]
	p.w.state.put(&instanceState{
		address: recorded + ".it", blockAddress: recorded + ".it", mode: managedMode, kind: recorded, name: "it", provider: "record",
		current: &stateObject{Object: &Object{Type: recorded, schema: schema, state: cty.NullVal(schema.kind)}, foreign: []byte(attributes), foreignVersion: version},
	})
}

func (s step) hcl() string {
	if s.config == nil {
		return ""
	}
	var text strings.Builder
	if s.trigger != "" {
		fmt.Fprintf(&text, "resource \"terraform_data\" \"trigger\" {\n  input = %q\n}\n\n", s.trigger)
	}
	fmt.Fprintf(&text, "resource %q \"it\" {\n", recorded)
	for _, name := range slices.Sorted(maps.Keys(s.config)) {
		switch value := s.config[name].(type) {
		case []string:
			fmt.Fprintf(&text, "  %s = [%s]\n", name, strings.Trim(strings.Join(strings.Split(fmt.Sprintf("%q", value), " "), ", "), "[]"))
		default:
			fmt.Fprintf(&text, "  %s = %q\n", name, value)
		}
	}
	fmt.Fprintf(&text, "  lifecycle {\n    create_before_destroy = %t\n", s.createFirst)
	if s.trigger != "" {
		text.WriteString("    replace_triggered_by = [terraform_data.trigger]\n")
	}
	return text.String() + "  }\n}\n"
}

func (p *corePlayer) apply(t *testing.T, s step) (problems []string) {
	t.Helper()
	p.w.configure(resource.TestStep{Config: s.hcl()})
	if p.w.invalid != nil {
		t.Fatal(p.w.invalid)
	}
	request := planRequest{destroy: s.destroy}
	if s.replace {
		request.replace = recorded + ".it"
	}
	plan, diags := p.w.operate(request, !s.separately)
	if s.separately && !diags.failed() {
		diags = append(diags, p.w.operateOn(plan)...)
	}
	for _, diag := range diags {
		problems = append(problems, summary(diag.isError, diag.summary, diag.detail))
	}
	return problems
}

func (p *corePlayer) objects(*testing.T) (all []string) {
	for _, instance := range p.w.state.of(recorded + ".it") {
		if instance.current != nil {
			all = append(all, describe(brief(instance.current.state), instance.current.Tainted, false, instance.current.private))
		}
		for _, deposed := range instance.deposed {
			all = append(all, describe(brief(deposed.state), deposed.Tainted, true, deposed.private))
		}
	}
	return all
}

// TestCoreFacts checks that the core makes the same calls of a provider as the
// real Terraform, reports the same, and leaves the same state.
func TestCoreFacts(t *testing.T) {
	expected := readFacts(t)
	playFacts(t, func(t *testing.T, f fact, r *recorder) {
		p := newCorePlayer(t, r)
		if f.state != "" {
			p.begin(f.stateVersion, f.state)
		}
		compareOutcomes(t, f.play(t, r, p), expected[f.name])
	})
}
