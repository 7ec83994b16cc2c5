package planreview

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// Text writes the report for a terminal.
func (r *Report) Text(name string) string {
	var b bytes.Buffer
	title := "OpenAI"
	if name != "" {
		title += " (" + name + ")"
	}
	fmt.Fprintf(&b, "%s: %s\n%s.\n", title, r.headline(), sentence(r.counts()))
	if r.Total != "" {
		fmt.Fprintf(&b, "%s.\n", r.Total)
	}
	if len(r.Findings) > 0 {
		b.WriteString("\n")
		findings.WriteColumns(&b, func(w *tabwriter.Writer) {
			for _, f := range r.Findings {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", strings.ToUpper(string(f.Severity)), f.Title, f.subjects(len(f.Subjects), "; ", plain))
			}
		})
	}
	for _, t := range append(r.tables(), r.folded()...) {
		fmt.Fprintf(&b, "\n%s\n", t.title)
		findings.WriteColumns(&b, func(w *tabwriter.Writer) {
			_, _ = fmt.Fprintf(w, "\t%s\n", strings.Join(t.head, "\t"))
			for _, row := range t.rows {
				_, _ = fmt.Fprintf(w, "%s\t%s\n", strings.ToUpper(string(row.risk)), strings.Join(row.cells, "\t"))
			}
		})
	}
	fmt.Fprintf(&b, "\n%s\n", r.checked())
	return b.String()
}

func plain(s string) string { return s }

// JSON writes the report for programs.
func (r *Report) JSON() (string, error) { return findings.JSON(r) }

// SARIF writes the findings for code scanning. A plan does not contain the
// file that configures an object, so the results are those of file, and name the
// object's address.
func (r *Report) SARIF(version, file string) (string, error) {
	var results []findings.Result
	for _, f := range r.Findings {
		for _, s := range f.Subjects {
			results = append(results, findings.Result{Rule: f.Rule, Severity: f.Severity, Message: f.Title + ": " + s.Text, Address: s.Address})
		}
	}
	return findings.SARIF(findings.Tool{
		Name: "openai-admin review", Fingerprint: "openaiReview/v1", Version: version, File: file, Kind: "resource",
	}, r.Checked.Rules, results)
}
