package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Writers are the formats of a report.
var Writers = map[string]func(*Report, io.Writer) error{"table": (*Report).writeTable, "markdown": (*Report).writeMarkdown, "json": (*Report).writeJSON}

// writeJSON writes everything, for programs.
func (r *Report) writeJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// table is a heading with rows. The first row has the names of the columns.
type table struct {
	heading string
	rows    [][]string
}

// summary counts the verdicts.
func (r *Report) summary() string {
	count := func(v Verdict) (n int) {
		for _, f := range r.Assumptions {
			if f.Verdict == v {
				n++
			}
		}
		return n
	}
	mode := "read only"
	if r.Wrote {
		mode = "with created objects"
	}
	return fmt.Sprintf("Organization %s, %s: %d assumptions confirmed, %d contradicted, %d not reached.",
		r.Organization, mode, count(Confirmed), count(Contradicted), count(NotReached))
}

// tables are the parts of the report that have something to show.
func (r *Report) tables() []table {
	assumed := table{"Assumptions", [][]string{{"Number", "Question", "Result", "Expected", "Got", "Source or reason"}}}
	for _, f := range r.Assumptions {
		assumed.rows = append(assumed.rows, []string{f.ID, f.Question, string(f.Verdict), f.Expected, f.Got, cmp.Or(f.Reason, f.Source)})
	}
	called := table{"Operations", [][]string{{"Operation", "Path", "Statuses", "Differences or reason"}}}
	for _, c := range r.Operations {
		if len(c.Statuses) == 0 {
			if r.Wrote {
				called.rows = append(called.rows, []string{c.Operation, c.Method + " " + c.Path, "not called", c.Reason})
			}
			continue
		}
		called.rows = append(called.rows, []string{c.Operation, c.Method + " " + c.Path, strings.Trim(fmt.Sprint(c.Statuses), "[]"), c.differences()})
	}
	refused := table{"Throttling", [][]string{{"Endpoint", "Refused", "Requests in the minute before", "Headers"}}}
	for _, t := range r.Throttling {
		refused.rows = append(refused.rows, []string{t.Endpoint, fmt.Sprint(t.Refused), fmt.Sprint(t.After), cmp.Or(strings.Join(t.Headers, "; "), "none")})
	}
	left := table{"Objects that could not be removed", [][]string{{"Object"}}}
	for _, object := range r.Left {
		left.rows = append(left.rows, []string{object})
	}
	return slices.DeleteFunc([]table{assumed, called, refused, left}, func(t table) bool { return len(t.rows) == 1 })
}

// differences are those of an operation from its description.
func (c Call) differences() string {
	var all []string
	if c.Lacking {
		all = append(all, "the API does not have the operation")
	}
	all = append(all, c.Wrong...)
	for _, field := range c.Unknown {
		all = append(all, field+" is unknown")
	}
	return strings.Join(all, "; ")
}

func (r *Report) notCalled() string {
	n := 0
	for _, c := range r.Operations {
		if len(c.Statuses) == 0 {
			n++
		}
	}
	return fmt.Sprintf("%d of %d operations were not called.", n, len(r.Operations))
}

func (r *Report) closing() string {
	if r.Interrupted == "" {
		return r.notCalled()
	}
	return r.notCalled() + " The run was interrupted: " + r.Interrupted + "."
}

// writeTable writes aligned columns, for people.
func (r *Report) writeTable(out io.Writer) error {
	var text strings.Builder
	text.WriteString(r.summary() + "\n")
	for _, t := range r.tables() {
		fmt.Fprintf(&text, "\n%s\n\n", t.heading)
		w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
		for _, row := range t.rows {
			_, _ = fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "\t"), "\t")) // Flush has the error
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	text.WriteString("\n" + r.closing() + "\n")
	_, err := io.WriteString(out, text.String())
	return err
}

// writeMarkdown writes tables for an issue.
func (r *Report) writeMarkdown(out io.Writer) error {
	var text strings.Builder
	text.WriteString("# Conformance\n\n" + r.summary() + "\n")
	escape := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")
	for _, t := range r.tables() {
		fmt.Fprintf(&text, "\n## %s\n\n", t.heading)
		for i, row := range t.rows {
			for j := range row {
				row[j] = escape.Replace(row[j])
			}
			fmt.Fprintf(&text, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				text.WriteString(strings.Repeat("|---", len(row)) + "|\n")
			}
		}
	}
	text.WriteString("\n" + r.closing() + "\n")
	_, err := io.WriteString(out, text.String())
	return err
}
