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
		all = append(all, column{name: d.column, title: d.title, text: func(row Row) string { return row.Group[i] }})
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
		_, err := fmt.Fprintf(w, "Nothing was used from %s to %s.\n", r.Start.Format(time.DateOnly), r.End.AddDate(0, 0, -1).Format(time.DateOnly))
		return err
	}
	columns := slices.DeleteFunc(r.columns(), func(c column) bool { return c.kind == isCount && c.count(r.Total) == 0 })
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Format = table.FormatOptions{}
	line := func(row Row, none string) table.Row {
		cells := make(table.Row, len(columns))
		for i, c := range columns {
			switch c.kind {
			case isCount:
				cells[i] = format.Count(c.count(row))
			case isMoney:
				cells[i] = format.Money(row.Cost)
			default:
				if cells[i] = format.Printable(c.text(row)); cells[i] == "" {
					cells[i] = none
				}
			}
		}
		return cells
	}
	header := make(table.Row, len(columns))
	var alignment []table.ColumnConfig
	for i, c := range columns {
		header[i] = c.title
		if c.kind != isText {
			alignment = append(alignment, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
		}
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(alignment)
	for _, row := range r.Rows {
		t.AppendRow(line(row, "–"))
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
	note := ""
	if r.NoCosts != "" {
		note = fmt.Sprintf("No costs: %s.\n", r.NoCosts)
	}
	_, err := fmt.Fprintf(w, "%s to %s, days in UTC\n%s\n%s", r.Start.Format(time.DateOnly), r.End.AddDate(0, 0, -1).Format(time.DateOnly), t.Render(), note)
	return err
}

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
