package usagereport

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/suggest"
)

// dimension is a dimension that a report can be broken down by.
type dimension struct {
	// flag is how users call it, column how the API and the outputs do.
	flag, column, title string
	// usage and cost read it from a result of the API; nil where the API does not
	// return it.
	usage func(kind string, at time.Time, d *adminapi.UsageDimensions) string
	cost  func(at time.Time, r *adminapi.CostResult) string
	// ours says that it is no column of the API.
	ours bool
	// name is the column with the name that belongs to the id, if there is one.
	name, nameTitle string
}

// The columns of the API that have names.
const (
	projectColumn = "project_id"
	keyColumn     = "api_key_id"
	userColumn    = "user_id"
)

// modelColumn is the column of the API with the model.
const modelColumn = "model"

func orEmpty(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}

var dimensions = []dimension{
	{
		flag: "day", column: "day", title: "Day", ours: true,
		usage: func(_ string, at time.Time, _ *adminapi.UsageDimensions) string { return at.Format(time.DateOnly) },
		cost:  func(at time.Time, _ *adminapi.CostResult) string { return at.Format(time.DateOnly) },
	},
	{
		flag: "month", column: "month", title: "Month", ours: true,
		usage: func(_ string, at time.Time, _ *adminapi.UsageDimensions) string { return at.Format("2006-01") },
		cost:  func(at time.Time, _ *adminapi.CostResult) string { return at.Format("2006-01") },
	},
	{
		flag: "kind", column: "kind", title: "Kind", ours: true,
		usage: func(kind string, _ time.Time, _ *adminapi.UsageDimensions) string { return kind },
	},
	{
		flag: "project", column: projectColumn, title: "Project id", name: "project_name", nameTitle: "Project",
		usage: func(_ string, _ time.Time, d *adminapi.UsageDimensions) string { return orEmpty(d.ProjectID) },
		cost:  func(_ time.Time, r *adminapi.CostResult) string { return orEmpty(r.ProjectID) },
	},
	{
		flag: "key", column: keyColumn, title: "Key id", name: "api_key_name", nameTitle: "Key",
		usage: func(_ string, _ time.Time, d *adminapi.UsageDimensions) string { return orEmpty(d.APIKeyID) },
		cost:  func(_ time.Time, r *adminapi.CostResult) string { return orEmpty(r.APIKeyID) },
	},
	{
		flag: "user", column: userColumn, title: "User id", name: "user_email", nameTitle: "User",
		usage: func(_ string, _ time.Time, d *adminapi.UsageDimensions) string { return orEmpty(d.UserID) },
		cost:  func(_ time.Time, r *adminapi.CostResult) string { return orEmpty(r.UserID) },
	},
	{
		flag: "model", column: modelColumn, title: "Model",
		usage: func(_ string, _ time.Time, d *adminapi.UsageDimensions) string { return orEmpty(d.Model) },
	},
	{
		flag: "service-tier", column: "service_tier", title: "Service tier",
		usage: func(_ string, _ time.Time, d *adminapi.UsageDimensions) string { return orEmpty(d.ServiceTier) },
	},
	{
		flag: "batch", column: "batch", title: "Batch",
		usage: func(_ string, _ time.Time, d *adminapi.UsageDimensions) string {
			if d.Batch == nil {
				return ""
			}
			return strconv.FormatBool(*d.Batch)
		},
	},
	{
		flag: "line-item", column: "line_item", title: "Line item",
		cost: func(_ time.Time, r *adminapi.CostResult) string { return orEmpty(r.LineItem) },
	},
}

// DimensionNames lists the dimensions that a report can be broken down by.
func DimensionNames() []string {
	names := make([]string, len(dimensions))
	for i, d := range dimensions {
		names[i] = d.flag
	}
	return names
}

func findDimensions(names []string) ([]dimension, error) {
	var chosen []dimension
	for _, name := range names {
		at := slices.IndexFunc(dimensions, func(d dimension) bool { return d.flag == name })
		if at < 0 {
			return nil, fmt.Errorf("invalid value for --by: %q%s; use %s", name, suggest.Sentence(name, DimensionNames()), strings.Join(DimensionNames(), ", "))
		}
		if slices.ContainsFunc(chosen, func(d dimension) bool { return d.flag == name }) {
			return nil, fmt.Errorf("%s is given twice", name)
		}
		chosen = append(chosen, dimensions[at])
	}
	return chosen, nil
}

// columnsOf are the columns that the API has to group by.
func columnsOf(by []dimension) []string {
	var columns []string
	for _, d := range by {
		if !d.ours {
			columns = append(columns, d.column)
		}
	}
	return columns
}
