// Package usagereport adds up the usage and the costs of an organization, and
// writes them as a table, as CSV or as JSON.
package usagereport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// Request is the selection of a report.
type Request struct {
	Period
	// By are names out of DimensionNames.
	By []string
	// Kinds are the kinds of usage to add up; empty means all that can be broken
	// down so.
	Kinds []string
	// Projects, Keys, Users and Models are ids that limit the report.
	Projects, Keys, Users, Models []string
	// Now is the current time. No request reaches beyond it.
	Now time.Time

	unread unread
}

// Report has the usage and the costs.
type Report struct {
	Period
	Rows  []Row
	Total Row
	// Names belong to the ids of projects, API keys and users in the rows.
	Names map[string]string
	// NoCosts says why there are no costs; empty where there are.
	NoCosts string
	// Omitted are kinds of usage that the API cannot group and filter so.
	Omitted []string
	// Unattributed are costs where there is no usage and no row, in US dollars.
	Unattributed decimal.Decimal
	// Width is the largest width of a table in columns of the terminal, 0 for
	// any.
	Width int

	by []dimension
	// counted are the measures of the kinds that were read.
	counted []measure
	// projectOf is the project of each API key that has usage.
	projectOf map[string]string
	// used are the keys, users and models that have usage, by column.
	used map[string]map[string]bool
	// models are those of the request.
	models []string
}

// Row is one group.
type Row struct {
	// Group has the group's values, in the order of the request.
	Group []string
	// Counts has the measures, by the API's names.
	Counts map[string]int64
	// Cost is in US dollars.
	Cost decimal.Decimal
}

// measure is something that is counted.
type measure struct{ name, title string }

var measures = []measure{
	{"num_model_requests", "Requests"},
	{"input_tokens", "Input tokens"},
	{"input_cached_tokens", "of them cached"},
	{"output_tokens", "Output tokens"},
	{"images", "Images"},
	{"characters", "Characters"},
	{"seconds", "Seconds"},
	{"num_requests", "Tool calls"},
	{"num_sessions", "Sessions"},
	{"usage_bytes", "Bytes"},
}

// Make reads the usage and costs for the report, all endpoints at the same
// time: each has a rate limit of its own. OnPage is called after each page.
func Make(ctx context.Context, client *adminapi.Client, request Request, onPage func()) (*Report, error) {
	p, err := request.plan()
	if err != nil {
		return nil, err
	}
	report := &Report{Period: request.Period, Names: map[string]string{}, NoCosts: p.noCosts, Omitted: p.omitted, by: p.by, models: request.Models, projectOf: map[string]string{}, used: map[string]map[string]bool{keyColumn: {}, userColumn: {}, modelColumn: {}}}
	for _, m := range measures {
		if slices.ContainsFunc(p.kinds, func(k adminapi.UsageKind) bool { return slices.Contains(k.Measures, m.name) }) {
			report.counted = append(report.counted, m)
		}
	}
	usage, costs, err := request.read(ctx, client, p, onPage)
	if reason := refusedCosts(p, err); reason != "" {
		report.NoCosts, err = reason, nil
	}
	if err != nil {
		return nil, err
	}
	groups := map[string]*Row{}
	for i, kind := range p.kinds {
		for _, bucket := range usage[i] {
			at := time.Unix(bucket.StartTime, 0).UTC()
			for _, result := range bucket.Results {
				report.count(groups, kind.Name, at, result)
			}
		}
	}
	for _, bucket := range costs {
		at := time.Unix(bucket.StartTime, 0).UTC()
		for _, result := range bucket.Results {
			if err := report.spend(groups, at, result); err != nil {
				return nil, err
			}
		}
	}
	report.finish(groups)
	if err := report.checkSelection(ctx, client, request); err != nil {
		return nil, err
	}
	if len(report.Rows) == 0 && report.NoCosts != "" {
		if err := report.readUnattributed(ctx, client, request); err != nil {
			return nil, err
		}
	}
	return report, report.readNames(ctx, client)
}

// readUnattributed adds up the costs of the selection as far as the API can
// filter them, so that an empty report is not read as no spend.
func (r *Report) readUnattributed(ctx context.Context, client *adminapi.Client, request Request) error {
	request.Users, request.Models = nil, nil
	query := request.query(nil, func() {})
	costs, err := client.Usage.Costs(ctx, query)
	if err != nil {
		return err
	}
	for _, bucket := range costs {
		for _, result := range bucket.Results {
			amount, err := dollars(result)
			if err != nil {
				return err
			}
			r.Unattributed = r.Unattributed.Add(amount)
		}
	}
	return nil
}

// costsError is the failure to read costs, as opposed to usage.
type costsError struct{ error }

func (e costsError) Unwrap() error { return e.error }

// query is a request for whole days, up to now, grouped by these columns.
func (r Request) query(groupBy []string, onPage func()) adminapi.UsageQuery {
	end := r.End
	if !r.Now.IsZero() && r.Now.Before(end) {
		end = r.Now
	}
	filters := r.filters()
	delete(filters, "models")
	return adminapi.UsageQuery{
		StartTime: r.Start.Unix(), EndTime: max(end.Unix(), r.Start.Unix()+1), BucketWidth: "1d",
		GroupBy: groupBy, Filters: filters, OnPage: onPage,
	}
}

// groupBy are the columns by which usage of a kind is grouped: those of the
// report, the project of keys, by which their names are listed, and those that
// show which objects of the selection have usage.
func (r Request) groupBy(kind adminapi.UsageKind, by []string) []string {
	columns := slices.Clone(by)
	for _, more := range []struct {
		column string
		needed bool
	}{
		{projectColumn, slices.Contains(by, keyColumn)},
		{keyColumn, len(r.unread.keys) > 0},
		{userColumn, len(r.unread.users) > 0},
		{modelColumn, len(r.Models) > 0},
	} {
		if more.needed && !slices.Contains(columns, more.column) && slices.Contains(kind.GroupBy, more.column) {
			columns = append(columns, more.column)
		}
	}
	return columns
}

// read reads usage of each kind, and costs.
func (r Request) read(ctx context.Context, client *adminapi.Client, p plan, onPage func()) (usage [][]adminapi.UsageBucket, costs []adminapi.CostBucket, err error) {
	var mu sync.Mutex
	query := r.query(columnsOf(p.by), func() {
		mu.Lock()
		defer mu.Unlock()
		onPage()
	})
	usage = make([][]adminapi.UsageBucket, len(p.kinds))
	var reads errgroup.Group
	for i, kind := range p.kinds {
		reads.Go(func() (err error) {
			ofKind := query
			ofKind.GroupBy = r.groupBy(kind, query.GroupBy)
			usage[i], err = client.Usage.Buckets(ctx, kind.Name, ofKind)
			return err
		})
	}
	var costsErr error
	if p.noCosts == "" {
		reads.Go(func() error {
			costs, costsErr = client.Usage.Costs(ctx, query)
			return nil
		})
	}
	if err := reads.Wait(); err != nil {
		return nil, nil, err
	}
	if costsErr != nil {
		return usage, nil, costsError{costsErr}
	}
	return usage, costs, nil
}

// refusedCosts returns why there are no costs when the API refuses the
// grouping, and nothing when the report has failed or asks for nothing else.
func refusedCosts(p plan, err error) string {
	var costs costsError
	var apiErr *adminapi.Error
	if len(p.kinds) == 0 || !errors.As(err, &costs) || !errors.As(err, &apiErr) || apiErr.Status != http.StatusBadRequest {
		return ""
	}
	return "the API refused to group costs so: " + apiErr.Message
}

// row returns the row of a group, a new one when it is the first of it.
func row(groups map[string]*Row, group []string) *Row {
	key := strings.Join(group, "\x00")
	if groups[key] == nil {
		groups[key] = &Row{Group: group, Counts: map[string]int64{}}
	}
	return groups[key]
}

func (r *Report) count(groups map[string]*Row, kind string, at time.Time, result adminapi.UsageResult) {
	for column, value := range map[string]*string{keyColumn: result.APIKeyID, userColumn: result.UserID, modelColumn: result.Model} {
		r.used[column][orEmpty(value)] = true
	}
	if len(r.models) > 0 && !slices.Contains(r.models, orEmpty(result.Model)) {
		return
	}
	group := make([]string, len(r.by))
	for i, d := range r.by {
		group[i] = d.usage(kind, at, &result.UsageDimensions)
	}
	if key, project := orEmpty(result.APIKeyID), orEmpty(result.ProjectID); key != "" && project != "" {
		r.projectOf[key] = project
	}
	into := row(groups, group)
	for name, n := range result.ByName() {
		into.Counts[name] += n
	}
}

// dollars is the amount of a result.
func dollars(result adminapi.CostResult) (decimal.Decimal, error) {
	if !strings.EqualFold(result.Amount.Currency, "usd") {
		return decimal.Zero, fmt.Errorf("the API gave costs in %q, which cannot be added to US dollars", result.Amount.Currency)
	}
	amount, err := decimal.NewFromString(result.Amount.Value.String())
	if err != nil {
		return decimal.Zero, fmt.Errorf("the API gave %q for an amount", result.Amount.Value)
	}
	return amount, nil
}

func (r *Report) spend(groups map[string]*Row, at time.Time, result adminapi.CostResult) error {
	amount, err := dollars(result)
	if err != nil {
		return err
	}
	group := make([]string, len(r.by))
	for i, d := range r.by {
		group[i] = d.cost(at, &result)
	}
	into := row(groups, group)
	into.Cost = into.Cost.Add(amount)
	return nil
}

// finish sorts the rows, by time and then the most expensive and busiest
// first, and adds them up.
func (r *Report) finish(groups map[string]*Row) {
	r.Total = Row{Group: make([]string, len(r.by)), Counts: map[string]int64{}}
	for _, row := range groups {
		r.Rows = append(r.Rows, *row)
		r.Total.Cost = r.Total.Cost.Add(row.Cost)
		for name, n := range row.Counts {
			r.Total.Counts[name] += n
		}
	}
	slices.SortFunc(r.Rows, func(a, b Row) int {
		for i, d := range r.by {
			if d.column == "day" || d.column == "month" {
				if order := strings.Compare(a.Group[i], b.Group[i]); order != 0 {
					return order
				}
			}
		}
		if order := b.Cost.Cmp(a.Cost); order != 0 {
			return order
		}
		for _, m := range measures {
			if order := b.Counts[m.name] - a.Counts[m.name]; order != 0 {
				return int(max(-1, min(1, order)))
			}
		}
		return slices.Compare(a.Group, b.Group)
	})
}
