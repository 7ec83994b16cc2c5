package adminapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// Usage reads usage and costs.
type Usage struct {
	client *Client
	sdk    openai.AdminOrganizationUsageService
}

func newUsage(c *Client, sdk openai.AdminOrganizationUsageService) *Usage {
	return &Usage{client: c, sdk: sdk}
}

// UsageQuery says which usage or costs to read. Times are Unix seconds, the
// end is exclusive.
type UsageQuery struct {
	StartTime, EndTime int64
	// BucketWidth is 1m, 1h or 1d.
	BucketWidth string
	GroupBy     []string
	// Filters has a list of values for each filter's parameter, such as
	// project_ids.
	Filters map[string][]string
	// Batch keeps jobs of the batch API only (true) or leaves them out (false).
	Batch *bool
	// OnPage is called after each page, if it is set.
	OnPage func()
}

// UsageBucket is usage in a span of time.
type UsageBucket struct {
	StartTime int64         `json:"start_time"`
	EndTime   int64         `json:"end_time"`
	Results   []UsageResult `json:"results"`
}

// UsageResult is usage of one group; fields that do not apply to it are nil.
type UsageResult struct {
	UsageDimensions
	UsageMeasures
}

// UsageDimensions are the dimensions that usage can be grouped by.
type UsageDimensions struct {
	ProjectID     *string `json:"project_id"`
	UserID        *string `json:"user_id"`
	APIKeyID      *string `json:"api_key_id"`
	Model         *string `json:"model"`
	Batch         *bool   `json:"batch"`
	ServiceTier   *string `json:"service_tier"`
	APISource     *string `json:"api_source"`
	Size          *string `json:"size"`
	Source        *string `json:"source"`
	VectorStoreID *string `json:"vector_store_id"`
	ContextLevel  *string `json:"context_level"`
}

// UsageMeasures are the counts of usage.
type UsageMeasures struct {
	NumModelRequests         *int64 `json:"num_model_requests"`
	NumRequests              *int64 `json:"num_requests"`
	NumSessions              *int64 `json:"num_sessions"`
	InputTokens              *int64 `json:"input_tokens"`
	InputUncachedTokens      *int64 `json:"input_uncached_tokens"`
	InputCachedTokens        *int64 `json:"input_cached_tokens"`
	InputCachedTextTokens    *int64 `json:"input_cached_text_tokens"`
	InputCachedAudioTokens   *int64 `json:"input_cached_audio_tokens"`
	InputCachedImageTokens   *int64 `json:"input_cached_image_tokens"`
	InputCacheWriteTokens    *int64 `json:"input_cache_write_tokens"`
	InputCacheWrite30mTokens *int64 `json:"input_cache_write_30m_tokens"`
	InputCacheWrite12hTokens *int64 `json:"input_cache_write_12h_tokens"`
	InputTextTokens          *int64 `json:"input_text_tokens"`
	InputAudioTokens         *int64 `json:"input_audio_tokens"`
	InputImageTokens         *int64 `json:"input_image_tokens"`
	OutputTokens             *int64 `json:"output_tokens"`
	OutputTextTokens         *int64 `json:"output_text_tokens"`
	OutputAudioTokens        *int64 `json:"output_audio_tokens"`
	OutputImageTokens        *int64 `json:"output_image_tokens"`
	Images                   *int64 `json:"images"`
	Characters               *int64 `json:"characters"`
	Seconds                  *int64 `json:"seconds"`
	UsageBytes               *int64 `json:"usage_bytes"`
}

// ByName returns the counts by the API's names; those that do not apply are
// left out.
func (m UsageMeasures) ByName() map[string]int64 {
	values := map[string]int64{}
	for name, value := range map[string]*int64{
		"num_model_requests":           m.NumModelRequests,
		"num_requests":                 m.NumRequests,
		"num_sessions":                 m.NumSessions,
		"input_tokens":                 m.InputTokens,
		"input_uncached_tokens":        m.InputUncachedTokens,
		"input_cached_tokens":          m.InputCachedTokens,
		"input_cached_text_tokens":     m.InputCachedTextTokens,
		"input_cached_audio_tokens":    m.InputCachedAudioTokens,
		"input_cached_image_tokens":    m.InputCachedImageTokens,
		"input_cache_write_tokens":     m.InputCacheWriteTokens,
		"input_cache_write_30m_tokens": m.InputCacheWrite30mTokens,
		"input_cache_write_12h_tokens": m.InputCacheWrite12hTokens,
		"input_text_tokens":            m.InputTextTokens,
		"input_audio_tokens":           m.InputAudioTokens,
		"input_image_tokens":           m.InputImageTokens,
		"output_tokens":                m.OutputTokens,
		"output_text_tokens":           m.OutputTextTokens,
		"output_audio_tokens":          m.OutputAudioTokens,
		"output_image_tokens":          m.OutputImageTokens,
		"images":                       m.Images,
		"characters":                   m.Characters,
		"seconds":                      m.Seconds,
		"usage_bytes":                  m.UsageBytes,
	} {
		if value != nil {
			values[name] = *value
		}
	}
	return values
}

// CostBucket has the costs of a time range.
type CostBucket struct {
	StartTime int64        `json:"start_time"`
	EndTime   int64        `json:"end_time"`
	Results   []CostResult `json:"results"`
}

// CostResult has the costs of one group. Numbers keep every digit of the
// answer.
type CostResult struct {
	Amount struct {
		Value    json.Number `json:"value"`
		Currency string      `json:"currency"`
	} `json:"amount"`
	LineItem     *string      `json:"line_item"`
	ProjectID    *string      `json:"project_id"`
	UserID       *string      `json:"user_id"`
	APIKeyID     *string      `json:"api_key_id"`
	APISource    *string      `json:"api_source"`
	Quantity     *json.Number `json:"quantity"`
	QuantityUnit *string      `json:"quantity_unit"`
}

// bucketPage is a page of buckets; the SDK types every bucket as a union of all
// kinds, which would hide absent fields.
type bucketPage[B any] struct {
	Data     []B     `json:"data"`
	HasMore  bool    `json:"has_more"`
	NextPage *string `json:"next_page"`
}

// Buckets reads all buckets of one kind of usage, such as completions.
func (u *Usage) Buckets(ctx context.Context, kind string, query UsageQuery) ([]UsageBucket, error) {
	return readBuckets[UsageBucket](ctx, u.client, "read usage", "/organization/usage/"+kind, query, usagePageSizes,
		func(ctx context.Context, opts ...option.RequestOption) error {
			return u.send(ctx, kind, query.StartTime, opts)
		})
}

// Costs reads all buckets of the costs.
func (u *Usage) Costs(ctx context.Context, query UsageQuery) ([]CostBucket, error) {
	return readBuckets[CostBucket](ctx, u.client, "read costs", "/organization/costs", query, costPageSizes,
		func(ctx context.Context, opts ...option.RequestOption) error {
			_, err := u.sdk.Costs(ctx, openai.AdminOrganizationUsageCostsParams{StartTime: query.StartTime}, opts...)
			return err
		})
}

// send calls the SDK's method for a kind. All methods take the same query
// under types of their own, so it comes by way of the options.
func (u *Usage) send(ctx context.Context, kind string, start int64, opts []option.RequestOption) (err error) {
	switch kind {
	case "completions":
		_, err = u.sdk.Completions(ctx, openai.AdminOrganizationUsageCompletionsParams{StartTime: start}, opts...)
	case "decisions":
		_, err = u.sdk.Decisions(ctx, openai.AdminOrganizationUsageDecisionsParams{StartTime: start}, opts...)
	case "embeddings":
		_, err = u.sdk.Embeddings(ctx, openai.AdminOrganizationUsageEmbeddingsParams{StartTime: start}, opts...)
	case "moderations":
		_, err = u.sdk.Moderations(ctx, openai.AdminOrganizationUsageModerationsParams{StartTime: start}, opts...)
	case "images":
		_, err = u.sdk.Images(ctx, openai.AdminOrganizationUsageImagesParams{StartTime: start}, opts...)
	case "audio_speeches":
		_, err = u.sdk.AudioSpeeches(ctx, openai.AdminOrganizationUsageAudioSpeechesParams{StartTime: start}, opts...)
	case "audio_transcriptions":
		_, err = u.sdk.AudioTranscriptions(ctx, openai.AdminOrganizationUsageAudioTranscriptionsParams{StartTime: start}, opts...)
	case "vector_stores":
		_, err = u.sdk.VectorStores(ctx, openai.AdminOrganizationUsageVectorStoresParams{StartTime: start}, opts...)
	case "code_interpreter_sessions":
		_, err = u.sdk.CodeInterpreterSessions(ctx, openai.AdminOrganizationUsageCodeInterpreterSessionsParams{StartTime: start}, opts...)
	case "file_search_calls":
		_, err = u.sdk.FileSearchCalls(ctx, openai.AdminOrganizationUsageFileSearchCallsParams{StartTime: start}, opts...)
	case "web_search_calls":
		_, err = u.sdk.WebSearchCalls(ctx, openai.AdminOrganizationUsageWebSearchCallsParams{StartTime: start}, opts...)
	default:
		err = fmt.Errorf("unknown kind of usage %q", kind)
	}
	return err
}

// The largest pages, in buckets, by bucket width.
var (
	usagePageSizes = map[string]int{"1d": 31, "1h": 168, "1m": 1440}
	costPageSizes  = map[string]int{"1d": 180}
)

// UsagePages is how many pages a number of days has, with buckets of a day.
func UsagePages(days int) int { return pages(days, usagePageSizes["1d"]) }

// CostPages is UsagePages for costs.
func CostPages(days int) int { return pages(days, costPageSizes["1d"]) }

func pages(days, size int) int { return (days + size - 1) / size }

func readBuckets[B interface{ start() int64 }](ctx context.Context, c *Client, name, path string, query UsageQuery, sizes map[string]int,
	send func(ctx context.Context, opts ...option.RequestOption) error,
) ([]B, error) {
	var buckets []B
	var seen cache.Progress
	token := ""
	for {
		got, err := call(ctx, c, transport.Read(name, path), func(ctx context.Context, opts ...option.RequestOption) (*bucketPage[B], error) {
			var p bucketPage[B]
			opts = append(append(opts, query.options(sizes)...), option.WithResponseBodyInto(&p))
			if token != "" {
				opts = append(opts, option.WithQuery("page", token))
			}
			return &p, send(ctx, opts...)
		})
		if err != nil {
			return nil, err
		}
		if got.Data == nil {
			return nil, fmt.Errorf("%s: the response has no buckets", name)
		}
		buckets = append(buckets, got.Data...)
		if query.OnPage != nil {
			query.OnPage()
		}
		if !got.HasMore {
			return buckets, nil
		}
		next := ""
		if got.NextPage != nil {
			next = *got.NextPage
		}
		if err := seen.Check(len(got.Data), bucketStarts(got.Data), token, next); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		token = next
	}
}

// bucketStarts identifies buckets by their time.
func bucketStarts[B interface{ start() int64 }](buckets []B) []string {
	return cache.IDsOf(buckets, func(b B) string { return strconv.FormatInt(b.start(), 10) })
}

func (b UsageBucket) start() int64 { return b.StartTime }

func (b CostBucket) start() int64 { return b.StartTime }

func (q UsageQuery) options(sizes map[string]int) []option.RequestOption {
	opts := []option.RequestOption{
		option.WithQuery("end_time", strconv.FormatInt(q.EndTime, 10)),
		option.WithQuery("bucket_width", q.BucketWidth),
		option.WithQuery("limit", strconv.Itoa(sizes[q.BucketWidth])),
	}
	for _, column := range q.GroupBy {
		opts = append(opts, option.WithQueryAdd("group_by[]", column))
	}
	for parameter, values := range q.Filters {
		for _, value := range values {
			opts = append(opts, option.WithQueryAdd(parameter+"[]", value))
		}
	}
	if q.Batch != nil {
		opts = append(opts, option.WithQuery("batch", strconv.FormatBool(*q.Batch)))
	}
	return opts
}
