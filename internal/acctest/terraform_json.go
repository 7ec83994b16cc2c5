package acctest

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// terraformVersion is the version that the core reports.
const terraformVersion = "1.11.4"

// plain is a value as terraform show -json prints it.
func plain(value cty.Value) any {
	if value == cty.NilVal || value.IsNull() {
		return nil
	}
	encoded, err := ctyjson.Marshal(value, value.Type())
	if err != nil {
		panic(err)
	}
	var decoded any
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	if err := decoder.Decode(&decoded); err != nil {
		panic(err)
	}
	return decoded
}

// knownPart is a value without its unknown parts, and where those are.
func knownPart(value cty.Value) (known, unknown any) {
	if value == cty.NilVal || value.IsNull() {
		return nil, false
	}
	if !value.IsKnown() {
		return nil, true
	}
	kind := value.Type()
	switch {
	case value.IsWhollyKnown() && !kind.IsObjectType() && !kind.IsMapType():
		return plain(value), noUnknowns(value)
	case kind.IsObjectType(), kind.IsMapType():
		all, open := map[string]any{}, map[string]any{}
		for name, item := range value.AsValueMap() {
			part, hole := knownPart(item)
			if item.IsKnown() {
				all[name] = part
			}
			if hole != false {
				open[name] = hole
			}
		}
		return all, open
	default:
		var all, open []any
		for _, item := range value.AsValueSlice() {
			part, hole := knownPart(item)
			all, open = append(all, part), append(open, hole)
		}
		return all, open
	}
}

// noUnknowns is the value of after_unknown for a known value.
func noUnknowns(value cty.Value) any {
	kind := value.Type()
	switch {
	case kind.IsListType(), kind.IsSetType(), kind.IsTupleType():
		all := []any{}
		for _, item := range value.AsValueSlice() {
			_, open := knownPart(item)
			all = append(all, open)
		}
		return all
	default:
		return false
	}
}

// index is the key of an instance as JSON has it.
func (k instanceKey) index() any {
	switch {
	case !k.isSet():
		return nil
	case k.key.Type() == cty.Number:
		return json.Number(k.key.AsBigFloat().Text('f', 0))
	default:
		return k.key.AsString()
	}
}

func (i *instanceState) jsonMode() tfjson.ResourceMode {
	if i.mode == dataMode {
		return tfjson.DataResourceMode
	}
	return tfjson.ManagedResourceMode
}

// json is the state as terraform show prints it.
func (s *terraformState) json() *tfjson.State {
	shown := &tfjson.State{FormatVersion: "1.0", TerraformVersion: terraformVersion}
	if len(s.instances) == 0 && len(s.outputs) == 0 {
		return shown
	}
	values := &tfjson.StateValues{RootModule: &tfjson.StateModule{}}
	if len(s.outputs) > 0 {
		values.Outputs = map[string]*tfjson.StateOutput{}
	}
	for name, output := range s.outputs {
		values.Outputs[name] = &tfjson.StateOutput{Sensitive: output.sensitive, Value: plain(output.value), Type: output.value.Type()}
	}
	for _, address := range slices.Sorted(maps.Keys(s.instances)) {
		instance := s.instances[address]
		if instance.current == nil {
			continue
		}
		attributes, _ := plain(instance.current.state).(map[string]any)
		values.RootModule.Resources = append(values.RootModule.Resources, &tfjson.StateResource{
			Address: address, Mode: instance.jsonMode(), Type: instance.kind, Name: instance.name, Index: instance.key.index(),
			ProviderName: providerAddress(instance.provider), SchemaVersion: uint64(instance.current.schema.version), //nolint:gosec // never negative
			AttributeValues: attributes, SensitiveValues: json.RawMessage("{}"), DependsOn: instance.current.dependencies, Tainted: instance.current.Tainted,
		})
	}
	shown.Values = values
	return shown
}

var jsonActions = map[PlanAction]tfjson.Actions{
	ActionNoOp: {tfjson.ActionNoop}, ActionCreate: {tfjson.ActionCreate}, ActionUpdate: {tfjson.ActionUpdate}, ActionDelete: {tfjson.ActionDelete},
	ActionReplace: {tfjson.ActionDelete, tfjson.ActionCreate}, ActionReplaceCreateFirst: {tfjson.ActionCreate, tfjson.ActionDelete},
	actionRead: {tfjson.ActionRead}, actionForget: {tfjson.ActionForget},
}

// json is the plan as terraform show prints it, without the configuration and
// the marks of sensitive values.
func (p *terraformPlan) json() *tfjson.Plan {
	shown := &tfjson.Plan{
		FormatVersion: "1.2", TerraformVersion: terraformVersion, OutputChanges: map[string]*tfjson.Change{},
		PriorState: p.prior.json(), PlannedValues: &tfjson.StateValues{Outputs: map[string]*tfjson.StateOutput{}, RootModule: &tfjson.StateModule{}},
	}
	slices.SortStableFunc(p.changes, func(a, b *change) int { return bytes.Compare([]byte(a.instance.address), []byte(b.instance.address)) })
	for _, c := range p.changes {
		after, unknown := knownPart(c.after)
		if c.after.IsNull() {
			unknown = map[string]any{}
		}
		one := &tfjson.ResourceChange{
			Address: c.instance.address, Mode: c.instance.jsonMode(), Type: c.instance.kind, Name: c.instance.name, Index: c.instance.key.index(),
			ProviderName: providerAddress(c.instance.provider), Change: &tfjson.Change{Actions: jsonActions[c.action], Before: plain(c.before), After: after, AfterUnknown: unknown},
		}
		if c.importedID != "" {
			one.Change.Importing = &tfjson.Importing{ID: c.importedID}
		}
		if c.deposed != nil {
			one.DeposedKey = "deposed"
		}
		shown.ResourceChanges = append(shown.ResourceChanges, one)
		if values, ok := after.(map[string]any); ok {
			shown.PlannedValues.RootModule.Resources = append(shown.PlannedValues.RootModule.Resources, &tfjson.StateResource{
				Address: one.Address, Mode: one.Mode, Type: one.Type, Name: one.Name, Index: one.Index, ProviderName: one.ProviderName, AttributeValues: values,
			})
		}
	}
	for name, output := range p.outputs {
		after, unknown := knownPart(output.after)
		if output.after.IsWhollyKnown() {
			unknown = false
		}
		shown.OutputChanges[name] = &tfjson.Change{Actions: jsonActions[output.action], Before: plain(output.before), After: after, AfterUnknown: unknown}
	}
	for _, result := range p.checks {
		status := tfjson.CheckStatusPass
		var problems []tfjson.CheckResultProblem
		for _, message := range result.problems {
			status = tfjson.CheckStatusFail
			problems = append(problems, tfjson.CheckResultProblem{Message: message})
		}
		shown.Checks = append(shown.Checks, tfjson.CheckResultStatic{
			Address: tfjson.CheckStaticAddress{ToDisplay: "check." + result.name, Kind: tfjson.CheckKindCheckBlock, Name: result.name}, Status: status,
			Instances: []tfjson.CheckResultDynamic{{Address: tfjson.CheckDynamicAddress{ToDisplay: "check." + result.name}, Status: status, Problems: problems}},
		})
	}
	return shown
}

// text lists the changes of a plan, for messages.
func (p *terraformPlan) text() string {
	var text bytes.Buffer
	for _, c := range p.changes {
		if c.action != ActionNoOp {
			text.WriteString(string(c.action) + " " + c.instance.address)
			if c.Plan != nil {
				for _, name := range c.ChangedPaths {
					text.WriteString(" " + name)
				}
			}
			text.WriteString("\n")
		}
	}
	for name, output := range p.outputs {
		if output.action != ActionNoOp {
			text.WriteString(string(output.action) + " output." + name + "\n")
		}
	}
	return text.String()
}
