// Package usage serves usage and costs, and records their events.
package usage

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of usage and costs.
func Routes(router api.Router, m *metering.Meter) {
	for _, k := range kinds {
		router.Handle("GET /organization/usage/"+k.path, k.serve)
	}
	router.Handle("GET /organization/costs", serveCosts)
	router.Control("POST /usage", func(r *api.Request) (any, error) { return record(r, m) })
}

// page is how usage and costs are sent.
type page struct {
	Object   string   `json:"object"`
	Data     []bucket `json:"data"`
	HasMore  bool     `json:"has_more"`
	NextPage *string  `json:"next_page"`
}

type bucket struct {
	Object    string `json:"object"`
	StartTime int64  `json:"start_time"`
	EndTime   int64  `json:"end_time"`
	Results   []any  `json:"results"`
}

// width is a bucket width with its bounds for limit.
type width struct {
	name    string
	seconds int64
	limits  api.Limits
}

var (
	usageWidths = []width{
		{"1d", 86400, api.Limits{Min: 1, Max: 31, Default: 7}},
		{"1h", 3600, api.Limits{Min: 1, Max: 168, Default: 24}},
		{"1m", 60, api.Limits{Min: 1, Max: 1440, Default: 60}},
	}
	costWidths = []width{{"1d", 86400, api.Limits{Min: 1, Max: 180, Default: 7}}}
)

// window reads which buckets are asked for, and the page among them.
func window(r *api.Request, widths []width) (w store.Window, next *string, err error) {
	query := r.URL.Query()
	chosen := widths[0]
	if name := query.Get("bucket_width"); name != "" {
		at := slices.IndexFunc(widths, func(w width) bool { return w.name == name })
		if at < 0 {
			return w, nil, api.BadRequest("bucket_width", "Invalid value: %q for 'bucket_width'.", name)
		}
		chosen = widths[at]
	}
	limit, err := api.Integer(query, "limit", chosen.limits.Min, chosen.limits.Max, chosen.limits.Default)
	if err != nil {
		return w, nil, err
	}
	if query.Get("start_time") == "" {
		return w, nil, api.BadRequest("start_time", "Missing required parameter: 'start_time'.")
	}
	start, err := api.Integer(query, "start_time", 0, 1<<40, 0)
	if err != nil {
		return w, nil, err
	}
	end, err := api.Integer(query, "end_time", 0, 1<<40, int(r.Now())+1)
	if err != nil {
		return w, nil, err
	}
	if int64(end) > r.Now()+1 && r.Behavior.RefusesFutureUsage { // assumption A-36
		return w, nil, api.BadRequest("end_time", "'end_time' must not be in the future.")
	}
	if end <= start {
		return w, nil, api.BadRequest("end_time", "'end_time' must be after 'start_time'.")
	}
	w = store.Window{Start: int64(start), End: int64(end), Width: chosen.seconds}
	if token := query.Get("page"); token != "" {
		if w.Start, err = readToken(token); err != nil || w.Start < int64(start) || w.Start >= w.End {
			return w, nil, api.BadRequest("page", "Invalid 'page': %q.", token)
		}
	}
	// The last bucket of this page ends here.
	if last := (w.Start/w.Width + int64(limit)) * w.Width; last < w.End {
		w.End = last
		token := writeToken(last)
		next = &token
	}
	return w, next, nil
}

const tokenPrefix = "page_"

func writeToken(at int64) string {
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(strconv.AppendInt(nil, at, 10))
}

func readToken(token string) (int64, error) {
	text, _ := strings.CutPrefix(token, tokenPrefix)
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(string(plain), 10, 64)
}

// groups reads group_by.
func groups(query url.Values, allowed []string) ([]string, error) {
	chosen := api.Strings(query, "group_by")
	for _, column := range chosen {
		if !slices.Contains(allowed, column) {
			return nil, api.BadRequest("group_by", "Invalid value: %q for 'group_by'. Supported values are: %s.", column, strings.Join(allowed, ", "))
		}
	}
	return chosen, nil
}

// filters reads the parameters that keep some events only.
func filters(query url.Values, columns map[string]string) []store.Filter {
	var chosen []store.Filter
	for parameter, column := range columns {
		var values []any
		for _, value := range api.Strings(query, parameter) {
			values = append(values, value)
		}
		chosen = append(chosen, store.Filter{Column: column, Values: values})
	}
	return chosen
}

// buckets lays results out over the window, empty buckets included.
func buckets(r *api.Request, w store.Window, next *string, at []int64, results []any) page {
	p := page{Object: "page", Data: []bucket{}, HasMore: next != nil, NextPage: next}
	for start := w.Start / w.Width * w.Width; start < w.End; start += w.Width {
		b := bucket{Object: "bucket", StartTime: start, EndTime: start + w.Width, Results: []any{}}
		for len(at) > 0 && at[0] == start {
			b.Results = append(b.Results, results[0])
			at, results = at[1:], results[1:]
		}
		if len(b.Results) > 0 || !r.Behavior.OmitsEmptyBuckets { // assumption A-35
			p.Data = append(p.Data, b)
		}
	}
	return p
}

func (k kind) serve(r *api.Request) (any, error) {
	w, next, err := window(r, usageWidths)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	groupBy, err := groups(query, k.groupBy)
	if err != nil {
		return nil, err
	}
	chosen := filters(query, k.filters)
	if k.batch {
		batch, present, err := api.Boolean(query, "batch")
		if err != nil {
			return nil, err
		}
		if present {
			chosen = append(chosen, store.Filter{Column: "COALESCE(batch, 0)", Values: []any{batch}})
		}
	}
	events, err := r.Tx.Usage(k.path, groupBy, w, chosen)
	if err != nil {
		return nil, err
	}
	var at []int64
	var results []any
	for _, e := range events {
		at = append(at, e.At)
		results = append(results, k.reply(row{k.resultObject(), e}))
	}
	return buckets(r, w, next, at, results), nil
}
