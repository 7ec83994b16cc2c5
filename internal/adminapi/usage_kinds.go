package adminapi

import "slices"

// UsageKind has the measures, groupings and filters of one kind of usage, in
// the API's names.
type UsageKind struct {
	Name     string
	Measures []string
	GroupBy  []string
	Filters  []string
}

var (
	textMeasures = []string{
		"num_model_requests", "input_tokens", "input_uncached_tokens", "input_cached_tokens", "input_cached_text_tokens",
		"input_cached_audio_tokens", "input_cached_image_tokens", "input_cache_write_tokens", "input_cache_write_30m_tokens",
		"input_cache_write_12h_tokens", "input_text_tokens", "input_audio_tokens", "input_image_tokens", "output_tokens",
		"output_text_tokens", "output_audio_tokens", "output_image_tokens",
	}
	inputMeasures = []string{"num_model_requests", "input_tokens"}

	callerGroups = []string{"project_id", "user_id", "api_key_id"}
	modelGroups  = append(slices.Clone(callerGroups), "model")
	textGroups   = append(slices.Clone(modelGroups), "batch", "service_tier", "api_source")

	callerFilters = []string{"project_ids", "user_ids", "api_key_ids"}
	modelFilters  = append(slices.Clone(callerFilters), "models")
	textFilters   = append(slices.Clone(modelFilters), "batch")

	projectOnly  = []string{"project_id"}
	projectsOnly = []string{"project_ids"}
)

// UsageKinds are all kinds of usage that the API reports.
var UsageKinds = []UsageKind{
	{"completions", textMeasures, textGroups, textFilters},
	{"decisions", textMeasures, textGroups, textFilters},
	{"embeddings", inputMeasures, modelGroups, modelFilters},
	{"moderations", inputMeasures, modelGroups, modelFilters},
	{
		"images", []string{"num_model_requests", "images"},
		append(slices.Clone(modelGroups), "size", "source"), append(slices.Clone(modelFilters), "sizes", "sources"),
	},
	{"audio_speeches", []string{"num_model_requests", "characters"}, modelGroups, modelFilters},
	{"audio_transcriptions", []string{"num_model_requests", "seconds"}, modelGroups, modelFilters},
	{"vector_stores", []string{"usage_bytes"}, projectOnly, projectsOnly},
	{"code_interpreter_sessions", []string{"num_sessions"}, projectOnly, projectsOnly},
	{
		"file_search_calls", []string{"num_requests"},
		append(slices.Clone(callerGroups), "vector_store_id"), append(slices.Clone(callerFilters), "vector_store_ids"),
	},
	{
		"web_search_calls", []string{"num_model_requests", "num_requests"},
		append(slices.Clone(modelGroups), "context_level", "api_source"), append(slices.Clone(modelFilters), "context_levels"),
	},
}

// UsageKindNames lists the names of all kinds.
func UsageKindNames() []string {
	names := make([]string, len(UsageKinds))
	for i, k := range UsageKinds {
		names[i] = k.Name
	}
	return names
}

// FindUsageKind returns the kind of this name.
func FindUsageKind(name string) (UsageKind, bool) {
	at := slices.IndexFunc(UsageKinds, func(k UsageKind) bool { return k.Name == name })
	if at < 0 {
		return UsageKind{}, false
	}
	return UsageKinds[at], true
}
