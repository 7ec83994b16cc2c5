package inference

import (
	"encoding/json"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
)

type responseRequest struct {
	Model              string            `json:"model"`
	Input              input             `json:"input"`
	Instructions       *content          `json:"instructions"`
	MaxOutputTokens    *int64            `json:"max_output_tokens"`
	Metadata           map[string]string `json:"metadata"`
	PreviousResponseID *string           `json:"previous_response_id"`
	Background         bool              `json:"background"`
	Stream             bool              `json:"stream"`
	Text               *struct {
		Format *format `json:"format"`
	} `json:"text"`
}

// input is a text, which the user says, or a conversation.
type input []inputItem

type inputItem struct {
	Type    string  `json:"type"`
	Role    string  `json:"role"`
	Content content `json:"content"`
}

// UnmarshalJSON takes either.
func (i *input) UnmarshalJSON(data []byte) error {
	if data[0] != '"' {
		return json.Unmarshal(data, (*[]inputItem)(i))
	}
	*i = input{{Role: "user"}}
	return json.Unmarshal(data, &(*i)[0].Content)
}

type response struct {
	ID                string            `json:"id"`
	Object            string            `json:"object"`
	AccessPrograms    *struct{}         `json:"access_programs"`
	CreatedAt         int64             `json:"created_at"`
	CompletedAt       *int64            `json:"completed_at"`
	Status            string            `json:"status"`
	Background        bool              `json:"background"`
	Error             *struct{}         `json:"error"`
	IncompleteDetails *incomplete       `json:"incomplete_details"`
	Instructions      *content          `json:"instructions"`
	MaxOutputTokens   *int64            `json:"max_output_tokens"`
	Metadata          map[string]string `json:"metadata"`
	Model             string            `json:"model"`
	Output            []outputMessage   `json:"output"`
	ParallelToolCalls bool              `json:"parallel_tool_calls"`
	PreviousID        *string           `json:"previous_response_id"`
	ServiceTier       string            `json:"service_tier"`
	Store             bool              `json:"store"`
	Temperature       float64           `json:"temperature"`
	Text              responseText      `json:"text"`
	ToolChoice        string            `json:"tool_choice"`
	Tools             []struct{}        `json:"tools"`
	TopP              float64           `json:"top_p"`
	Truncation        string            `json:"truncation"`
	Usage             *responseUsage    `json:"usage"`
}

type incomplete struct {
	Reason string `json:"reason"`
}

type responseText struct {
	Format format `json:"format"`
}

type outputMessage struct {
	ID      string       `json:"id"`
	Type    string       `json:"type"`
	Status  string       `json:"status"`
	Role    string       `json:"role"`
	Content []outputText `json:"content"`
}

type outputText struct {
	Type        string     `json:"type"`
	Text        string     `json:"text"`
	Annotations []struct{} `json:"annotations"`
	Logprobs    []struct{} `json:"logprobs"`
}

func newOutputText(text string) outputText {
	return outputText{Type: "output_text", Text: text, Annotations: []struct{}{}, Logprobs: []struct{}{}}
}

type responseUsage struct {
	InputTokens  int64 `json:"input_tokens"`
	InputDetails struct {
		CachedTokens     int64 `json:"cached_tokens"`
		CacheWriteTokens int64 `json:"cache_write_tokens"`
	} `json:"input_tokens_details"`
	OutputTokens  int64 `json:"output_tokens"`
	OutputDetails struct {
		ReasoningTokens int64 `json:"reasoning_tokens"`
	} `json:"output_tokens_details"`
	TotalTokens int64 `json:"total_tokens"`
}

// conversation is the request as the messages that the model reads, whose
// tokens count like those of a chat.
func (q responseRequest) conversation() (chatRequest, error) {
	var c chatRequest
	if q.Instructions != nil {
		c.Messages = append(c.Messages, chatMessage{Role: "system", Content: *q.Instructions})
	}
	for _, item := range q.Input {
		if item.Type != "" && item.Type != "message" {
			return c, api.NotEmulated("Input of the type %q is not emulated.", item.Type)
		}
		c.Messages = append(c.Messages, chatMessage{Role: item.Role, Content: item.Content})
	}
	c.MaxCompletionTokens = q.MaxOutputTokens
	return c, nil
}

func (q responseRequest) check() error {
	switch {
	case len(q.Input) == 0:
		return api.BadRequest("input", "Missing required parameter: 'input'.")
	case q.PreviousResponseID != nil:
		return api.NotEmulated("Responses are not kept, so 'previous_response_id' is not emulated.")
	case q.Background:
		return api.NotEmulated("Responses in the background are not emulated.")
	}
	if err := atLeast("max_output_tokens", q.MaxOutputTokens); err != nil || q.Text == nil {
		return err
	}
	return q.Text.Format.check()
}

func (s server) respond(r *api.Request) (any, error) {
	var body responseRequest
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	price, err := s.Model(r, body.Model, metering.Text)
	if err != nil {
		return nil, err
	}
	if err := body.check(); err != nil {
		return nil, err
	}
	conversation, err := body.conversation()
	if err != nil {
		return nil, err
	}
	if err := conversation.check(); err != nil {
		return nil, err
	}
	input, err := conversation.tokens(price)
	if err != nil {
		return nil, err
	}
	text, output, err := generate(price, conversation.question(), body.MaxOutputTokens)
	if err != nil {
		return nil, err
	}
	if err := s.Charge(r, price, metering.Call{Kind: textUsage, Model: body.Model, Input: input, Output: output}); err != nil {
		return nil, err
	}
	reply := response{
		Object: "response", CreatedAt: r.Now(), Status: "in_progress", Instructions: body.Instructions, MaxOutputTokens: body.MaxOutputTokens,
		Metadata: body.Metadata, Model: body.Model, Output: []outputMessage{}, ParallelToolCalls: true, ServiceTier: "default", Temperature: 1,
		Text: responseText{format{"text"}}, ToolChoice: "auto", Tools: []struct{}{}, TopP: 1, Truncation: "disabled",
	}
	if reply.Metadata == nil {
		reply.Metadata = map[string]string{}
	}
	if err := newID(r.Tx, "resp_", &reply.ID); err != nil {
		return nil, err
	}
	message := outputMessage{Type: "message", Status: "in_progress", Role: "assistant", Content: []outputText{}}
	if err := newID(r.Tx, "msg_", &message.ID); err != nil {
		return nil, err
	}
	usage := responseUsage{InputTokens: input, OutputTokens: output, TotalTokens: input + output}
	done := reply.finish(r, message, text, usage)
	if body.Stream {
		return reply.stream(done, text), nil
	}
	return done, nil
}

// finish is the response with its answer.
func (p response) finish(r *api.Request, message outputMessage, text generated, usage responseUsage) response {
	now := r.Now()
	p.Status = "completed"
	if text.cut {
		p.Status, p.IncompleteDetails = "incomplete", &incomplete{"max_output_tokens"}
	} else {
		p.CompletedAt = &now
	}
	message.Status, message.Content = p.Status, []outputText{newOutputText(text.text())}
	p.Output, p.Usage = []outputMessage{message}, &usage
	return p
}

// responseEvent is any event of a streamed response.
type responseEvent struct {
	Type           string         `json:"type"`
	SequenceNumber int            `json:"sequence_number"`
	Response       *response      `json:"response,omitempty"`
	OutputIndex    *int           `json:"output_index,omitempty"`
	ContentIndex   *int           `json:"content_index,omitempty"`
	ItemID         string         `json:"item_id,omitempty"`
	Item           *outputMessage `json:"item,omitempty"`
	Part           *outputText    `json:"part,omitempty"`
	Delta          *string        `json:"delta,omitempty"`
	Text           *string        `json:"text,omitempty"`
	Logprobs       *[]struct{}    `json:"logprobs,omitempty"`
}

// stream sends the way from the response that has begun to the one that is
// done.
func (p response) stream(done response, text generated) *api.Stream {
	stream := &api.Stream{}
	send := func(kind string, event responseEvent) {
		event.Type, event.SequenceNumber = kind, len(stream.Events)
		stream.Events = append(stream.Events, api.Event{Name: kind, Data: event})
	}
	first, whole := 0, done.Output[0]
	begun, empty, full := whole, newOutputText(""), whole.Content[0]
	begun.Status, begun.Content = "in_progress", []outputText{}
	noLogprobs := []struct{}{}

	send("response.created", responseEvent{Response: &p})
	send("response.in_progress", responseEvent{Response: &p})
	send("response.output_item.added", responseEvent{OutputIndex: &first, Item: &begun})
	part := responseEvent{ItemID: whole.ID, OutputIndex: &first, ContentIndex: &first}
	added, finished, ended := part, part, part
	added.Part = &empty
	send("response.content_part.added", added)
	for _, piece := range text.pieces {
		delta := part
		delta.Delta, delta.Logprobs = &piece, &noLogprobs
		send("response.output_text.delta", delta)
	}
	finished.Text, finished.Logprobs = &full.Text, &noLogprobs
	send("response.output_text.done", finished)
	ended.Part = &full
	send("response.content_part.done", ended)
	send("response.output_item.done", responseEvent{OutputIndex: &first, Item: &whole})
	send("response."+done.Status, responseEvent{Response: &done})
	return stream
}
