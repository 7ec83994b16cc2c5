package acctest

import (
	"encoding/json"
	"fmt"
	"strconv"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// shim is a state in the form that the checks of the test framework take: the
// attributes of each object, with the path of each as its name.
func shim(state *tfjson.State) (*terraform.State, error) {
	root := &terraform.ModuleState{Path: []string{"root"}, Outputs: map[string]*terraform.OutputState{}, Resources: map[string]*terraform.ResourceState{}}
	shimmed := &terraform.State{Version: 3, TFVersion: state.TerraformVersion, Modules: []*terraform.ModuleState{root}}
	if state.Values == nil {
		return shimmed, nil
	}
	for name, output := range state.Values.Outputs {
		one := &terraform.OutputState{Sensitive: output.Sensitive, Type: "string", Value: output.Value}
		switch value := output.Value.(type) {
		case string:
		case bool:
			one.Value = strconv.FormatBool(value)
		case json.Number:
			one.Value = value.String()
		case []any:
			one.Type = "list"
		case map[string]any:
			one.Type = "map"
		default:
			return nil, fmt.Errorf("output %s: unexpected type %T", name, value)
		}
		root.Outputs[name] = one
	}
	for _, r := range state.Values.RootModule.Resources {
		key := r.Address
		switch index := r.Index.(type) {
		case nil:
		case json.Number:
			key = r.Type + "." + r.Name + "." + index.String()
			if r.Mode == tfjson.DataResourceMode {
				key = "data." + key
			}
		default:
			return nil, fmt.Errorf("unexpected index type (%T) for %q, for_each is not supported", index, r.Address)
		}
		attributes := map[string]string{}
		flatten(attributes, "", r.AttributeValues)
		id, ok := attributes["id"]
		if !ok {
			id = "id-attribute-not-set"
		}
		root.Resources[key] = &terraform.ResourceState{
			Provider: r.ProviderName, Type: r.Type, Dependencies: r.DependsOn,
			Primary: &terraform.InstanceState{
				ID: id, Attributes: attributes, Tainted: r.Tainted,
				Meta: map[string]any{"schema_version": int(r.SchemaVersion)}, //nolint:gosec // a small number
			},
		}
	}
	return shimmed, nil
}

func flatten(into map[string]string, path string, value any) {
	below := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch value := value.(type) {
	case bool:
		into[path] = strconv.FormatBool(value)
	case json.Number:
		into[path] = value.String()
	case string:
		into[path] = value
	case map[string]any:
		for name, item := range value {
			flatten(into, below(name), item)
		}
		into[below("%")] = strconv.Itoa(len(value))
	case []any:
		for i, item := range value {
			flatten(into, below(strconv.Itoa(i)), item)
		}
		into[below("#")] = strconv.Itoa(len(value))
	}
}
