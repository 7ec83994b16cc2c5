package planreview

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// MaxComment is below the limits of GitHub (65,536 characters) and others.
const MaxComment = 65_000

// Marker is the first line of a comment, by which it is found again. name
// distinguishes the comments of several configurations.
func Marker(name string) string {
	return "<!-- openai-review:" + unmarked.ReplaceAllString(name, "-") + " -->"
}

// unmarked are the characters that a marker cannot have.
var unmarked = regexp.MustCompile(`[^A-Za-z0-9_./-]+`)

// amount is how much of a report is written.
type amount struct {
	// open rows of each table, and folded ones after them.
	open, folded int
	// subjects of each finding.
	subjects int
}

// amounts are tried one after the other until the comment is short enough.
var amounts = []amount{{12, 200, 3}, {12, 40, 3}, {8, 10, 2}, {5, 0, 1}, {1, 0, 1}, {0, 0, 1}}

// Comment is what a comment on a pull request has in addition to the report.
type Comment struct {
	// Name is that of the configuration.
	Name string
	// Plan is the plan as Terraform shows it, empty to leave it out.
	Plan string
	// Run is the address of the run that wrote the comment, empty for no link.
	Run string
}

// Markdown writes the report as a comment on a pull request.
func (r *Report) Markdown(comment Comment) string {
	var text string
	for _, a := range amounts {
		if text = r.markdown(comment, a); len(text) <= MaxComment {
			break
		}
	}
	return text + r.plan(comment.Plan, MaxComment-len(text))
}

// plan folds a plan, as much of it as there is room for.
func (r *Report) plan(plan string, room int) string {
	if strings.TrimSpace(plan) == "" {
		return ""
	}
	fence := "```"
	for strings.Contains(plan, fence) {
		fence += "`"
	}
	const rest = "(%d more lines are not shown)\n"
	before, after := "\n<details><summary>Plan</summary>\n\n"+fence+"text\n", fence+"\n\n</details>\n"
	room -= len(before) + len(after) + len(rest) + 10
	var b strings.Builder
	lines := strings.Split(strings.Trim(plan, "\r\n"), "\n")
	for i, line := range lines {
		line = findings.CleanLine(r.clean.mask(strings.TrimRight(line, "\r ")))
		if b.Len()+len(line) > room {
			if b.Len() == 0 {
				return ""
			}
			fmt.Fprintf(&b, rest, len(lines)-i)
			break
		}
		b.WriteString(line + "\n")
	}
	return before + b.String() + after
}

func (r *Report) markdown(comment Comment, a amount) string {
	var b strings.Builder
	mark := findings.Marks[r.Verdict]
	switch {
	case r.Checked.Errored:
		mark = "⚠️"
	case mark == "":
		mark = "✅"
	}
	title := "OpenAI"
	if comment.Name != "" {
		title += " (" + findings.Escape(comment.Name) + ")"
	}
	fmt.Fprintf(&b, "%s\n### %s %s: %s\n\n%s.", Marker(comment.Name), mark, title, r.headline(), sentence(r.counts()))
	if r.Total != "" {
		fmt.Fprintf(&b, " %s.", r.Total)
	}
	if comment.Run != "" {
		fmt.Fprintf(&b, " [Run](%s)", comment.Run)
	}
	b.WriteString("\n")
	if len(r.Findings) > 0 {
		b.WriteString("\n| Risk | What | Where |\n|---|---|---|\n")
		for _, f := range r.Findings {
			fmt.Fprintf(&b, "| %s %s | **%s** `%s`<br>%s | %s |\n", findings.Marks[f.Severity], f.Severity, f.Title, f.Rule, findings.Escape(f.Why), f.subjects(a.subjects, "<br>", findings.Escape))
		}
	}
	var following []table
	for _, t := range r.tables() {
		own, ended := t.split()
		if len(own.rows) > 0 {
			own.markdown(&b, a)
		}
		following = append(following, ended)
	}
	foldWithProjects(&b, nonEmpty(following...), a)
	if a.folded > 0 {
		for _, t := range r.folded() {
			t.fold(&b, fmt.Sprintf("%s (%d)", t.title, len(t.rows)), t.rows, a.folded)
		}
	} else if n := len(r.Others) + len(r.Drift); n > 0 {
		fmt.Fprintf(&b, "\n%d other changes are not shown.\n", n)
	}
	fmt.Fprintf(&b, "\n<sub>%s</sub>\n", findings.Escape(r.checked()))
	return b.String()
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// subjects lists the subjects of a finding.
func (f Finding) subjects(limit int, separator string, escape func(string) string) string {
	texts := make([]string, len(f.Subjects))
	for i, s := range f.Subjects {
		texts[i] = escape(s.Text)
	}
	return findings.List(texts, limit, separator)
}

func (t table) markdown(b *strings.Builder, a amount) {
	fmt.Fprintf(b, "\n**%s**\n\n", t.title)
	open := min(a.open, len(t.rows))
	if open > 0 {
		t.write(b, t.rows[:open])
	}
	rest := t.rows[open:]
	switch {
	case len(rest) == 0:
	case a.folded == 0:
		fmt.Fprintf(b, "\n%d more are not shown.\n", len(rest))
	default:
		t.fold(b, fmt.Sprintf("%d more", len(rest)), rest, a.folded)
	}
}

// foldWithProjects writes what ends with the archived projects.
func foldWithProjects(b *strings.Builder, tables []table, a amount) {
	var counts []string
	for _, t := range tables {
		counts = append(counts, fmt.Sprintf("%s (%d)", strings.ToLower(t.title), len(t.rows)))
	}
	switch {
	case len(tables) == 0:
		return
	case a.folded == 0:
		fmt.Fprintf(b, "\nEnds with the archived projects: %s.\n", strings.Join(counts, ", "))
		return
	}
	fmt.Fprintf(b, "\n<details><summary>Ends with the archived projects: %s</summary>\n", strings.Join(counts, ", "))
	for _, t := range tables {
		fmt.Fprintf(b, "\n**%s**\n\n", t.title)
		t.some(b, t.rows, a.folded)
	}
	b.WriteString("\n</details>\n")
}

// some writes rows up to a limit.
func (t table) some(b *strings.Builder, rows []row, limit int) {
	shown := min(limit, len(rows))
	t.write(b, rows[:shown])
	if shown < len(rows) {
		fmt.Fprintf(b, "\n%d more are not shown.\n", len(rows)-shown)
	}
}

// fold writes rows that are seen on request.
func (t table) fold(b *strings.Builder, summary string, rows []row, limit int) {
	fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n", summary)
	t.some(b, rows, limit)
	b.WriteString("\n</details>\n")
}

func (t table) write(b *strings.Builder, rows []row) {
	b.WriteString("| | " + strings.Join(t.head, " | ") + " |\n|---" + strings.Repeat("|---", len(t.head)) + "|\n")
	for _, row := range rows {
		cells := make([]string, len(row.cells))
		for i, cell := range row.cells {
			cells[i] = findings.Escape(cell)
		}
		fmt.Fprintf(b, "| %s | %s |\n", findings.Marks[row.risk], strings.Join(cells, " | "))
	}
}
