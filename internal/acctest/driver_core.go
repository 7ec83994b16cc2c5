package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// Terraform itself proposes a new state to the provider, and checks the plans
// and results of the provider. The functions below do the same.

// proposed is the state that Terraform proposes: the configured values, and
// the prior ones of computed attributes that are not configured.
func (s *blockSchema) proposed(prior, config cty.Value) cty.Value {
	if config.IsNull() {
		return cty.NullVal(s.kind)
	}
	return cty.ObjectVal(proposedAttributes(s.attributes, prior, config))
}

func proposedAttributes(attributes map[string]*attributeSchema, prior, config cty.Value) map[string]cty.Value {
	values := map[string]cty.Value{}
	for name, a := range attributes {
		configured, before := config.GetAttr(name), cty.NullVal(a.kind)
		if !prior.IsNull() {
			before = prior.GetAttr(name)
		}
		switch {
		case a.WriteOnly:
			values[name] = cty.NullVal(a.kind)
		case a.Computed && configured.IsNull() && (!a.Optional || a.nested == nil || !hasConfigured(a.nested, before)):
			values[name] = before
		case a.nested != nil && configured.IsKnown() && !configured.IsNull():
			values[name] = proposedNested(a, before, configured)
		default:
			values[name] = configured
		}
	}
	return values
}

// proposedNested descends into the objects of a nested attribute: lists pair
// them by position, maps by key, sets by their configured values.
func proposedNested(a *attributeSchema, prior, config cty.Value) cty.Value {
	one := func(before, configured cty.Value) cty.Value {
		if configured.IsNull() || !configured.IsKnown() {
			return configured
		}
		return cty.ObjectVal(proposedAttributes(a.nested, before, configured))
	}
	if a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle {
		return one(prior, config)
	}
	if config.LengthInt() == 0 {
		return config
	}
	none := cty.NullVal(cty.DynamicPseudoType)
	if a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeMap {
		values := config.AsValueMap()
		for key, configured := range values {
			before := none
			if !prior.IsNull() && prior.HasIndex(cty.StringVal(key)).True() {
				before = prior.Index(cty.StringVal(key))
			}
			values[key] = one(before, configured)
		}
		return cty.MapVal(values)
	}
	var previous []cty.Value
	if !prior.IsNull() {
		previous = prior.AsValueSlice()
	}
	values := config.AsValueSlice()
	for i, configured := range values {
		before := none
		if a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeList {
			if i < len(previous) {
				before = previous[i]
			}
		} else if at := slices.IndexFunc(previous, func(candidate cty.Value) bool { return stemsFrom(a.nested, candidate, configured) }); at >= 0 {
			before = previous[at]
			previous = slices.Delete(previous, at, at+1)
		}
		values[i] = one(before, configured)
	}
	if a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeList {
		return cty.ListVal(values)
	}
	return cty.SetVal(values)
}

// hasConfigured reports whether a value, of any nesting, holds something that
// only a configuration can have brought.
func hasConfigured(attributes map[string]*attributeSchema, value cty.Value) bool {
	if value.IsNull() || !value.IsKnown() {
		return false
	}
	if !value.Type().IsObjectType() {
		return slices.ContainsFunc(value.AsValueSlice(), func(item cty.Value) bool { return hasConfigured(attributes, item) })
	}
	for name, a := range attributes {
		item := value.GetAttr(name)
		if !item.IsNull() && (!a.Computed || a.nested != nil && hasConfigured(a.nested, item)) {
			return true
		}
	}
	return false
}

// stemsFrom reports whether a prior object of a set can come from a configured
// one: only computed values that are not configured differ.
func stemsFrom(attributes map[string]*attributeSchema, prior, config cty.Value) bool {
	if prior.RawEquals(config) {
		return true
	}
	for name, a := range attributes {
		before, configured := prior.GetAttr(name), config.GetAttr(name)
		switch {
		case before.RawEquals(configured):
		case a.nested != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle && !before.IsNull() && !configured.IsNull():
			if !stemsFrom(a.nested, before, configured) {
				return false
			}
		case !a.Computed || !configured.IsNull():
			return false
		}
	}
	return true
}

// checkPlan lists violations of the rules for plans: each known configured
// value is planned as configured or as in the prior state, and only computed
// attributes get a value that is not configured.
func (s *blockSchema) checkPlan(prior, config, planned cty.Value) []string {
	switch {
	case planned.IsNull() && !config.IsNull():
		return []string{": planned for absence but config wants existence"}
	case !planned.IsNull() && config.IsNull():
		return []string{": planned for existence but config wants absence"}
	case planned.IsNull():
		return nil
	}
	return checkPlanned(s.attributes, prior, config, planned, "")
}

func checkPlanned(attributes map[string]*attributeSchema, prior, config, planned cty.Value, path string) (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		get := func(object cty.Value) cty.Value {
			if object.IsNull() {
				return cty.NullVal(a.kind)
			}
			return object.GetAttr(name)
		}
		problems = append(problems, a.checkPlanned(get(prior), get(config), get(planned), path+"."+name)...)
	}
	return problems
}

func (a *attributeSchema) checkPlanned(prior, config, planned cty.Value, path string) []string {
	planned, config, prior = unrefined(planned), unrefined(config), unrefined(prior)
	switch {
	case planned.RawEquals(config), planned.RawEquals(prior) && !prior.IsNull() && !config.IsNull():
		return nil
	case a.WriteOnly:
		if planned.IsNull() {
			return nil
		}
		return []string{path + ": planned value for write-only attribute is not null"}
	case a.Computed && (!a.Optional || config.IsNull()):
		return nil
	case config.IsNull():
		return []string{path + ": " + a.show("planned value", planned) + " for a non-computed attribute"}
	case a.nested == nil && prior.IsNull():
		return []string{path + ": " + a.show("planned value", planned) + " does not match " + a.show("config value", config)}
	case a.nested == nil:
		return []string{path + ": " + a.show("planned value", planned) + " does not match " + a.show("config value", config) + " nor " + a.show("prior value", prior)}
	case planned.IsNull():
		return []string{path + ": planned for absence but config wants existence"}
	case !planned.IsKnown():
		return []string{path + ": planned unknown for configured value"}
	case !config.IsKnown():
		return []string{path + ": " + a.show("planned value", planned) + " for an unknown configured value"}
	}
	if a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle {
		return checkPlanned(a.nested, prior, config, planned, path)
	}
	if a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSet {
		// Objects of a set cannot be paired, so Terraform trusts the provider.
		if planned.IsWhollyKnown() && config.IsWhollyKnown() && planned.LengthInt() != config.LengthInt() {
			return []string{fmt.Sprintf("%s: count in plan (%d) disagrees with count in config (%d)", path, planned.LengthInt(), config.LengthInt())}
		}
		return nil
	}
	var problems []string
	if planned.LengthInt() != config.LengthInt() {
		return []string{fmt.Sprintf("%s: count in plan (%d) disagrees with count in config (%d)", path, planned.LengthInt(), config.LengthInt())}
	}
	for key, item := range planned.Elements() {
		at := fmt.Sprintf("%s[%#v]", path, key)
		if !config.HasIndex(key).True() {
			problems = append(problems, at+": planned, but not configured")
			continue
		}
		before := cty.NullVal(cty.DynamicPseudoType)
		if !prior.IsNull() && prior.HasIndex(key).True() {
			before = prior.Index(key)
		}
		problems = append(problems, checkPlanned(a.nested, before, config.Index(key), item, at)...)
	}
	return problems
}

// show shows a value in a message, unless it is sensitive.
func (a *attributeSchema) show(what string, value cty.Value) string {
	if a.Sensitive {
		return "sensitive " + what
	}
	return fmt.Sprintf("%s %#v", what, value)
}

// unrefined drops the refinements of unknown values.
func unrefined(value cty.Value) cty.Value {
	if value.IsWhollyKnown() {
		return value
	}
	plain, _ := cty.Transform(value, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if !v.IsKnown() {
			return cty.UnknownVal(v.Type()), nil
		}
		return v, nil
	})
	return plain
}

// checkCompleted lists the differences of an object from its plan: every known
// value must have stayed.
func (s *blockSchema) checkCompleted(planned, actual cty.Value) (problems []string) {
	switch {
	case planned.IsNull() && actual.IsNull():
		return nil
	case planned.IsNull():
		return []string{": Root object was absent, but now present"}
	case actual.IsNull():
		return []string{": Root object was present, but now absent"}
	}
	for _, name := range slices.Sorted(maps.Keys(s.attributes)) {
		found := checkCompletedValue(planned.GetAttr(name), actual.GetAttr(name), "."+name)
		if len(found) > 0 && s.attributes[name].Sensitive {
			found = []string{"." + name + ": inconsistent values for sensitive attribute"}
		}
		problems = append(problems, found...)
	}
	return problems
}

func checkCompletedValue(planned, actual cty.Value, path string) (problems []string) {
	kind := planned.Type()
	switch {
	case kind == cty.DynamicPseudoType:
		return nil
	case len(actual.Type().TestConformance(kind)) > 0:
		return []string{path + ": wrong final value type"}
	case !planned.IsKnown():
		if ok := planned.Range().Includes(actual); ok.IsKnown() && ok.False() {
			return []string{fmt.Sprintf("%s: final value %#v does not conform to planning placeholder %#v", path, actual, planned)}
		}
		return nil
	case actual.IsNull() && planned.IsNull():
		return nil
	case actual.IsNull():
		return []string{fmt.Sprintf("%s: was %#v, but now null", path, planned)}
	case planned.IsNull():
		return []string{fmt.Sprintf("%s: was null, but now %#v", path, actual)}
	case !actual.IsKnown():
		return []string{path + ": was known, but now unknown"}
	case kind.IsPrimitiveType():
		if !actual.RawEquals(planned) {
			return []string{fmt.Sprintf("%s: was %#v, but now %#v", path, planned, actual)}
		}
		return nil
	case kind.IsSetType():
		return checkCompletedSet(planned, actual, path)
	case kind.IsObjectType():
		for _, name := range slices.Sorted(maps.Keys(kind.AttributeTypes())) {
			problems = append(problems, checkCompletedValue(planned.GetAttr(name), actual.GetAttr(name), path+"."+name)...)
		}
		return problems
	}
	for key, item := range planned.Elements() {
		at := fmt.Sprintf("%s[%#v]", path, key)
		if !actual.HasIndex(key).True() {
			problems = append(problems, at+": element has vanished")
			continue
		}
		problems = append(problems, checkCompletedValue(item, actual.Index(key), at)...)
	}
	for key := range actual.Elements() {
		if !planned.HasIndex(key).True() {
			problems = append(problems, fmt.Sprintf("%s: new element %#v has appeared", path, key))
		}
	}
	return problems
}

// checkCompletedSet checks that each element of either set has one in the other
// that it can be or become.
func checkCompletedSet(planned, actual cty.Value, path string) (problems []string) {
	fits := func(before, after cty.Value) bool { return len(checkCompletedValue(before, after, "")) == 0 }
	items := actual.AsValueSlice()
	for _, before := range planned.AsValueSlice() {
		if !slices.ContainsFunc(items, func(after cty.Value) bool { return fits(before, after) }) {
			problems = append(problems, fmt.Sprintf("%s: planned set element %#v does not correlate with any element in actual", path, before))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	expected := planned.AsValueSlice()
	for _, after := range items {
		if !slices.ContainsFunc(expected, func(before cty.Value) bool { return fits(before, after) }) {
			problems = append(problems, fmt.Sprintf("%s: actual set element %#v does not correlate with any element in plan", path, after))
		}
	}
	if len(expected) < len(items) {
		problems = append(problems, fmt.Sprintf("%s: length changed from %d to %d", path, len(expected), len(items)))
	}
	return problems
}

// unknowns lists the paths of unknown values.
func unknowns(value cty.Value) (paths []string) {
	_ = cty.Walk(value, func(path cty.Path, v cty.Value) (bool, error) {
		if !v.IsKnown() {
			paths = append(paths, pathString(path))
			return false, nil
		}
		return true, nil
	})
	return paths
}

func pathString(path cty.Path) string {
	var text strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			text.WriteString("." + step.Name)
		case cty.IndexStep:
			fmt.Fprintf(&text, "[%#v]", step.Key)
		}
	}
	return text.String()
}

// changed lists the attributes in which two objects differ, or may differ when
// all values are known.
func (s *blockSchema) changed(before, after cty.Value) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(s.attributes)) {
		get := func(object cty.Value) cty.Value {
			if object.IsNull() {
				return cty.NullVal(s.attributes[name].kind)
			}
			return object.GetAttr(name)
		}
		if !get(before).RawEquals(get(after)) {
			names = append(names, name)
		}
	}
	return names
}
