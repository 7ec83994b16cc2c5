package orgcheck

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// amounts are how many subjects of a finding a comment shows, from the most to
// those of a comment that is always short enough.
var amounts = []int{200, 40, 10, 3, 0}

// longestComment is below the limits of GitHub (65,536 characters) and others.
const longestComment = 65_000

// title is the first line of a report.
func (r *Report) title(name string) string {
	title := "OpenAI"
	if name != "" {
		title += " (" + findings.Clean(name) + ")"
	}
	return title + ": " + r.headline()
}

// Markdown writes the report for an issue or the summary of a workflow. name
// distinguishes several organizations.
func (r *Report) Markdown(name string) string {
	var text string
	for _, most := range amounts {
		if text = r.markdown(name, most); len(text) <= longestComment {
			break
		}
	}
	return text
}

func (r *Report) markdown(name string, most int) string {
	var b strings.Builder
	mark := findings.Marks[r.Verdict]
	if mark == "" {
		mark = "✅"
	}
	fmt.Fprintf(&b, "### %s %s\n", mark, findings.Escape(r.title(name)))
	if len(r.Findings) > 0 {
		b.WriteString("\n| Severity | Finding | Where | Remedy |\n|---|---|---|---|\n")
		for _, f := range r.Findings {
			fmt.Fprintf(&b, "| %s %s | **%s** <br>`%s` | %s | %s |\n", findings.Marks[f.Severity], f.Severity, f.Title, f.Rule,
				findings.List(f.texts(findings.Escape), most, "<br>"), findings.Escape(f.Remedy))
		}
		b.WriteString("\n<details><summary>Reasons</summary>\n\n")
		for _, f := range r.Findings {
			fmt.Fprintf(&b, "- **%s**: %s\n", f.Title, findings.Escape(f.Why))
		}
		b.WriteString("\n</details>\n")
	}
	fmt.Fprintf(&b, "\n<sub>%s</sub>\n", findings.Escape(r.checked()))
	return b.String()
}

// texts are the texts of the subjects.
func (f Finding) texts(change func(string) string) []string {
	texts := make([]string, len(f.Subjects))
	for i, s := range f.Subjects {
		texts[i] = change(s.Text)
	}
	return texts
}

// Text writes the report for a terminal.
func (r *Report) Text(name string) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", r.title(name))
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\n%s  %s  [%s]\n", strings.ToUpper(string(f.Severity)), f.Title, f.Rule)
		for _, s := range f.Subjects {
			fmt.Fprintf(&b, "  - %s\n", s.Text)
		}
		fmt.Fprintf(&b, "  Why: %s\n  Remedy: %s\n", f.Why, f.Remedy)
	}
	fmt.Fprintf(&b, "\n%s\n", r.checked())
	return b.String()
}

// JSON writes the report for programs.
func (r *Report) JSON() (string, error) { return findings.JSON(r) }

// SARIF writes the findings for code scanning. An organization is not a file, so
// the results are those of file, and name the object by ids.
func (r *Report) SARIF(version, file string) (string, error) {
	var results []findings.Result
	for _, f := range r.Findings {
		for _, s := range f.Subjects {
			results = append(results, findings.Result{Rule: f.Rule, Severity: f.Severity, Message: f.Title + ": " + s.Text, Address: s.ID})
		}
	}
	return findings.SARIF(findings.Tool{
		Name: "openai-admin check", Fingerprint: "openaiCheck/v1", Version: version, File: file, Kind: "resource",
	}, r.Checked.Rules, results)
}
