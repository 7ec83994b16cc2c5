package usagereport

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/allthingsai/terraform-provider-openai/internal/format"
)

// Writers are the forms of a report, by name.
var Writers = map[string]func(*Report, io.Writer) error{
	"table": (*Report).WriteTable,
	"csv":   (*Report).WriteCSV,
	"json":  (*Report).WriteJSON,
}

// column is a column of any of the forms.
type column struct {
	// name is for programs, title for people.
	name, title string
	kind        kind
	text        func(Row) string
	count       func(Row) int64
	// named says that a row has the name of this id, which a narrow table can do
	// without.
	named func(Row) bool
}

type kind int

const (
	isText kind = iota
	isCount
	isMoney
)

// columns are those that a program can rely on: they follow from the request,
// not from the results.
func (r *Report) columns() []column {
	var all []column
	for i, d := range r.by {
		if d.name != "" {
			all = append(all, column{name: d.name, title: d.nameTitle, text: func(row Row) string { return r.Names[row.Group[i]] }})
		}
		id := column{name: d.column, title: d.title, text: func(row Row) string { return row.Group[i] }}
		if d.name != "" {
			id.named = func(row Row) bool { return row.Group[i] == "" || r.Names[row.Group[i]] != "" }
		}
		all = append(all, id)
	}
	for _, m := range r.counted {
		all = append(all, column{name: m.name, title: m.title, kind: isCount, count: func(row Row) int64 { return row.Counts[m.name] }})
	}
	if r.NoCosts == "" {
		all = append(all, column{name: "cost_usd", title: "Cost in USD", kind: isMoney})
	}
	return all
}

// WriteTable writes a table for people.
func (r *Report) WriteTable(w io.Writer) error {
	if len(r.Rows) == 0 {
		_, err := io.WriteString(w, r.Nothing())
		return err
	}
	columns := slices.DeleteFunc(r.columns(), func(c column) bool { return c.kind == isCount && c.count(r.Total) == 0 })
	columns, narrow, hidden := r.fit(columns)
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Format = table.FormatOptions{}
	line := func(row Row, none string) table.Row {
		cells := make(table.Row, len(columns))
		for i, c := range columns {
			cells[i] = c.cell(row, none)
		}
		return cells
	}
	header := make(table.Row, len(columns))
	var layout []table.ColumnConfig
	for i, c := range columns {
		header[i] = c.title
		if c.kind != isText {
			layout = append(layout, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
		} else if width := narrow[c.name]; width > 0 {
			layout = append(layout, table.ColumnConfig{Number: i + 1, WidthMax: width, WidthMaxEnforcer: shorten})
		}
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(layout)
	for _, row := range r.Rows {
		t.AppendRow(line(row, noValue))
	}
	if total := line(r.Total, ""); len(r.Rows) > 1 {
		if len(r.by) > 0 {
			total[0] = "Total"
		}
		t.AppendFooter(total)
	}
	if r.Width > 0 {
		t.Style().Size.WidthMax = r.Width
	}
	var notes strings.Builder
	if r.NoCosts != "" {
		fmt.Fprintf(&notes, "No costs: %s.\n", r.NoCosts)
	}
	if len(r.Omitted) > 0 {
		fmt.Fprintf(&notes, "Usage that the API does not return like this: %s.\n", strings.Join(r.Omitted, ", "))
	}
	if len(hidden) > 0 {
		fmt.Fprintf(&notes, "Not shown in a terminal of this width: %s. --format csv has every column.\n", strings.Join(hidden, ", "))
	}
	_, err := fmt.Fprintf(w, "%s, days in UTC\n%s\n%s", r.days(), t.Render(), notes.String())
	return err
}

// days names the first and the last day.
func (p Period) days() string {
	return p.Start.Format(time.DateOnly) + " to " + p.End.AddDate(0, 0, -1).Format(time.DateOnly)
}

// Nothing is the text of a report without rows. Costs that the API does not
// return in the groups of the report are in it, so that it is not read as no
// spend.
func (r *Report) Nothing() string {
	first, last, _ := strings.Cut(r.days(), " to ")
	if r.Unattributed.IsZero() {
		return fmt.Sprintf("Nothing was used from %s to %s.\n", first, last)
	}
	return fmt.Sprintf("No such usage was recorded from %s to %s. The costs of this time are %s USD: %s. To see them, use --by line-item.\n",
		first, last, format.Money(r.Unattributed), r.NoCosts)
}

// noValue stands in tables for a text that a row does not have.
const noValue = "–"

// cell writes the value of a row for people.
func (c column) cell(row Row, none string) string {
	switch c.kind {
	case isCount:
		return format.Count(c.count(row))
	case isMoney:
		return format.Money(row.Cost)
	}
	if value := format.Printable(c.text(row)); value != "" {
		return value
	}
	return none
}

const (
	// columnFrame is the width of the frame and the space around a cell.
	columnFrame = 3
	// leastText is the width to which texts are shortened at most.
	leastText = 8
)

// fit chooses the columns for the width of the terminal, and the width of texts
// that are shortened. Ids that have names go first, then counts from the right.
// The costs stay.
func (r *Report) fit(columns []column) (shown []column, narrow map[string]int, hidden []string) {
	if r.Width <= 0 {
		return columns, nil, nil
	}
	shown = slices.Clone(columns)
	drop := func(droppable func(c column) bool) {
		for i := len(shown) - 1; i > 0 && r.excess(shown) > 0; i-- {
			if droppable(shown[i]) {
				shown = slices.Delete(shown, i, i+1)
			}
		}
	}
	drop(func(c column) bool {
		return c.named != nil && !slices.ContainsFunc(r.Rows, func(row Row) bool { return !c.named(row) })
	})
	drop(func(c column) bool { return c.kind == isCount })
	for _, c := range columns {
		if !slices.ContainsFunc(shown, func(other column) bool { return other.name == c.name }) {
			hidden = append(hidden, c.title)
		}
	}
	narrow = map[string]int{}
	for excess := r.excess(shown); excess > 0; {
		widest, width := "", leastText
		for _, c := range shown {
			current := r.width(c)
			if shortened := narrow[c.name]; shortened > 0 {
				current = shortened
			}
			if c.kind == isText && current > width {
				widest, width = c.name, current
			}
		}
		if widest == "" {
			break
		}
		narrow[widest] = width - 1
		excess--
	}
	return shown, narrow, hidden
}

// excess is how much wider than the terminal a table with these columns is.
func (r *Report) excess(columns []column) int {
	width := 1
	for _, c := range columns {
		width += r.width(c) + columnFrame
	}
	return width - r.Width
}

// width is that of the widest cell of a column.
func (r *Report) width(c column) int {
	width := max(text.StringWidth(c.title), text.StringWidth(c.cell(r.Total, "")))
	for _, row := range r.Rows {
		width = max(width, text.StringWidth(c.cell(row, noValue)))
	}
	return width
}

// shorten cuts a text for a column.
func shorten(cell string, width int) string { return text.Snip(cell, width, "…") }

// WriteCSV writes the rows for spreadsheets.
func (r *Report) WriteCSV(w io.Writer) error {
	columns := r.columns()
	out := csv.NewWriter(w)
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range r.Rows {
		for i, c := range columns {
			switch c.kind {
			case isCount:
				record[i] = strconv.FormatInt(c.count(row), 10)
			case isMoney:
				record[i] = row.Cost.String()
			default:
				record[i] = harmless(c.text(row))
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps spreadsheets from taking a name for a formula.
func harmless(s string) string {
	trimmed := strings.TrimLeftFunc(s, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) })
	if trimmed != "" && strings.ContainsRune("=+-@＝＋－＠|%", []rune(trimmed)[0]) || strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.HasPrefix(s, "\n") {
		return "'" + s
	}
	return s
}

// WriteJSON writes everything for programs. Money is text, so that no digit is
// lost.
func (r *Report) WriteJSON(w io.Writer) error {
	columns := r.columns()
	object := func(row Row, groups bool) (json.RawMessage, error) {
		var b bytes.Buffer
		b.WriteByte('{')
		for _, c := range columns {
			var value any
			switch {
			case c.kind == isCount:
				value = c.count(row)
			case c.kind == isMoney:
				value = row.Cost.String()
			case !groups:
				continue
			case c.text(row) != "":
				value = c.text(row)
			}
			encoded, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			if b.Len() > 1 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "%q:%s", c.name, encoded)
		}
		b.WriteByte('}')
		return b.Bytes(), nil
	}
	document := struct {
		Start string            `json:"start"`
		End   string            `json:"end"`
		Rows  []json.RawMessage `json:"rows"`
		Total json.RawMessage   `json:"total"`
	}{r.Start.Format(time.RFC3339), r.End.Format(time.RFC3339), []json.RawMessage{}, nil}
	for _, row := range r.Rows {
		encoded, err := object(row, true)
		if err != nil {
			return err
		}
		document.Rows = append(document.Rows, encoded)
	}
	var err error
	if document.Total, err = object(r.Total, false); err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}
