package store

import (
	"fmt"
	"strings"
)

// Dimensions are the fields that group usage and costs.
type Dimensions struct {
	ProjectID     *string
	UserID        *string
	APIKeyID      *string
	Model         *string
	Batch         *bool
	ServiceTier   *string
	APISource     *string
	Size          *string
	Source        *string
	VectorStoreID *string
	ContextLevel  *string
}

// dimensionColumns are the columns of Dimensions, in their order.
var dimensionColumns = []string{
	"project_id", "user_id", "api_key_id", "model", "batch", "service_tier", "api_source", "size", "source", "vector_store_id", "context_level",
}

func (d *Dimensions) pointers() []any {
	return []any{&d.ProjectID, &d.UserID, &d.APIKeyID, &d.Model, &d.Batch, &d.ServiceTier, &d.APISource, &d.Size, &d.Source, &d.VectorStoreID, &d.ContextLevel}
}

func (d *Dimensions) values() []any {
	return []any{d.ProjectID, d.UserID, d.APIKeyID, d.Model, d.Batch, d.ServiceTier, d.APISource, d.Size, d.Source, d.VectorStoreID, d.ContextLevel}
}

// Measures are the counts of usage.
type Measures struct {
	NumModelRequests         int64 `json:"num_model_requests" yaml:"num_model_requests"`
	NumRequests              int64 `json:"num_requests" yaml:"num_requests"`
	NumSessions              int64 `json:"num_sessions" yaml:"num_sessions"`
	InputTokens              int64 `json:"input_tokens" yaml:"input_tokens"`
	InputUncachedTokens      int64 `json:"input_uncached_tokens" yaml:"input_uncached_tokens"`
	InputCachedTokens        int64 `json:"input_cached_tokens" yaml:"input_cached_tokens"`
	InputCachedTextTokens    int64 `json:"input_cached_text_tokens" yaml:"input_cached_text_tokens"`
	InputCachedAudioTokens   int64 `json:"input_cached_audio_tokens" yaml:"input_cached_audio_tokens"`
	InputCachedImageTokens   int64 `json:"input_cached_image_tokens" yaml:"input_cached_image_tokens"`
	InputCacheWriteTokens    int64 `json:"input_cache_write_tokens" yaml:"input_cache_write_tokens"`
	InputCacheWrite30mTokens int64 `json:"input_cache_write_30m_tokens" yaml:"input_cache_write_30m_tokens"`
	InputCacheWrite12hTokens int64 `json:"input_cache_write_12h_tokens" yaml:"input_cache_write_12h_tokens"`
	InputTextTokens          int64 `json:"input_text_tokens" yaml:"input_text_tokens"`
	InputAudioTokens         int64 `json:"input_audio_tokens" yaml:"input_audio_tokens"`
	InputImageTokens         int64 `json:"input_image_tokens" yaml:"input_image_tokens"`
	OutputTokens             int64 `json:"output_tokens" yaml:"output_tokens"`
	OutputTextTokens         int64 `json:"output_text_tokens" yaml:"output_text_tokens"`
	OutputAudioTokens        int64 `json:"output_audio_tokens" yaml:"output_audio_tokens"`
	OutputImageTokens        int64 `json:"output_image_tokens" yaml:"output_image_tokens"`
	Images                   int64 `json:"images" yaml:"images"`
	Characters               int64 `json:"characters" yaml:"characters"`
	Seconds                  int64 `json:"seconds" yaml:"seconds"`
	UsageBytes               int64 `json:"usage_bytes" yaml:"usage_bytes"`
}

// measureColumns are the columns of Measures, in their order.
var measureColumns = []string{
	"num_model_requests", "num_requests", "num_sessions", "input_tokens", "input_uncached_tokens", "input_cached_tokens",
	"input_cached_text_tokens", "input_cached_audio_tokens", "input_cached_image_tokens", "input_cache_write_tokens",
	"input_cache_write_30m_tokens", "input_cache_write_12h_tokens", "input_text_tokens", "input_audio_tokens", "input_image_tokens",
	"output_tokens", "output_text_tokens", "output_audio_tokens", "output_image_tokens", "images", "characters", "seconds", "usage_bytes",
}

func (m *Measures) pointers() []any {
	return []any{
		&m.NumModelRequests, &m.NumRequests, &m.NumSessions, &m.InputTokens, &m.InputUncachedTokens, &m.InputCachedTokens,
		&m.InputCachedTextTokens, &m.InputCachedAudioTokens, &m.InputCachedImageTokens, &m.InputCacheWriteTokens,
		&m.InputCacheWrite30mTokens, &m.InputCacheWrite12hTokens, &m.InputTextTokens, &m.InputAudioTokens, &m.InputImageTokens,
		&m.OutputTokens, &m.OutputTextTokens, &m.OutputAudioTokens, &m.OutputImageTokens, &m.Images, &m.Characters, &m.Seconds, &m.UsageBytes,
	}
}

// Scaled returns the counts multiplied by so many thousandths.
func (m Measures) Scaled(thousandths int64) Measures {
	for _, count := range m.pointers() {
		if n, ok := count.(*int64); ok {
			*n = *n * thousandths / 1000
		}
	}
	return m
}

// UsageEvent is something that happened at a moment, or the sum of the events
// in one bucket.
type UsageEvent struct {
	Kind string
	At   int64
	Dimensions
	Measures
}

// AddUsage records an event.
func (tx *Tx) AddUsage(e UsageEvent) error {
	columns := append([]string{"kind", "at"}, dimensionColumns...)
	columns = append(columns, measureColumns...)
	values := append([]any{e.Kind, e.At}, e.values()...)
	values = append(values, e.Measures.pointers()...)
	return tx.exec("INSERT INTO usage_events ("+strings.Join(columns, ", ")+") VALUES (?"+strings.Repeat(", ?", len(columns)-1)+")", values...)
}

// Window is the part of time that a report covers: whole buckets of this
// width, from Start to before End.
type Window struct {
	Start, End int64
	Width      int64
}

// Filter keeps events whose column has one of the values; no values keep all.
type Filter struct {
	Column string
	Values []any
}

// report is the query behind usage and costs. Columns are chosen by the
// callers in this package and in the handlers' tables, never by a request.
func report(from string, dimensions, groupBy []string, sums []string, w Window, filters []Filter) (string, []any) {
	grouped := map[string]bool{}
	for _, column := range groupBy {
		grouped[column] = true
	}
	selected := []string{fmt.Sprintf("at / %d * %d AS bucket", w.Width, w.Width)}
	by := []string{"bucket"}
	for _, column := range dimensions {
		if grouped[column] {
			selected = append(selected, column)
			by = append(by, column)
		} else {
			selected = append(selected, "NULL")
		}
	}
	for _, column := range sums {
		selected = append(selected, "SUM("+column+")")
	}
	where := []string{"at >= ?", "at < ?"}
	args := []any{w.Start, w.End}
	for _, f := range filters {
		if len(f.Values) > 0 {
			where = append(where, f.Column+" IN (?"+strings.Repeat(", ?", len(f.Values)-1)+")")
			args = append(args, f.Values...)
		}
	}
	order := strings.Join(by, ", ")
	return "SELECT " + strings.Join(selected, ", ") + " FROM " + from + " WHERE " + strings.Join(where, " AND ") +
		" GROUP BY " + order + " ORDER BY " + order, args
}

// Usage adds up the events of a kind by bucket and by the given columns.
func (tx *Tx) Usage(kind string, groupBy []string, w Window, filters []Filter) ([]UsageEvent, error) {
	statement, args := report("usage_events", dimensionColumns, groupBy, measureColumns, w,
		append([]Filter{{Column: "kind", Values: []any{kind}}}, filters...))
	return query(tx, func(row scanner) (e UsageEvent, err error) {
		e.Kind = kind
		err = row.Scan(append(append([]any{&e.At}, e.Dimensions.pointers()...), e.Measures.pointers()...)...)
		return e, err
	}, statement, args...)
}

// CostEvent is money spent at a moment, or the sum of a bucket.
type CostEvent struct {
	At            int64
	ProjectID     *string
	UserID        *string
	APIKeyID      *string
	LineItem      *string
	APISource     *string
	QuantityUnit  *string
	NanoUSD       int64
	QuantityMicro *int64
}

var costDimensions = []string{"project_id", "user_id", "api_key_id", "line_item", "api_source", "quantity_unit"}

// AddCost records money spent.
func (tx *Tx) AddCost(e CostEvent) error {
	if err := tx.addMonthSpend(Organization, e.At, e.NanoUSD); err != nil {
		return err
	}
	if e.ProjectID != nil {
		if err := tx.addMonthSpend(*e.ProjectID, e.At, e.NanoUSD); err != nil {
			return err
		}
	}
	return tx.exec(`INSERT INTO cost_events (at, project_id, user_id, api_key_id, line_item, api_source, quantity_unit, nano_usd, quantity_micro)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.At, e.ProjectID, e.UserID, e.APIKeyID, e.LineItem, e.APISource, e.QuantityUnit, e.NanoUSD, e.QuantityMicro)
}

// Costs adds up money by bucket and by the given columns.
func (tx *Tx) Costs(groupBy []string, w Window, filters []Filter) ([]CostEvent, error) {
	statement, args := report("cost_events", costDimensions, groupBy, []string{"nano_usd", "quantity_micro"}, w, filters)
	return query(tx, func(row scanner) (e CostEvent, err error) {
		err = row.Scan(&e.At, &e.ProjectID, &e.UserID, &e.APIKeyID, &e.LineItem, &e.APISource, &e.QuantityUnit, &e.NanoUSD, &e.QuantityMicro)
		return e, err
	}, statement, args...)
}
