package orgstatus

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/format"
)

// Screen is where a table is shown.
type Screen struct {
	// Width is the number of columns, 0 for no bound.
	Width int
	// Colors says whether colors are used.
	Colors bool
}

// color is an ANSI color, empty for none.
type color string

const (
	red    color = "\x1b[31m"
	yellow color = "\x1b[33m"
	plain  color = "\x1b[0m"
)

// cell is a cell of a table. Its meaning does not depend on its color.
type cell struct {
	text  string
	color color
}

// section is a table with a title, or a sentence where there are no rows.
type section struct {
	title, none string
	head        []string
	// amounts is the number of columns, after the first, that are right-aligned.
	amounts int
	rows    [][]cell
	footer  []cell
	// most is how many rows are shown.
	most int
}

// Below wide columns, texts are wrapped at narrowColumn.
const (
	wide         = 115
	narrowColumn = 13
)

// mostRows is how many keys and invitations are shown.
const mostRows = 20

func (status *Status) sections() []section {
	spend := section{
		head: []string{"Project", "Spent", "Limit", "Left", "Projection", "Alerts passed", "Note"}, amounts: 4,
		footer: status.Organization.row("Organization", status.At),
	}
	for _, p := range status.Projects {
		spend.rows = append(spend.rows, p.row(p.Name, status.At))
	}
	if status.NoProject.IsPositive() {
		none := cell{text: "–"}
		spend.rows = append(spend.rows, []cell{{text: "(no project)"}, {text: format.Money(status.NoProject)}, none, none, none, none, {}})
	}
	spend.most = len(spend.rows)
	keys := section{
		title: "Keys that expire or are due within 14 days", none: "No key expires or is due within 14 days.",
		head: []string{"Project", "Key", "Date", "What"}, most: mostRows,
	}
	for _, key := range status.Keys {
		keys.rows = append(keys.rows, key.row(status.At))
	}
	invites := section{
		title: "Invitations", none: "No invitation is pending or expired.",
		head: []string{"E-mail", "Role", "Status"}, most: mostRows,
	}
	for _, invite := range status.Invites {
		invites.rows = append(invites.rows, invite.row())
	}
	return []section{spend, keys, invites}
}

// nearly is the share of a limit from which it is shown in another color.
var nearly = decimal.New(8, -1)

func (s Scope) row(name string, now time.Time) []cell {
	amount := func(d *decimal.Decimal) cell {
		if d == nil {
			return cell{text: "–"}
		}
		return cell{text: format.Money(*d)}
	}
	left, projection, note := amount(s.Left), amount(s.Projection), cell{}
	switch {
	case s.Archived:
		note.text = "archived"
	case s.Limit == nil:
		note = cell{"no hard limit", yellow}
	case !s.Left.IsPositive():
		note, left.color = cell{"limit reached", red}, red
	case s.LimitReached != nil:
		note = cell{"limit reached about " + *s.LimitReached, red}
		if *s.LimitReached == now.Format(time.DateOnly) {
			note.text = "limit reached today"
		}
	case s.Spent.GreaterThanOrEqual(s.Limit.Mul(nearly)):
		left.color = yellow
	}
	if s.Limit != nil && s.Projection != nil {
		switch {
		case s.Projection.GreaterThan(*s.Limit):
			projection.color = red
		case s.Projection.GreaterThanOrEqual(s.Limit.Mul(nearly)):
			projection.color = yellow
		}
	}
	return []cell{{text: name}, amount(&s.Spent), amount(s.Limit), left, projection, {text: s.alertsPassed()}, note}
}

// alertsPassed counts the alerts, and names the highest one that was passed.
func (s Scope) alertsPassed() string {
	if len(s.Alerts) == 0 {
		return "no alerts"
	}
	passed := 0
	for _, alert := range s.Alerts {
		if alert.Passed {
			passed++
		}
	}
	words := fmt.Sprintf("%d of %d", passed, len(s.Alerts))
	if passed > 0 {
		words += " (" + format.Money(s.Alerts[passed-1].Threshold) + ")"
	}
	return words
}

func (k Key) row(now time.Time) []cell {
	project := k.Project
	if k.ProjectID == "" {
		project = "(admin key)"
	}
	days := int(k.At.Sub(now) / day)
	what := cell{text: k.Reason + " in " + findings.Plural(days, "day")}
	switch {
	case k.At.Before(now):
		what.text = "due for " + findings.Plural(-days, "day")
	case days == 0:
		what.text = k.Reason + " in less than a day"
	}
	if k.Reason == Expires {
		what.color = yellow
		if days < 3 {
			what.color = red
		}
	}
	return []cell{{text: project}, {text: k.Name}, {text: k.At.Format(time.DateOnly)}, what}
}

func (i Invite) row() []cell {
	state := cell{text: i.Status}
	if i.ExpiresAt != nil {
		word := "until"
		if i.Status != "pending" {
			word = "on"
		}
		state.text += " " + word + " " + i.ExpiresAt.Format(time.DateOnly)
	}
	if i.Status == "expired" {
		state.color = yellow
	}
	return []cell{{text: i.Email}, {text: i.Role}, state}
}

// title says which month the amounts are of.
func (status *Status) title() string {
	days := time.Date(status.At.Year(), status.At.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return fmt.Sprintf("%s, day %d of %d, at %s UTC. Amounts in US dollars.", status.At.Format("January 2006"), status.At.Day(), days, status.At.Format("15:04"))
}

// WriteTable writes the status for a terminal.
func (status *Status) WriteTable(w io.Writer, screen Screen) error {
	var b strings.Builder
	b.WriteString(status.title() + "\n")
	for _, s := range status.sections() {
		s.table(&b, screen)
	}
	b.WriteString("\n" + wrapped(Method, screen.Width) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func wrapped(sentence string, width int) string {
	if width <= 0 {
		return sentence
	}
	return text.WrapSoft(sentence, width)
}

func (s section) table(b *strings.Builder, screen Screen) {
	if len(s.rows) == 0 && s.footer == nil {
		b.WriteString("\n" + s.none + "\n")
		return
	}
	if s.title != "" {
		b.WriteString("\n" + s.title + "\n")
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Format = table.FormatOptions{}
	t.Style().Size.WidthMax = screen.Width
	cells := func(row []cell) table.Row {
		texts := make(table.Row, len(row))
		for i, c := range row {
			shown := format.Printable(c.text)
			if screen.Colors && c.color != "" && shown != "" {
				shown = string(c.color) + shown + string(plain)
			}
			texts[i] = shown
		}
		return texts
	}
	head := make(table.Row, len(s.head))
	var alignment []table.ColumnConfig
	for i, title := range s.head {
		head[i] = title
		if i > 0 && i <= s.amounts {
			alignment = append(alignment, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
		} else if screen.Width > 0 && screen.Width < wide {
			alignment = append(alignment, table.ColumnConfig{Number: i + 1, WidthMax: narrowColumn, WidthMaxEnforcer: text.WrapSoft})
		}
	}
	t.AppendHeader(head)
	t.SetColumnConfigs(alignment)
	shown := min(s.most, len(s.rows))
	for _, row := range s.rows[:shown] {
		t.AppendRow(cells(row))
	}
	if s.footer != nil {
		t.AppendFooter(cells(s.footer))
	}
	b.WriteString(t.Render() + "\n")
	s.more(b, shown)
}

func (s section) more(b *strings.Builder, shown int) {
	if rest := len(s.rows) - shown; rest > 0 {
		fmt.Fprintf(b, "And %d more.\n", rest)
	}
}

// WriteMarkdown writes the status for a page or an issue.
func (status *Status) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString(status.title() + "\n")
	for _, s := range status.sections() {
		s.markdown(&b)
	}
	b.WriteString("\n" + Method + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (s section) markdown(b *strings.Builder) {
	if len(s.rows) == 0 && s.footer == nil {
		b.WriteString("\n" + s.none + "\n")
		return
	}
	if s.title != "" {
		b.WriteString("\n**" + s.title + "**\n")
	}
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	b.WriteString("\n")
	line(s.head)
	rule := make([]string, len(s.head))
	for i := range rule {
		rule[i] = "---"
		if i > 0 && i <= s.amounts {
			rule[i] = "---:"
		}
	}
	line(rule)
	write := func(row []cell, around string) {
		texts := make([]string, len(row))
		for i, c := range row {
			texts[i] = findings.Escape(findings.Clean(c.text))
			if texts[i] != "" {
				texts[i] = around + texts[i] + around
			}
		}
		line(texts)
	}
	shown := min(s.most, len(s.rows))
	for _, row := range s.rows[:shown] {
		write(row, "")
	}
	if s.footer != nil {
		write(s.footer, "**")
	}
	if len(s.rows) > shown {
		b.WriteString("\n")
	}
	s.more(b, shown)
}

// WriteJSON writes the status for programs. Money is text, so that no digit is
// lost.
func (status *Status) WriteJSON(w io.Writer) error {
	encoded, err := findings.JSON(status)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, encoded)
	return err
}
