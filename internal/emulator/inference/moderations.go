package inference

import (
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
)

type moderationReply struct {
	ID      string       `json:"id"`
	Model   string       `json:"model"`
	Results []moderation `json:"results"`
}

type moderation struct {
	Flagged    bool                `json:"flagged"`
	Categories map[string]bool     `json:"categories"`
	Scores     map[string]float64  `json:"category_scores"`
	Applied    map[string][]string `json:"category_applied_input_types"`
}

var categories = []string{
	"harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
	"self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", "violence", "violence/graphic",
}

const defaultModerationModel = "omni-moderation-latest"

func (s server) moderate(r *api.Request) (any, error) {
	var body struct {
		Model string          `json:"model"`
		Input moderationInput `json:"input"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if body.Model == "" {
		body.Model = defaultModerationModel
	}
	price, err := s.Model(r, body.Model, metering.Moderation)
	if err != nil {
		return nil, err
	}
	if len(body.Input) == 0 {
		return nil, api.BadRequest("input", "Missing required parameter: 'input'.")
	}
	reply := moderationReply{Model: body.Model}
	if err := newID(r.Tx, "modr-", &reply.ID); err != nil {
		return nil, err
	}
	var total int64
	for _, text := range body.Input {
		n, err := price.Count(text)
		if err != nil {
			return nil, err
		}
		total += n
		reply.Results = append(reply.Results, moderate(text))
	}
	return reply, s.Charge(r, price, metering.Call{Kind: "moderations", Model: body.Model, Input: total})
}

// moderationInput is a text, a list of texts, or one text in parts.
type moderationInput []string

// UnmarshalJSON takes any of them.
func (i *moderationInput) UnmarshalJSON(data []byte) error {
	if err := (*oneOrMore[string])(i).UnmarshalJSON(data); err == nil {
		return nil
	}
	var whole content
	if err := whole.UnmarshalJSON(data); err != nil {
		return err
	}
	*i = moderationInput{string(whole)}
	return nil
}

// moderate flags a text that names a category, so that both outcomes can be had.
func moderate(text string) moderation {
	m := moderation{Categories: map[string]bool{}, Scores: map[string]float64{}, Applied: map[string][]string{}}
	for _, category := range categories {
		flagged := strings.Contains(strings.ToLower(text), category)
		m.Flagged = m.Flagged || flagged
		m.Categories[category], m.Scores[category], m.Applied[category] = flagged, 0.01, []string{"text"}
		if flagged {
			m.Scores[category] = 0.99
		}
	}
	return m
}
