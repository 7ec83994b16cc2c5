package inference

import (
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
)

type chatRequest struct {
	Model               string        `json:"model"`
	Messages            []chatMessage `json:"messages"`
	N                   *int64        `json:"n"`
	MaxTokens           *int64        `json:"max_tokens"`
	MaxCompletionTokens *int64        `json:"max_completion_tokens"`
	ResponseFormat      *format       `json:"response_format"`
	Stream              bool          `json:"stream"`
	StreamOptions       *struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

type chatMessage struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
	Name    string  `json:"name"`
}

type chatReply struct {
	ID                string       `json:"id"`
	Object            string       `json:"object"`
	Created           int64        `json:"created"`
	Model             string       `json:"model"`
	Choices           []chatChoice `json:"choices"`
	Usage             *chatUsage   `json:"usage,omitempty"`
	ServiceTier       string       `json:"service_tier"`
	SystemFingerprint string       `json:"system_fingerprint"`
}

type chatChoice struct {
	Index        int           `json:"index"`
	Message      *chatAnswer   `json:"message,omitempty"`
	Delta        *chatFragment `json:"delta,omitempty"`
	Logprobs     *struct{}     `json:"logprobs"`
	FinishReason *string       `json:"finish_reason"`
}

type chatAnswer struct {
	Role        string     `json:"role"`
	Content     string     `json:"content"`
	Refusal     *string    `json:"refusal"`
	Annotations []struct{} `json:"annotations"`
}

type chatFragment struct {
	Role    string  `json:"role,omitempty"`
	Content *string `json:"content,omitempty"`
}

type chatUsage struct {
	PromptTokens      int64         `json:"prompt_tokens"`
	CompletionTokens  int64         `json:"completion_tokens"`
	TotalTokens       int64         `json:"total_tokens"`
	PromptDetails     promptDetails `json:"prompt_tokens_details"`
	CompletionDetails outputDetails `json:"completion_tokens_details"`
}

type promptDetails struct {
	CachedTokens int64 `json:"cached_tokens"`
	AudioTokens  int64 `json:"audio_tokens"`
}

type outputDetails struct {
	ReasoningTokens          int64 `json:"reasoning_tokens"`
	AudioTokens              int64 `json:"audio_tokens"`
	AcceptedPredictionTokens int64 `json:"accepted_prediction_tokens"`
	RejectedPredictionTokens int64 `json:"rejected_prediction_tokens"`
}

// Tokens of the frame of a conversation: each message, a name in it, and the
// beginning of the answer.
const (
	messageTokens = 3
	nameTokens    = 1
	answerTokens  = 3
)

func (c chatRequest) tokens(price metering.Price) (total int64, err error) {
	total = answerTokens
	for _, m := range c.Messages {
		total += messageTokens
		if m.Name != "" {
			total += nameTokens
		}
		for _, text := range []string{m.Role, string(m.Content), m.Name} {
			n, err := price.Count(text)
			if err != nil {
				return 0, err
			}
			total += n
		}
	}
	return total, nil
}

var chatRoles = []string{"developer", "system", "user", "assistant", "tool", "function"}

func (c chatRequest) check() error {
	if len(c.Messages) == 0 {
		return api.BadRequest("messages", "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.")
	}
	for _, m := range c.Messages {
		if !slices.Contains(chatRoles, m.Role) {
			return api.BadRequest("messages", "Invalid value: '%s'. Supported values are: '%s'.", m.Role, strings.Join(chatRoles, "', '"))
		}
	}
	if c.N != nil && (*c.N < 1 || *c.N > 128) {
		return api.BadRequest("n", "Invalid 'n': expected a value between 1 and 128, but got %d instead.", *c.N)
	}
	if err := atLeast("max_completion_tokens", c.most()); err != nil {
		return err
	}
	return c.ResponseFormat.check()
}

// most is how long the answer may be.
func (c chatRequest) most() *int64 {
	if c.MaxCompletionTokens != nil {
		return c.MaxCompletionTokens
	}
	return c.MaxTokens
}

func (c chatRequest) question() string {
	for _, m := range slices.Backward(c.Messages) {
		if m.Role == "user" {
			return string(m.Content)
		}
	}
	return ""
}

func (s server) complete(r *api.Request) (any, error) {
	var body chatRequest
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
	input, err := body.tokens(price)
	if err != nil {
		return nil, err
	}
	text, output, err := generate(price, body.question(), body.most())
	if err != nil {
		return nil, err
	}
	choices := 1
	if body.N != nil {
		choices = int(*body.N)
	}
	output *= int64(choices)
	if err := s.Charge(r, price, metering.Call{Kind: textUsage, Model: body.Model, Input: input, Output: output}); err != nil {
		return nil, err
	}
	reply := chatReply{
		Object: "chat.completion", Created: r.Now(), Model: body.Model, ServiceTier: "default", SystemFingerprint: "fp_emulator",
		Usage: &chatUsage{PromptTokens: input, CompletionTokens: output, TotalTokens: input + output},
	}
	if err := newID(r.Tx, "chatcmpl-", &reply.ID); err != nil {
		return nil, err
	}
	if body.Stream {
		return reply.stream(text, choices, body.StreamOptions != nil && body.StreamOptions.IncludeUsage), nil
	}
	for i := range choices {
		reply.Choices = append(reply.Choices, chatChoice{
			Index: i, Message: &chatAnswer{Role: "assistant", Content: text.text(), Annotations: []struct{}{}}, FinishReason: text.finish(),
		})
	}
	return reply, nil
}

func (g generated) finish() *string {
	reason := "stop"
	if g.cut {
		reason = "length"
	}
	return &reason
}

// stream sends the same answer in chunks, one for each token.
func (c chatReply) stream(text generated, choices int, withUsage bool) *api.Stream {
	usage := c.Usage
	c.Object, c.Usage = "chat.completion.chunk", nil
	stream := &api.Stream{Done: "[DONE]"}
	send := func(choice chatChoice) {
		chunk := c
		chunk.Choices = []chatChoice{choice}
		stream.Events = append(stream.Events, api.Event{Data: chunk})
	}
	nothing := ""
	for i := range choices {
		send(chatChoice{Index: i, Delta: &chatFragment{Role: "assistant", Content: &nothing}})
		for _, piece := range text.pieces {
			send(chatChoice{Index: i, Delta: &chatFragment{Content: &piece}})
		}
		send(chatChoice{Index: i, Delta: &chatFragment{}, FinishReason: text.finish()})
	}
	if withUsage {
		c.Choices, c.Usage = []chatChoice{}, usage
		stream.Events = append(stream.Events, api.Event{Data: c})
	}
	return stream
}
