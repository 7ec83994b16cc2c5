package limit

import (
	"context"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var _ lifecycle.Existing = (*rateLimitResource)(nil)

// money writes cents for people: 5,000 USD, 33.30 USD.
func money(cents int64) string {
	whole, fraction, _ := strings.Cut(decimal.New(cents, -2).StringFixed(2), ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if fraction != "00" {
		whole += "." + fraction
	}
	return whole + " USD"
}

// Existing reads the measures that a create would overwrite. A rate limit
// always exists, and the API does not say whether somebody has set it, so that
// every other value is shown, and an equal one is not worth a word: destroying
// the resource restores it.
func (r *rateLimitResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m rateLimitModel
	if plan.Get(ctx, &m).HasError() || m.ProjectID.IsUnknown() || m.Model.IsUnknown() && m.RateLimitID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	limit, err := r.Client.RateLimits.Find(ctx, m.ProjectID.ValueString(), m.names)
	if err != nil || limit == nil {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: "rate limit of model " + limit.Model + " in project " + m.ProjectID.ValueString(), ID: []string{m.ProjectID.ValueString(), limit.ID},
		Destroy: "Destroying the resource restores the present values; after an import there are none to restore.",
	}
	measures := newRateMeasures(limit)
	present, planned := measures.byName(), m.byName()
	for _, name := range rateMeasureNames {
		found.Changes = append(found.Changes, lifecycle.Difference(name, number(*present[name]), number(*planned[name]))...)
	}
	if len(found.Changes) == 0 {
		return lifecycle.Found{}, nil
	}
	return found, nil
}

// rateMeasureNames are the measures in the order of their importance.
var rateMeasureNames = []string{
	"max_requests_per_1_minute", "max_tokens_per_1_minute", "max_images_per_1_minute",
	"max_audio_megabytes_per_1_minute", "max_requests_per_1_day", "batch_1_day_max_input_tokens",
}

func number(value types.Int64) types.String {
	switch {
	case value.IsUnknown():
		return types.StringUnknown()
	case value.IsNull():
		return types.StringNull()
	default:
		return types.StringValue(strconv.FormatInt(value.ValueInt64(), 10))
	}
}
