package inference

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// content is text, or a list of parts that are text.
type content string

// part is a part of a message.
type part struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// UnmarshalJSON joins the parts.
func (c *content) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if data[0] == '"' {
		return json.Unmarshal(data, (*string)(c))
	}
	var parts []part
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		switch p.Type {
		case "text", "input_text", "output_text", "refusal":
			texts[i] = p.Text
		default:
			return api.NotEmulated("Content of the type %q is not emulated.", p.Type)
		}
	}
	*c = content(strings.Join(texts, "\n"))
	return nil
}

// oneOrMore is a value or a list of them.
type oneOrMore[T any] []T

// UnmarshalJSON takes either.
func (o *oneOrMore[T]) UnmarshalJSON(data []byte) error {
	var list []T
	if err := json.Unmarshal(data, &list); err == nil {
		*o = list
		return nil
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*o = []T{one}
	return nil
}

// readable joins tokens until each piece is whole characters, as a token may
// end in the middle of one. The rest at the end is dropped.
func readable(tokens []string) []string {
	var pieces []string
	open := ""
	for _, token := range tokens {
		open += token
		if utf8.ValidString(open) {
			pieces = append(pieces, open)
			open = ""
		}
	}
	return pieces
}

// format is how a text is asked for.
type format struct {
	Type string `json:"type"`
}

func (f *format) check() error {
	if f == nil || f.Type == "" || f.Type == "text" {
		return nil
	}
	return api.NotEmulated("Output of the format %q is not emulated.", f.Type)
}

// atLeast refuses limits that leave no room.
func atLeast(name string, value *int64) error {
	if value != nil && *value < 1 {
		return api.BadRequest(name, "Invalid '%s': integer below minimum value. Expected a value >= 1, but got %d instead.", name, *value)
	}
	return nil
}
