package lifecycle

import (
	"maps"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Times are Unix seconds, as in the API and in states of the official provider.
// For people, the kernel adds the same time in RFC 3339 to each: created_at_time
// to created_at. Models and definitions do not have these attributes.

const (
	secondsSuffix = "_at"
	timeSuffix    = "_at_time"
)

// timesOf are the attributes that are added to a schema, with their descriptions.
func timesOf[A interface{ GetType() attr.Type }](attributes map[string]A) map[string]string {
	added := map[string]string{}
	for name, attribute := range attributes {
		if strings.HasSuffix(name, secondsSuffix) && attribute.GetType().Equal(types.Int64Type) {
			added[strings.TrimSuffix(name, secondsSuffix)+timeSuffix] = "`" + name + "` as an RFC 3339 time in UTC, such as `2026-01-31T12:00:00Z`."
		}
	}
	return added
}

// addTimes adds the attributes to the schema of a resource.
func addTimes(described *schema.Schema) {
	for name, description := range timesOf(described.Attributes) {
		described.Attributes[name] = schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
}

func isTime(name string) bool { return strings.HasSuffix(name, timeSuffix) }

// withoutTimes returns the entries of other names.
func withoutTimes[V any](all map[string]V) map[string]V {
	kept := maps.Clone(all)
	maps.DeleteFunc(kept, func(name string, _ V) bool { return isTime(name) })
	return kept
}

// setTimes sets the times that an object of this type has from its seconds.
func setTimes(values map[string]tftypes.Value, kind tftypes.Type) {
	for name := range kind.(tftypes.Object).AttributeTypes {
		if isTime(name) {
			values[name] = timeOf(values[strings.TrimSuffix(name, timeSuffix)+secondsSuffix])
		}
	}
}

func timeOf(seconds tftypes.Value) tftypes.Value {
	switch {
	case !seconds.IsKnown():
		return tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	case seconds.IsNull():
		return tftypes.NewValue(tftypes.String, nil)
	}
	at := time.Unix(Values{"": seconds}.Whole(""), 0).UTC()
	return tftypes.NewValue(tftypes.String, at.Format(time.RFC3339))
}

// planTimes completes a plan. Where it changes nothing else, the times stay as
// they are in state: states of other providers do not have them until a refresh.
func planTimes(req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	values := maps.Clone(valuesOf(resp.Plan.Raw))
	if values == nil {
		return
	}
	kind := resp.Plan.Raw.Type()
	setTimes(values, kind)
	if sameObject(resp.Plan.Raw, req.State.Raw) {
		for name, value := range valuesOf(req.State.Raw) {
			if isTime(name) {
				values[name] = value
			}
		}
	}
	resp.Plan.Raw = tftypes.NewValue(kind, map[string]tftypes.Value(values))
}
