package usage

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// dimensionDescriptions describe the dimensions that usage can be grouped by.
var dimensionDescriptions = map[string]string{
	"project_id":      "Project that caused the usage; null unless grouped by it.",
	"user_id":         "User who caused the usage; null unless grouped by it.",
	"api_key_id":      "Key that caused the usage; null unless grouped by it.",
	"model":           "Model; null unless grouped by it.",
	"service_tier":    "Service tier; null unless grouped by it.",
	"api_source":      "Source of the requests: `agents_api` or `unlabeled`; null unless grouped by it.",
	"size":            "Size of the images; null unless grouped by it.",
	"source":          "How the images were made; null unless grouped by it.",
	"vector_store_id": "Vector store that was searched; null unless grouped by it.",
	"context_level":   "Amount of context of the web search; null unless grouped by it.",
}

// measureDescriptions describe the measures.
var measureDescriptions = map[string]string{
	"num_model_requests":           "Requests to models.",
	"num_requests":                 "Calls of the tool.",
	"num_sessions":                 "Sessions of the code interpreter.",
	"input_tokens":                 "Tokens of input, cached ones included.",
	"input_uncached_tokens":        "Tokens of input that did not come from the cache.",
	"input_cached_tokens":          "Tokens of input that came from the cache.",
	"input_cached_text_tokens":     "Tokens of text from the cache.",
	"input_cached_audio_tokens":    "Tokens of audio from the cache.",
	"input_cached_image_tokens":    "Tokens of images from the cache.",
	"input_cache_write_tokens":     "Tokens of input written to the cache.",
	"input_cache_write_30m_tokens": "Tokens of input written to the cache for 30 minutes.",
	"input_cache_write_12h_tokens": "Tokens of input written to the cache for 12 hours.",
	"input_text_tokens":            "Tokens of text in the input.",
	"input_audio_tokens":           "Tokens of audio in the input.",
	"input_image_tokens":           "Tokens of images in the input.",
	"output_tokens":                "Tokens of output.",
	"output_text_tokens":           "Tokens of text in the output.",
	"output_audio_tokens":          "Tokens of audio in the output.",
	"output_image_tokens":          "Tokens of images in the output.",
	"images":                       "Images made.",
	"characters":                   "Characters spoken.",
	"seconds":                      "Seconds of audio transcribed.",
	"usage_bytes":                  "Bytes stored.",
}

func measureFields() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for name, description := range measureDescriptions {
		attributes[name] = schema.Int64Attribute{Computed: true, MarkdownDescription: description + " Null for kinds that do not count it."}
	}
	return attributes
}

func resultFields() map[string]schema.Attribute {
	attributes := measureFields()
	attributes["batch"] = schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the requests were jobs of the batch API; null unless grouped by it."}
	for name, description := range dimensionDescriptions {
		attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return attributes
}

type measuresModel struct {
	NumModelRequests         types.Int64 `tfsdk:"num_model_requests"`
	NumRequests              types.Int64 `tfsdk:"num_requests"`
	NumSessions              types.Int64 `tfsdk:"num_sessions"`
	InputTokens              types.Int64 `tfsdk:"input_tokens"`
	InputUncachedTokens      types.Int64 `tfsdk:"input_uncached_tokens"`
	InputCachedTokens        types.Int64 `tfsdk:"input_cached_tokens"`
	InputCachedTextTokens    types.Int64 `tfsdk:"input_cached_text_tokens"`
	InputCachedAudioTokens   types.Int64 `tfsdk:"input_cached_audio_tokens"`
	InputCachedImageTokens   types.Int64 `tfsdk:"input_cached_image_tokens"`
	InputCacheWriteTokens    types.Int64 `tfsdk:"input_cache_write_tokens"`
	InputCacheWrite30mTokens types.Int64 `tfsdk:"input_cache_write_30m_tokens"`
	InputCacheWrite12hTokens types.Int64 `tfsdk:"input_cache_write_12h_tokens"`
	InputTextTokens          types.Int64 `tfsdk:"input_text_tokens"`
	InputAudioTokens         types.Int64 `tfsdk:"input_audio_tokens"`
	InputImageTokens         types.Int64 `tfsdk:"input_image_tokens"`
	OutputTokens             types.Int64 `tfsdk:"output_tokens"`
	OutputTextTokens         types.Int64 `tfsdk:"output_text_tokens"`
	OutputAudioTokens        types.Int64 `tfsdk:"output_audio_tokens"`
	OutputImageTokens        types.Int64 `tfsdk:"output_image_tokens"`
	Images                   types.Int64 `tfsdk:"images"`
	Characters               types.Int64 `tfsdk:"characters"`
	Seconds                  types.Int64 `tfsdk:"seconds"`
	UsageBytes               types.Int64 `tfsdk:"usage_bytes"`
}

// byName gives the measures under the names of their attributes.
func (m *measuresModel) byName() map[string]*types.Int64 {
	return map[string]*types.Int64{
		"num_model_requests":           &m.NumModelRequests,
		"num_requests":                 &m.NumRequests,
		"num_sessions":                 &m.NumSessions,
		"input_tokens":                 &m.InputTokens,
		"input_uncached_tokens":        &m.InputUncachedTokens,
		"input_cached_tokens":          &m.InputCachedTokens,
		"input_cached_text_tokens":     &m.InputCachedTextTokens,
		"input_cached_audio_tokens":    &m.InputCachedAudioTokens,
		"input_cached_image_tokens":    &m.InputCachedImageTokens,
		"input_cache_write_tokens":     &m.InputCacheWriteTokens,
		"input_cache_write_30m_tokens": &m.InputCacheWrite30mTokens,
		"input_cache_write_12h_tokens": &m.InputCacheWrite12hTokens,
		"input_text_tokens":            &m.InputTextTokens,
		"input_audio_tokens":           &m.InputAudioTokens,
		"input_image_tokens":           &m.InputImageTokens,
		"output_tokens":                &m.OutputTokens,
		"output_text_tokens":           &m.OutputTextTokens,
		"output_audio_tokens":          &m.OutputAudioTokens,
		"output_image_tokens":          &m.OutputImageTokens,
		"images":                       &m.Images,
		"characters":                   &m.Characters,
		"seconds":                      &m.Seconds,
		"usage_bytes":                  &m.UsageBytes,
	}
}

func newMeasures(m adminapi.UsageMeasures) measuresModel {
	value := types.Int64PointerValue
	return measuresModel{
		NumModelRequests: value(m.NumModelRequests), NumRequests: value(m.NumRequests), NumSessions: value(m.NumSessions),
		InputTokens: value(m.InputTokens), InputUncachedTokens: value(m.InputUncachedTokens), InputCachedTokens: value(m.InputCachedTokens),
		InputCachedTextTokens: value(m.InputCachedTextTokens), InputCachedAudioTokens: value(m.InputCachedAudioTokens),
		InputCachedImageTokens: value(m.InputCachedImageTokens), InputCacheWriteTokens: value(m.InputCacheWriteTokens),
		InputCacheWrite30mTokens: value(m.InputCacheWrite30mTokens), InputCacheWrite12hTokens: value(m.InputCacheWrite12hTokens),
		InputTextTokens: value(m.InputTextTokens), InputAudioTokens: value(m.InputAudioTokens), InputImageTokens: value(m.InputImageTokens),
		OutputTokens: value(m.OutputTokens), OutputTextTokens: value(m.OutputTextTokens), OutputAudioTokens: value(m.OutputAudioTokens),
		OutputImageTokens: value(m.OutputImageTokens), Images: value(m.Images), Characters: value(m.Characters), Seconds: value(m.Seconds),
		UsageBytes: value(m.UsageBytes),
	}
}

// total is the sum of the buckets: zero for the measures of the kind, null for
// the rest.
func total(k adminapi.UsageKind, buckets []bucketModel) *measuresModel {
	sum := &measuresModel{}
	sums := sum.byName()
	for _, name := range k.Measures {
		*sums[name] = types.Int64Value(0)
	}
	for _, bucket := range buckets {
		for i := range bucket.Results {
			for name, value := range bucket.Results[i].byName() {
				if !value.IsNull() {
					*sums[name] = types.Int64Value(sums[name].ValueInt64() + value.ValueInt64())
				}
			}
		}
	}
	return sum
}

type resultModel struct {
	ProjectID     types.String `tfsdk:"project_id"`
	UserID        types.String `tfsdk:"user_id"`
	APIKeyID      types.String `tfsdk:"api_key_id"`
	Model         types.String `tfsdk:"model"`
	Batch         types.Bool   `tfsdk:"batch"`
	ServiceTier   types.String `tfsdk:"service_tier"`
	APISource     types.String `tfsdk:"api_source"`
	Size          types.String `tfsdk:"size"`
	Source        types.String `tfsdk:"source"`
	VectorStoreID types.String `tfsdk:"vector_store_id"`
	ContextLevel  types.String `tfsdk:"context_level"`
	measuresModel
}

func newResult(r adminapi.UsageResult) resultModel {
	text := types.StringPointerValue
	return resultModel{
		ProjectID: text(r.ProjectID), UserID: text(r.UserID), APIKeyID: text(r.APIKeyID), Model: text(r.Model),
		Batch: types.BoolPointerValue(r.Batch), ServiceTier: text(r.ServiceTier), APISource: text(r.APISource), Size: text(r.Size),
		Source: text(r.Source), VectorStoreID: text(r.VectorStoreID), ContextLevel: text(r.ContextLevel),
		measuresModel: newMeasures(r.UsageMeasures),
	}
}

type bucketModel struct {
	StartTime types.String  `tfsdk:"start_time"`
	EndTime   types.String  `tfsdk:"end_time"`
	Results   []resultModel `tfsdk:"results"`
}
