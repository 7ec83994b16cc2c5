package ratelimit

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// rateMeasures are the limits of one model; null where the model has no such
// limit.
type rateMeasures struct {
	RequestsPerMinute       types.Int64 `tfsdk:"max_requests_per_1_minute"`
	TokensPerMinute         types.Int64 `tfsdk:"max_tokens_per_1_minute"`
	ImagesPerMinute         types.Int64 `tfsdk:"max_images_per_1_minute"`
	AudioMegabytesPerMinute types.Int64 `tfsdk:"max_audio_megabytes_per_1_minute"`
	RequestsPerDay          types.Int64 `tfsdk:"max_requests_per_1_day"`
	BatchInputTokensPerDay  types.Int64 `tfsdk:"batch_1_day_max_input_tokens"`
}

// rateMeasureDescriptions describe the measures.
var rateMeasureDescriptions = map[string]string{
	"max_requests_per_1_minute":        "Requests a minute.",
	"max_tokens_per_1_minute":          "Tokens a minute.",
	"max_images_per_1_minute":          "Images a minute, for models that generate images.",
	"max_audio_megabytes_per_1_minute": "Megabytes of audio a minute, for models with audio input.",
	"max_requests_per_1_day":           "Requests a day, for models that have such a limit.",
	"batch_1_day_max_input_tokens":     "Input tokens a day in the batch API, for models that have such a limit.",
}

// byName gives the measures under the names of their attributes.
func (m *rateMeasures) byName() map[string]*types.Int64 {
	return map[string]*types.Int64{
		"max_requests_per_1_minute":        &m.RequestsPerMinute,
		"max_tokens_per_1_minute":          &m.TokensPerMinute,
		"max_images_per_1_minute":          &m.ImagesPerMinute,
		"max_audio_megabytes_per_1_minute": &m.AudioMegabytesPerMinute,
		"max_requests_per_1_day":           &m.RequestsPerDay,
		"batch_1_day_max_input_tokens":     &m.BatchInputTokensPerDay,
	}
}

func newRateMeasures(l *openai.ProjectRateLimit) rateMeasures {
	return rateMeasures{
		RequestsPerMinute:       tfkit.Int64(l.MaxRequestsPer1Minute, l.JSON.MaxRequestsPer1Minute),
		TokensPerMinute:         tfkit.Int64(l.MaxTokensPer1Minute, l.JSON.MaxTokensPer1Minute),
		ImagesPerMinute:         tfkit.Int64(l.MaxImagesPer1Minute, l.JSON.MaxImagesPer1Minute),
		AudioMegabytesPerMinute: tfkit.Int64(l.MaxAudioMegabytesPer1Minute, l.JSON.MaxAudioMegabytesPer1Minute),
		RequestsPerDay:          tfkit.Int64(l.MaxRequestsPer1Day, l.JSON.MaxRequestsPer1Day),
		BatchInputTokensPerDay:  tfkit.Int64(l.Batch1DayMaxInputTokens, l.JSON.Batch1DayMaxInputTokens),
	}
}

// changes are the measures of m that are known and differ from now.
func (m *rateMeasures) changes(now rateMeasures) (params openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams, changed bool) {
	fields := map[string]*param.Opt[int64]{
		"max_requests_per_1_minute":        &params.MaxRequestsPer1Minute,
		"max_tokens_per_1_minute":          &params.MaxTokensPer1Minute,
		"max_images_per_1_minute":          &params.MaxImagesPer1Minute,
		"max_audio_megabytes_per_1_minute": &params.MaxAudioMegabytesPer1Minute,
		"max_requests_per_1_day":           &params.MaxRequestsPer1Day,
		"batch_1_day_max_input_tokens":     &params.Batch1DayMaxInputTokens,
	}
	present := now.byName()
	for name, want := range m.byName() {
		if want.IsNull() || want.IsUnknown() || want.Equal(*present[name]) {
			continue
		}
		*fields[name] = openai.Int(want.ValueInt64())
		changed = true
	}
	return params, changed
}

// already says whether an event sets the same values as these measures: it was
// about another project, or changed nothing.
func (m *rateMeasures) already(event adminapi.Event) bool {
	set := event.Rates
	asked := rateMeasures{
		RequestsPerMinute:       tfkit.Int64(set.MaxRequestsPer1Minute, set.JSON.MaxRequestsPer1Minute),
		TokensPerMinute:         tfkit.Int64(set.MaxTokensPer1Minute, set.JSON.MaxTokensPer1Minute),
		ImagesPerMinute:         tfkit.Int64(set.MaxImagesPer1Minute, set.JSON.MaxImagesPer1Minute),
		AudioMegabytesPerMinute: tfkit.Int64(set.MaxAudioMegabytesPer1Minute, set.JSON.MaxAudioMegabytesPer1Minute),
		RequestsPerDay:          tfkit.Int64(set.MaxRequestsPer1Day, set.JSON.MaxRequestsPer1Day),
		BatchInputTokensPerDay:  tfkit.Int64(set.Batch1DayMaxInputTokens, set.JSON.Batch1DayMaxInputTokens),
	}
	_, changed := asked.changes(*m)
	// An event without values may have set any.
	return event.Type == adminapi.RateLimitUpdated && asked != (rateMeasures{}) && !changed
}

// previousMeasures are the values that measures had before this resource
// managed them, nil when that is not known, as after an import.
type previousMeasures map[string]int64

// previous reads them from restore_values.
func (m *rateLimitModel) previous(ctx context.Context, diags *diag.Diagnostics) previousMeasures {
	values, _ := tfkit.ReadRestoreValues[int64](ctx, m.RestoreValues, diags)
	return values
}

// value makes restore_values of them.
func (f previousMeasures) value(ctx context.Context, diags *diag.Diagnostics) types.Map {
	return tfkit.RestoreValues[int64](ctx, types.Int64Type, f, diags)
}

// adopt remembers the present value of every measure that is configured from
// now on, and forgets those that no longer are.
func (f previousMeasures) adopt(configured, present rateMeasures) previousMeasures {
	kept := previousMeasures{}
	now := present.byName()
	for name, value := range configured.byName() {
		before, managed := f[name]
		switch {
		case value.IsNull():
		case managed:
			kept[name] = before
		case !now[name].IsNull():
			kept[name] = now[name].ValueInt64()
		}
	}
	return kept
}

// measures are the previous values in the form of a plan.
func (f previousMeasures) measures() rateMeasures {
	var m rateMeasures
	for name, value := range m.byName() {
		*value = types.Int64Null()
		if before, ok := f[name]; ok {
			*value = types.Int64Value(before)
		}
	}
	return m
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
