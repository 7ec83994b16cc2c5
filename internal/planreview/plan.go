// Package planreview turns a plan into a report for a reviewer: which limits,
// keys, members and projects change, and which of the changes are risks. It
// reads the file that `terraform show -json` or `tofu show -json` writes, and
// nothing else.
package planreview

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	tfjson "github.com/hashicorp/terraform-json"
)

// maxPlanSize is more than a plan of a hundred thousand resources takes.
const maxPlanSize = 1 << 30

// Plan is a plan that was read.
type Plan struct {
	json *tfjson.Plan
	// errored says that planning ended with an error.
	errored bool
}

const howToMakeAPlan = "make one with\n  terraform plan -out plan.tfplan && terraform show -json plan.tfplan > plan.json"

// Read reads a plan. Content that is no plan is refused with a guess of its
// format.
func Read(r io.Reader) (*Plan, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxPlanSize+1))
	if err != nil {
		return nil, err
	}
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\ufeff")))
	switch {
	case len(content) > maxPlanSize:
		return nil, errors.New("this is too large for a plan")
	case len(trimmed) == 0:
		return nil, errors.New("this is empty, not a plan: " + howToMakeAPlan)
	case bytes.HasPrefix(trimmed, []byte("PK\x03\x04")):
		return nil, errors.New("this is a plan in Terraform's own format, which only Terraform reads: convert it with\n  terraform show -json plan.tfplan > plan.json")
	case trimmed[0] != '{':
		return nil, errors.New("this is not JSON: " + howToMakeAPlan)
	}
	return decode(trimmed)
}

func decode(content []byte) (*Plan, error) {
	// The fields that distinguish a plan from the other JSON that Terraform writes.
	var kind struct {
		Type    string          `json:"@level"`
		Errored bool            `json:"errored"`
		Version json.RawMessage `json:"format_version"`
		Values  json.RawMessage `json:"values"`
		Changes json.RawMessage `json:"resource_changes"`
		Planned json.RawMessage `json:"planned_values"`
		Lineage string          `json:"lineage"`
	}
	err := json.Unmarshal(content, &kind)
	switch {
	case kind.Type != "" || bytes.HasPrefix(content, []byte(`{"@`)):
		return nil, errors.New("this is the log of terraform plan -json, not the plan: " + howToMakeAPlan)
	case err != nil:
		return nil, fmt.Errorf("this is not valid JSON: %w", err)
	case kind.Lineage != "" || kind.Values != nil:
		return nil, errors.New("this is a state, not a plan: " + howToMakeAPlan)
	case kind.Version == nil || kind.Planned == nil && kind.Changes == nil:
		return nil, errors.New("this is JSON, but not a plan: " + howToMakeAPlan)
	}
	plan := &Plan{json: new(tfjson.Plan), errored: kind.Errored}
	plan.json.UseJSONNumber(true)
	if err := json.Unmarshal(content, plan.json); err != nil {
		return nil, fmt.Errorf("the plan cannot be read: %w", err)
	}
	return plan, nil
}
