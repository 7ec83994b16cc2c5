package usage

import (
	"encoding/json"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

type costResult struct {
	Object       string       `json:"object"`
	Amount       amount       `json:"amount"`
	ProjectID    *string      `json:"project_id"`
	UserID       *string      `json:"user_id"`
	APIKeyID     *string      `json:"api_key_id"`
	LineItem     *string      `json:"line_item"`
	APISource    *string      `json:"api_source"`
	Quantity     *json.Number `json:"quantity"`
	QuantityUnit *string      `json:"quantity_unit"`
}

type amount struct {
	Value    json.Number `json:"value"`
	Currency string      `json:"currency"`
}

// The stored integers have this many decimals.
const (
	nanoDigits  = 9
	microDigits = 6
)

func exact(n int64, digits int32) json.Number {
	return json.Number(decimal.New(n, -digits).String())
}

// keyCostsSince is 6 December 2025, from which on costs can be grouped by key.
const keyCostsSince = 1764979200

var costFilters = map[string]string{"project_ids": "project_id", "api_key_ids": "api_key_id", "line_items": "line_item"}

func serveCosts(r *api.Request) (any, error) {
	w, next, err := window(r, costWidths)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	groupBy, err := groups(query, []string{"project_id", "user_id", "line_item", "api_key_id", "api_source"})
	if err != nil {
		return nil, err
	}
	if slices.Contains(groupBy, "user_id") && (slices.Contains(groupBy, "project_id") || len(api.Strings(query, "project_ids")) > 0) {
		return nil, api.BadRequest("group_by", "Grouping by 'user_id' cannot be combined with project grouping or filters.")
	}
	if slices.Contains(groupBy, "api_key_id") && w.Start < keyCostsSince {
		return nil, api.BadRequest("start_time", "Grouping by 'api_key_id' is not supported for a 'start_time' before %d.", keyCostsSince)
	}
	// A quantity has a meaning only for one line item, which has one unit.
	if slices.Contains(groupBy, "line_item") {
		groupBy = append(groupBy, "quantity_unit")
	}
	events, err := r.Tx.Costs(groupBy, w, filters(query, costFilters))
	if err != nil {
		return nil, err
	}
	var at []int64
	var results []any
	for _, e := range events {
		result := costResult{
			Object: "organization.costs.result", Amount: amount{Value: exact(e.NanoUSD, nanoDigits), Currency: "usd"},
			ProjectID: e.ProjectID, UserID: e.UserID, APIKeyID: e.APIKeyID, LineItem: e.LineItem, APISource: e.APISource,
		}
		if e.QuantityUnit != nil && e.QuantityMicro != nil {
			quantity := exact(*e.QuantityMicro, microDigits)
			result.Quantity, result.QuantityUnit = &quantity, e.QuantityUnit
		}
		at = append(at, e.At)
		results = append(results, result)
	}
	return buckets(r, w, next, at, results), nil
}
