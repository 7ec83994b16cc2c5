package emulator

import (
	"encoding/json"
	"net/http"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// reply is an answer that is ready to leave.
type reply struct {
	status int
	body   body
}

// body is JSON, a stream or a file.
type body interface {
	ContentType() string
	Send(w http.ResponseWriter)
}

func (a reply) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.body.ContentType())
	w.WriteHeader(a.status)
	// A client that has closed the connection needs no answer.
	a.body.Send(w)
}

func newReply(result any) reply {
	if ready, ok := result.(body); ok {
		return reply{http.StatusOK, ready}
	}
	status := http.StatusOK
	if failure, ok := result.(*api.Error); ok {
		status = failure.Status
		if failure.Bare {
			result = bareError{Code: status, Message: failure.Message}
		} else {
			result = errorEnvelope{errorFields{Message: failure.Message, Type: failure.Type, Param: orNull(failure.Param), Code: orNull(failure.Code)}}
		}
	}
	encoded, err := json.Marshal(result)
	if err != nil {
		panic(err) // our own types always encode
	}
	return reply{status, &api.Content{Type: "application/json", Data: append(encoded, '\n')}}
}

// errorEnvelope is how errors are sent.
type errorEnvelope struct {
	Error errorFields `json:"error"`
}

type errorFields struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

// bareError is how a few endpoints send errors.
type bareError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
