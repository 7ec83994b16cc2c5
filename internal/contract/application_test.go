package contract_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/webhooks"
)

// newApplication is an application that uses the SDK as it comes, with a new
// key of the project.
func (b *backend) newApplication(t *testing.T, project string) openai.Client {
	t.Helper()
	account, err := b.sdk.Projects.ServiceAccounts.New(t.Context(), project, openai.AdminOrganizationProjectServiceAccountNewParams{Name: "app"})
	if err != nil {
		t.Fatal(err)
	}
	return openai.NewClient(option.WithBaseURL(b.url+"/v1"), option.WithAPIKey(account.APIKey.Value))
}

func (b *backend) application(t *testing.T, project string) {
	app := b.newApplication(t, project)
	b.models(t, app)
	b.chat(t, app)
	b.responses(t, app)
	b.media(t, app)
	b.storage(t, app)
	b.webhooks(t, app)
}

const chatModel = "gpt-4o-mini"

func (b *backend) models(t *testing.T, app openai.Client) {
	models := must[pagination.Page[openai.Model]](t)(app.Models.List(t.Context()))
	if len(models.Data) == 0 {
		t.Error("there are no models")
	}
	if model := must[openai.Model](t)(app.Models.Get(t.Context(), chatModel)); model.ID != chatModel {
		t.Errorf("the model is %q", model.ID)
	}
}

func (b *backend) chat(t *testing.T, app openai.Client) {
	params := openai.ChatCompletionNewParams{Model: chatModel, Messages: []openai.ChatCompletionMessageParamUnion{
		openai.SystemMessage("Be brief."), openai.UserMessage("What is the capital of France? 🗼"),
	}}
	plain := must[openai.ChatCompletion](t)(app.Chat.Completions.New(t.Context(), params))
	text := plain.Choices[0].Message.Content
	if !strings.Contains(text, "capital of France? 🗼") || plain.Choices[0].FinishReason != "stop" {
		t.Errorf("the answer is %q, ended by %q", text, plain.Choices[0].FinishReason)
	}
	again := must[openai.ChatCompletion](t)(app.Chat.Completions.New(t.Context(), params))
	if again.Choices[0].Message.Content != text || again.Usage.TotalTokens != plain.Usage.TotalTokens {
		t.Error("the second answer is another")
	}

	params.StreamOptions = openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)}
	stream := app.Chat.Completions.NewStreaming(t.Context(), params)
	var streamed openai.ChatCompletionAccumulator
	for stream.Next() {
		streamed.AddChunk(stream.Current())
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	if got := streamed.Choices[0].Message.Content; got != text || streamed.Usage.TotalTokens != plain.Usage.TotalTokens {
		t.Errorf("the stream says %q in %d tokens, not %q in %d", got, streamed.Usage.TotalTokens, text, plain.Usage.TotalTokens)
	}

	params.MaxCompletionTokens, params.StreamOptions = openai.Int(4), openai.ChatCompletionStreamOptionsParam{}
	short := must[openai.ChatCompletion](t)(app.Chat.Completions.New(t.Context(), params))
	if short.Usage.CompletionTokens != 4 || short.Choices[0].FinishReason != "length" || !strings.HasPrefix(text, short.Choices[0].Message.Content) {
		t.Errorf("the short answer is %q in %d tokens, ended by %q", short.Choices[0].Message.Content, short.Usage.CompletionTokens, short.Choices[0].FinishReason)
	}
}

func (b *backend) responses(t *testing.T, app openai.Client) {
	params := responses.ResponseNewParams{
		Model: chatModel, Instructions: openai.String("Be brief."),
		Input: responses.ResponseNewParamsInputUnion{OfString: openai.String("What is the capital of France?")},
	}
	plain := must[responses.Response](t)(app.Responses.New(t.Context(), params))
	text := plain.OutputText()
	if !strings.Contains(text, "capital of France?") || plain.Status != "completed" || plain.Usage.TotalTokens == 0 {
		t.Errorf("the answer is %q, %s, in %d tokens", text, plain.Status, plain.Usage.TotalTokens)
	}
	stream := app.Responses.NewStreaming(t.Context(), params)
	var deltas strings.Builder
	var done responses.Response
	for stream.Next() {
		switch event := stream.Current().AsAny().(type) {
		case responses.ResponseTextDeltaEvent:
			deltas.WriteString(event.Delta)
		case responses.ResponseCompletedEvent:
			done = event.Response
		}
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	if deltas.String() != text || done.OutputText() != text || done.Usage.TotalTokens != plain.Usage.TotalTokens {
		t.Errorf("the stream says %q and ends with %q, not %q", deltas.String(), done.OutputText(), text)
	}
	params.MaxOutputTokens = openai.Int(4)
	if short := must[responses.Response](t)(app.Responses.New(t.Context(), params)); short.IncompleteDetails.Reason != "max_output_tokens" {
		t.Errorf("the short answer is %s for %q", short.Status, short.IncompleteDetails.Reason)
	}
}

func (b *backend) media(t *testing.T, app openai.Client) {
	vectors := must[openai.CreateEmbeddingResponse](t)(app.Embeddings.New(t.Context(), openai.EmbeddingNewParams{
		Model: "text-embedding-3-small", Dimensions: openai.Int(64),
		Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{"one", "two", "one"}},
	}))
	dot := func(x, y int) (sum float64) {
		for i := range vectors.Data[x].Embedding {
			sum += vectors.Data[x].Embedding[i] * vectors.Data[y].Embedding[i]
		}
		return sum
	}
	if same, other := dot(0, 2), dot(0, 1); len(vectors.Data[0].Embedding) != 64 || math.Abs(same-1) > 1e-5 || other > 0.7 {
		t.Errorf("%d dimensions; equal texts are %g alike, others %g", len(vectors.Data[0].Embedding), same, other)
	}

	pictures := must[openai.ImagesResponse](t)(app.Images.Generate(t.Context(), openai.ImageGenerateParams{Model: "gpt-image-1", Prompt: "A fox", N: openai.Int(2)}))
	var file []byte
	if err := json.Unmarshal([]byte(`"`+pictures.Data[1].B64JSON+`"`), &file); err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(file)); err != nil || len(pictures.Data) != 2 {
		t.Errorf("%d pictures, %v", len(pictures.Data), err)
	}

	verdicts := must[openai.ModerationNewResponse](t)(app.Moderations.New(t.Context(), openai.ModerationNewParams{
		Input: openai.ModerationNewParamsInputUnion{OfStringArray: []string{"flowers", "violence"}},
	}))
	if verdicts.Results[0].Flagged || !verdicts.Results[1].Flagged || !verdicts.Results[1].Categories.Violence {
		t.Errorf("the verdicts are %t and %t", verdicts.Results[0].Flagged, verdicts.Results[1].Flagged)
	}
}

func (b *backend) storage(t *testing.T, app openai.Client) {
	ctx := t.Context()
	file := must[openai.FileObject](t)(app.Files.New(ctx, openai.FileNewParams{
		File: openai.File(strings.NewReader("hello"), "greeting.txt", "text/plain"), Purpose: openai.FilePurposeUserData,
	}))
	if file.Filename != "greeting.txt" || file.Bytes != 5 {
		t.Errorf("the file is %q of %d bytes", file.Filename, file.Bytes)
	}
	must[openai.FileObject](t)(app.Files.Get(ctx, file.ID))
	must[pagination.CursorPage[openai.FileObject]](t)(app.Files.List(ctx, openai.FileListParams{}))
	answer, err := app.Files.Content(ctx, file.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if content, err := io.ReadAll(answer.Body); err != nil || string(content) != "hello" {
		t.Errorf("the content is %q, %v", content, err)
	}

	store := must[openai.VectorStore](t)(app.VectorStores.New(ctx, openai.VectorStoreNewParams{
		Name: openai.String("docs"), FileIDs: []string{file.ID}, ExpiresAfter: openai.VectorStoreNewParamsExpiresAfter{Days: 7},
	}))
	if store.UsageBytes != 5 || store.FileCounts.Total != 1 || store.ExpiresAt == 0 {
		t.Errorf("the store has %d files of %d bytes and ends at %d", store.FileCounts.Total, store.UsageBytes, store.ExpiresAt)
	}
	must[openai.VectorStore](t)(app.VectorStores.Get(ctx, store.ID))
	must[pagination.CursorPage[openai.VectorStore]](t)(app.VectorStores.List(ctx, openai.VectorStoreListParams{}))
	must[openai.VectorStoreDeleted](t)(app.VectorStores.Delete(ctx, store.ID))
	must[openai.FileDeleted](t)(app.Files.Delete(ctx, file.ID))
	_, err = app.Files.Get(ctx, file.ID)
	if failure, ok := errors.AsType[*openai.Error](err); !ok || failure.StatusCode != http.StatusNotFound {
		t.Errorf("the deleted file answers %v", err)
	}
}

func (b *backend) webhooks(t *testing.T, app openai.Client) {
	ctx := t.Context()
	app.Webhooks = webhooks.NewWebhookService(append(app.Options, option.WithHTTPClient(&http.Client{Transport: b.checker}))...)
	types := must[webhooks.WebhookEventTypeList](t)(app.Webhooks.EventTypes.List(ctx))
	made := must[webhooks.WebhookEndpointWithSecret](t)(app.Webhooks.New(ctx, webhooks.WebhookNewParams{
		Name: "Orders", URL: "https://example.com/openai", EventTypes: types.Data, // all of them are accepted
	}))
	must[webhooks.WebhookEndpoint](t)(app.Webhooks.Get(ctx, made.ID))
	updated := must[webhooks.WebhookEndpoint](t)(app.Webhooks.Update(ctx, made.ID, webhooks.WebhookUpdateParams{Name: openai.String("Invoices")}))
	if updated.Name != "Invoices" || len(updated.EventTypes) != len(types.Data) {
		t.Errorf("the endpoint is %q with %d event types", updated.Name, len(updated.EventTypes))
	}
	must[pagination.CursorPage[webhooks.WebhookEndpoint]](t)(app.Webhooks.List(ctx, webhooks.WebhookListParams{}))
	rotated := must[webhooks.WebhookEndpointWithSecret](t)(app.Webhooks.RotateSecret(ctx, made.ID, webhooks.WebhookRotateSecretParams{KeepOldSecretActiveFor24Hours: openai.Bool(true)}))
	if rotated.ID != made.ID || rotated.SigningSecret == made.SigningSecret {
		t.Error("the secret was not rotated")
	}
	must[webhooks.WebhookEndpointTestResult](t)(app.Webhooks.Test(ctx, made.ID, webhooks.WebhookTestParams{EventType: webhooks.WebhookTestParamsEventTypeBatchCompleted}))
	must[webhooks.DeletedWebhookEndpoint](t)(app.Webhooks.Delete(ctx, made.ID))
}
