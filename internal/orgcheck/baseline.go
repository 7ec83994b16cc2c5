package orgcheck

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// Baseline has the findings that are accepted: they are not reported, and new
// ones are.
type Baseline struct {
	FormatVersion string     `json:"format_version"`
	Accepted      []accepted `json:"accepted"`
}

// accepted is one accepted finding. The address is for the reader.
type accepted struct {
	Rule    string `json:"rule"`
	ID      string `json:"id"`
	Address string `json:"address"`
}

const baselineVersion = "1.0"

// ReadBaseline reads a file that Baseline.Write wrote.
func ReadBaseline(path string) (Baseline, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Baseline{}, err
	}
	var b Baseline
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(&b); err == nil && b.FormatVersion != baselineVersion {
		err = fmt.Errorf("format_version must be %q, got %q", baselineVersion, b.FormatVersion)
	}
	if err == nil && slices.ContainsFunc(b.Accepted, func(a accepted) bool { return a.Rule == "" || a.ID == "" }) {
		err = errors.New("each accepted finding needs rule and id")
	}
	if err != nil {
		return Baseline{}, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

// Baseline accepts all findings of the report.
func (r *Report) Baseline() Baseline {
	b := Baseline{FormatVersion: baselineVersion, Accepted: []accepted{}}
	for _, f := range r.Findings {
		for _, s := range f.Subjects {
			b.Accepted = append(b.Accepted, accepted{f.Rule, s.ID, s.Address})
		}
	}
	return b
}

// Write writes the baseline to a file.
func (b Baseline) Write(path string) error {
	text, err := findings.JSON(b)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

// Accept leaves the findings of the baseline out of the report.
func (r *Report) Accept(b Baseline) {
	type key struct{ rule, id string }
	known := map[key]bool{}
	for _, a := range b.Accepted {
		known[key{a.Rule, a.ID}] = true
	}
	before := len(known)
	var rest []Finding
	for _, f := range r.Findings {
		f.Subjects = slices.DeleteFunc(slices.Clone(f.Subjects), func(s Subject) bool {
			of := key{f.Rule, s.ID}
			isAccepted := known[of]
			delete(known, of)
			return isAccepted
		})
		if len(f.Subjects) > 0 {
			rest = append(rest, f)
		}
	}
	r.Findings = append([]Finding{}, rest...)
	r.Checked.Resolved = len(known)
	r.Checked.Accepted = before - len(known)
	r.conclude()
}
