package usage

import "github.com/allthingsai/terraform-provider-openai/internal/emulator/store"

// row is a sum with the name of its result.
type row struct {
	object string
	store.UsageEvent
}

// caller is who caused usage; every field is null unless grouped by.
type caller struct {
	ProjectID *string `json:"project_id"`
	UserID    *string `json:"user_id"`
	APIKeyID  *string `json:"api_key_id"`
}

func (r row) caller() caller { return caller{r.ProjectID, r.UserID, r.APIKeyID} }

func textResult(r row) any {
	return struct {
		Object string `json:"object"`
		caller
		Model                    *string `json:"model"`
		Batch                    *bool   `json:"batch"`
		ServiceTier              *string `json:"service_tier"`
		APISource                *string `json:"api_source"`
		NumModelRequests         int64   `json:"num_model_requests"`
		InputTokens              int64   `json:"input_tokens"`
		InputUncachedTokens      int64   `json:"input_uncached_tokens"`
		InputCachedTokens        int64   `json:"input_cached_tokens"`
		InputCachedTextTokens    int64   `json:"input_cached_text_tokens"`
		InputCachedAudioTokens   int64   `json:"input_cached_audio_tokens"`
		InputCachedImageTokens   int64   `json:"input_cached_image_tokens"`
		InputCacheWriteTokens    int64   `json:"input_cache_write_tokens"`
		InputCacheWrite30mTokens int64   `json:"input_cache_write_30m_tokens"`
		InputCacheWrite12hTokens int64   `json:"input_cache_write_12h_tokens"`
		InputTextTokens          int64   `json:"input_text_tokens"`
		InputAudioTokens         int64   `json:"input_audio_tokens"`
		InputImageTokens         int64   `json:"input_image_tokens"`
		OutputTokens             int64   `json:"output_tokens"`
		OutputTextTokens         int64   `json:"output_text_tokens"`
		OutputAudioTokens        int64   `json:"output_audio_tokens"`
		OutputImageTokens        int64   `json:"output_image_tokens"`
	}{
		r.object, r.caller(), r.Model, r.Batch, r.ServiceTier, r.APISource, r.NumModelRequests, r.InputTokens, r.InputUncachedTokens,
		r.InputCachedTokens, r.InputCachedTextTokens, r.InputCachedAudioTokens, r.InputCachedImageTokens, r.InputCacheWriteTokens,
		r.InputCacheWrite30mTokens, r.InputCacheWrite12hTokens, r.InputTextTokens, r.InputAudioTokens, r.InputImageTokens,
		r.OutputTokens, r.OutputTextTokens, r.OutputAudioTokens, r.OutputImageTokens,
	}
}

func inputResult(r row) any {
	return struct {
		Object string `json:"object"`
		caller
		Model            *string `json:"model"`
		NumModelRequests int64   `json:"num_model_requests"`
		InputTokens      int64   `json:"input_tokens"`
	}{r.object, r.caller(), r.Model, r.NumModelRequests, r.InputTokens}
}

func imagesResult(r row) any {
	return struct {
		Object string `json:"object"`
		caller
		Model            *string `json:"model"`
		Size             *string `json:"size"`
		Source           *string `json:"source"`
		NumModelRequests int64   `json:"num_model_requests"`
		Images           int64   `json:"images"`
	}{r.object, r.caller(), r.Model, r.Size, r.Source, r.NumModelRequests, r.Images}
}

func speechesResult(r row) any {
	return struct {
		Object string `json:"object"`
		caller
		Model            *string `json:"model"`
		NumModelRequests int64   `json:"num_model_requests"`
		Characters       int64   `json:"characters"`
	}{r.object, r.caller(), r.Model, r.NumModelRequests, r.Characters}
}

func transcriptionsResult(r row) any {
	return struct {
		Object string `json:"object"`
		caller
		Model            *string `json:"model"`
		NumModelRequests int64   `json:"num_model_requests"`
		Seconds          int64   `json:"seconds"`
	}{r.object, r.caller(), r.Model, r.NumModelRequests, r.Seconds}
}

func vectorStoresResult(r row) any {
	return struct {
		Object     string  `json:"object"`
		ProjectID  *string `json:"project_id"`
		UsageBytes int64   `json:"usage_bytes"`
	}{r.object, r.ProjectID, r.UsageBytes}
}

func sessionsResult(r row) any {
	return struct {
		Object      string  `json:"object"`
		ProjectID   *string `json:"project_id"`
		NumSessions int64   `json:"num_sessions"`
	}{r.object, r.ProjectID, r.NumSessions}
}

func fileSearchResult(r row) any {
	return struct {
		Object string `json:"object"`
		caller
		VectorStoreID *string `json:"vector_store_id"`
		NumRequests   int64   `json:"num_requests"`
	}{r.object, r.caller(), r.VectorStoreID, r.NumRequests}
}

func webSearchResult(r row) any {
	return struct {
		Object string `json:"object"`
		caller
		Model            *string `json:"model"`
		ContextLevel     *string `json:"context_level"`
		APISource        *string `json:"api_source"`
		NumModelRequests int64   `json:"num_model_requests"`
		NumRequests      int64   `json:"num_requests"`
	}{r.object, r.caller(), r.Model, r.ContextLevel, r.APISource, r.NumModelRequests, r.NumRequests}
}
