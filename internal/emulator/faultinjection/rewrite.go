package faultinjection

import "encoding/json"

// rewrite spoils the fields of an answer. A list stays a list, of spoiled items.
func rewrite(body []byte, kind Kind) []byte {
	if kind == NullBody {
		return []byte("null")
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		return body
	}
	spoiled, err := json.Marshal(spoil(object, kind))
	if err != nil {
		return body
	}
	return spoiled
}

func spoil(object map[string]json.RawMessage, kind Kind) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	for name, value := range object {
		switch kind {
		case MissingFields:
		case NullFields:
			out[name] = json.RawMessage("null")
		case WrongTypes:
			out[name] = otherType(value)
		default:
			out[name] = value
		}
	}
	return out
}

func otherType(value json.RawMessage) json.RawMessage {
	switch value[0] {
	case '"':
		return json.RawMessage("17")
	case '{', '[':
		return json.RawMessage(`"something else"`)
	default:
		return json.RawMessage(`"a text"`)
	}
}
