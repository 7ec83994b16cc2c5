package findings

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// SARIF 2.1.0, as far as code scanning needs it:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Results     []sarifResult     `json:"results"`
	Invocations []sarifInvocation `json:"invocations,omitempty"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
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
	Help             *sarifText     `json:"help,omitempty"`
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

// Result is one finding about one object.
type Result struct {
	Rule     string
	Severity Severity
	Message  string
	// Address names the object.
	Address string
}

// Tool is the command that reports.
type Tool struct {
	// Name is how code scanning shows it, Fingerprint names its fingerprints.
	Name, Fingerprint string
	Version           string
	// File is the file that all results are shown at, Kind the kind of the
	// addresses.
	File, Kind string
}

// maxResults is how many results GitHub accepts in a run:
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
const maxResults = 25_000

// SARIF writes results for code scanning. Too many of them are cut, so the most
// severe must be the first.
func SARIF(tool Tool, rules []Rule, results []Result) (string, error) {
	run := sarifRun{Results: []sarifResult{}, Tool: sarifTool{Driver: sarifDriver{
		Name: tool.Name, Version: tool.Version,
		InformationURI: "https://github.com/allthingsai/terraform-provider-openai",
		Rules:          []sarifRule{},
	}}}
	for _, rule := range rules {
		described := sarifRule{
			ID: rule.ID, ShortDescription: sarifText{rule.Title}, FullDescription: sarifText{rule.Why},
			Configuration: sarifRuleLevel{sarifLevels[rule.Severity]},
		}
		if rule.Remedy != "" {
			described.Help = &sarifText{rule.Remedy}
		}
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, described)
	}
	omitted := max(0, len(results)-maxResults)
	for _, r := range results[:len(results)-omitted] {
		digest := sha256.Sum256([]byte(r.Rule + "\x00" + r.Address))
		run.Results = append(run.Results, sarifResult{
			RuleID: r.Rule, Level: sarifLevels[r.Severity], Message: sarifText{r.Message},
			Locations:    []sarifLocation{{sarifPhysical{sarifFile{tool.File}}, []sarifLogical{{r.Address, tool.Kind}}}},
			Fingerprints: map[string]string{tool.Fingerprint: hex.EncodeToString(digest[:16])},
		})
	}
	if omitted > 0 {
		run.Invocations = []sarifInvocation{{true, []sarifNotification{{"warning", sarifText{fmt.Sprintf(
			"%d results of lower severity are left out: code scanning accepts %d.", omitted, maxResults)}}}}}
	}
	return JSON(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}
