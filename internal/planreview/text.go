package planreview

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
)

// Text writes the report for a terminal.
func (r *Report) Text(name string) string {
	var b bytes.Buffer
	title := "OpenAI"
	if name != "" {
		title += " (" + name + ")"
	}
	fmt.Fprintf(&b, "%s: %s\n%s.\n", title, r.headline(), sentence(r.counts()))
	if len(r.Findings) > 0 {
		b.WriteString("\n")
		write(&b, func(w *tabwriter.Writer) {
			for _, f := range r.Findings {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", strings.ToUpper(string(f.Severity)), f.Title, f.subjects(len(f.Subjects), "; ", plain))
			}
		})
	}
	for _, t := range append(r.tables(), r.folded()...) {
		fmt.Fprintf(&b, "\n%s\n", t.title)
		write(&b, func(w *tabwriter.Writer) {
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

// write writes aligned columns.
func write(b *bytes.Buffer, rows func(w *tabwriter.Writer)) {
	var aligned bytes.Buffer
	w := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	rows(w)
	_ = w.Flush() // into memory
	for line := range strings.Lines(aligned.String()) {
		b.WriteString("  " + strings.TrimRight(line, " \n") + "\n")
	}
}

// JSON writes the report for programs.
func (r *Report) JSON() (string, error) { return encode(r) }

func encode(v any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return b.String(), err
}
