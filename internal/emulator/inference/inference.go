// Package inference serves the models, which applications call with the keys of
// projects. Answers are made up, and the same each time; tokens are counted by
// the real vocabularies.
package inference

import (
	"errors"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of models. Their calls go through the meter.
func Routes(router api.Router, m *metering.Meter) {
	router.Call("GET /models", "api.model.read", list)
	router.Call("GET /models/{model}", "api.model.read", get)
	for route, endpoint := range map[string]struct {
		scope string
		serve func(server, *api.Request) (any, error)
	}{
		"POST /chat/completions":   {api.ScopeRequest, server.complete},
		"POST /responses":          {"api.responses.write", server.respond},
		"POST /embeddings":         {api.ScopeRequest, server.embed},
		"POST /images/generations": {api.ScopeRequest, server.draw},
		"POST /moderations":        {api.ScopeRequest, server.moderate},
	} {
		router.Call(route, endpoint.scope, func(r *api.Request) (any, error) { return endpoint.serve(server{m}, r) })
	}
}

// server serves the metered calls.
type server struct{ *metering.Meter }

type modelReply struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Created int64  `json:"created"`
	OwnedBy string `json:"owned_by"`
}

// created is when all models were made.
const created = 1_700_000_000

func newReply(name string) modelReply {
	return modelReply{ID: name, Object: "model", Created: created, OwnedBy: "system"}
}

func list(r *api.Request) (any, error) {
	limits, err := r.Tx.RateLimits(r.Key.ProjectID)
	if err != nil {
		return nil, err
	}
	reply := struct {
		Object string       `json:"object"`
		Data   []modelReply `json:"data"`
	}{"list", []modelReply{}}
	for _, l := range limits {
		err := metering.Visible(r, l.Model)
		if _, refused := errors.AsType[*api.Error](err); refused {
			continue
		}
		if err != nil {
			return nil, err
		}
		reply.Data = append(reply.Data, newReply(l.Model))
	}
	return reply, nil
}

func get(r *api.Request) (any, error) {
	name := r.PathValue("model")
	return newReply(name), metering.Visible(r, name)
}

// textUsage is the kind of usage of calls that generate text.
const textUsage = "completions"

// generated is text that a model has made.
type generated struct {
	pieces []string
	// cut says that the text ended because of the caller's limit.
	cut bool
}

func (g generated) text() string {
	var text []byte
	for _, piece := range g.pieces {
		text = append(text, piece...)
	}
	return string(text)
}

// generate answers a text, in at most this many tokens; nil is no limit. The
// answer repeats the prompt, so that the caller decides its length.
func generate(price metering.Price, prompt string, most *int64) (g generated, tokens int64, err error) {
	all, err := price.Tokens("This is the emulator's answer to: " + prompt)
	if err != nil {
		return g, 0, err
	}
	if most != nil && *most < int64(len(all)) {
		all, g.cut = all[:*most], true
	}
	g.pieces = readable(all)
	return g, int64(len(all)), nil
}

func newID(tx *store.Tx, prefix string, into *string) (err error) {
	*into, err = tx.NewID(prefix)
	return err
}
