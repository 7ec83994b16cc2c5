package faults_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// Every time in Unix seconds has the same time in RFC 3339 in an attribute of its own, in state
// and in the plan of a change. A state that does not have it yet needs no plan.
func TestTimesAreReadable(t *testing.T) {
	checked := 0
	for _, s := range subjects {
		t.Run(s.typeName, func(t *testing.T) {
			w := newWorld(t)
			object, err := w.apply(t, s, nil, s.first(w))
			if err != nil {
				t.Fatal(err)
			}
			for _, config := range []map[string]any{s.first(w), s.second(w)} {
				if object, err = w.apply(t, s, object, config); err != nil {
					t.Fatal(err)
				}
				var values map[string]any
				if err := json.Unmarshal(object.JSON(t), &values); err != nil {
					t.Fatal(err)
				}
				for name, value := range values {
					if base, isSeconds := strings.CutSuffix(name, "_at"); isSeconds {
						if _, isText := value.(string); isText {
							continue
						}
						var expected any
						if value != nil {
							expected = time.Unix(object.Number(name), 0).UTC().Format(time.RFC3339)
							checked++
						}
						if got, exists := values[base+"_at_time"]; !exists || got != expected {
							t.Errorf("%s is %v, and %s_at_time is %v", name, value, base, got)
						}
						delete(values, base+"_at_time")
					}
				}
				older, diags := w.driver(t).FromForeignState(t, s.typeName, provider.Traits(s.typeName).Schema.Version, []byte(encoded(t, values)))
				if hasError(diags) {
					t.Fatal(texts(diags))
				}
				if plan := w.driver(t).Plan(t, s.typeName, older, config); len(plan.ChangedPaths) > 0 {
					t.Errorf("a state without readable times is planned as a change of %q", plan.ChangedPaths)
				}
			}
		})
	}
	if checked < 20 {
		t.Errorf("only %d times were found", checked)
	}
}
