package planreview

import (
	"crypto/sha256"
	"encoding/hex"
)

// SARIF 2.1.0, as far as code scanning needs it:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool     `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string         `json:"id"`
	ShortDescription sarifText      `json:"shortDescription"`
	FullDescription  sarifText      `json:"fullDescription"`
	Configuration    sarifRuleLevel `json:"defaultConfiguration"`
}

type sarifRuleLevel struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	File sarifFile `json:"artifactLocation"`
}

type sarifFile struct {
	URI string `json:"uri"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

var sarifLevels = map[Severity]string{High: "error", Medium: "warning", Low: "note"}

// SARIF writes the findings for code scanning. A plan does not contain the
// file that configures an object, so the results are those of file, and name the
// object's address.
func (r *Report) SARIF(version, file string) (string, error) {
	run := sarifRun{Results: []sarifResult{}, Tool: sarifTool{Driver: sarifDriver{
		Name: "openai-admin review", Version: version,
		InformationURI: "https://github.com/allthingsai/terraform-provider-openai",
		Rules:          []sarifRule{},
	}}}
	for _, rule := range r.Checked.Rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: rule.ID, ShortDescription: sarifText{rule.Title}, FullDescription: sarifText{rule.Why},
			Configuration: sarifRuleLevel{sarifLevels[rule.Severity]},
		})
	}
	for _, f := range r.Findings {
		for _, s := range f.Subjects {
			digest := sha256.Sum256([]byte(f.Rule + "\x00" + s.Address))
			run.Results = append(run.Results, sarifResult{
				RuleID: f.Rule, Level: sarifLevels[f.Severity], Message: sarifText{f.Title + ": " + s.Text},
				Locations:    []sarifLocation{{sarifPhysical{sarifFile{file}}, []sarifLogical{{s.Address, "resource"}}}},
				Fingerprints: map[string]string{"openaiReview/v1": hex.EncodeToString(digest[:16])},
			})
		}
	}
	return encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}
