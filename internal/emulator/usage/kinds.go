package usage

import "slices"

// kind describes one usage endpoint: its groupings and filters.
type kind struct {
	// path is the last part of the endpoint's path and the kind of its events.
	path string
	// object is how its results are called where that differs from the path.
	object  string
	groupBy []string
	// filters maps parameters to the columns that they filter.
	filters map[string]string
	// batch says that there is a filter by batch.
	batch bool
	reply func(row) any
}

var (
	modelGroups  = []string{"project_id", "user_id", "api_key_id", "model"}
	modelFilters = map[string]string{"project_ids": "project_id", "user_ids": "user_id", "api_key_ids": "api_key_id", "models": "model"}
	textGroups   = slices.Concat(modelGroups, []string{"batch", "service_tier", "api_source"})
)

// with adds parameters to modelFilters.
func with(more map[string]string) map[string]string {
	all := map[string]string{}
	for _, filters := range []map[string]string{modelFilters, more} {
		for parameter, column := range filters {
			all[parameter] = column
		}
	}
	return all
}

var kinds = []kind{
	{path: "completions", groupBy: textGroups, filters: modelFilters, batch: true, reply: textResult},
	{path: "decisions", groupBy: textGroups, filters: modelFilters, batch: true, reply: textResult},
	{path: "embeddings", groupBy: modelGroups, filters: modelFilters, reply: inputResult},
	{path: "moderations", groupBy: modelGroups, filters: modelFilters, reply: inputResult},
	{path: "images", groupBy: slices.Concat(modelGroups, []string{"size", "source"}), filters: with(map[string]string{"sizes": "size", "sources": "source"}), reply: imagesResult},
	{path: "audio_speeches", groupBy: modelGroups, filters: modelFilters, reply: speechesResult},
	{path: "audio_transcriptions", groupBy: modelGroups, filters: modelFilters, reply: transcriptionsResult},
	{path: "vector_stores", groupBy: []string{"project_id"}, filters: map[string]string{"project_ids": "project_id"}, reply: vectorStoresResult},
	{path: "code_interpreter_sessions", groupBy: []string{"project_id"}, filters: map[string]string{"project_ids": "project_id"}, reply: sessionsResult},
	{
		path: "file_search_calls", object: "file_searches", groupBy: []string{"project_id", "user_id", "api_key_id", "vector_store_id"},
		filters: map[string]string{"project_ids": "project_id", "user_ids": "user_id", "api_key_ids": "api_key_id", "vector_store_ids": "vector_store_id"},
		reply:   fileSearchResult,
	},
	{
		path: "web_search_calls", object: "web_searches", groupBy: slices.Concat(modelGroups, []string{"context_level", "api_source"}),
		filters: with(map[string]string{"context_levels": "context_level"}), reply: webSearchResult,
	},
}

func (k kind) resultObject() string {
	name := k.path
	if k.object != "" {
		name = k.object
	}
	return "organization.usage." + name + ".result"
}

func findKind(path string) (kind, bool) {
	at := slices.IndexFunc(kinds, func(k kind) bool { return k.path == path })
	if at < 0 {
		return kind{}, false
	}
	return kinds[at], true
}
