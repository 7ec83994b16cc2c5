// Package ratelimit serves the rate limits of projects.
package ratelimit

import (
	"net/http"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of rate limits.
func Routes(router api.Router) {
	router.Handle("GET /organization/projects/{project_id}/rate_limits", listRates)
	router.Handle("POST /organization/projects/{project_id}/rate_limits/{rate_limit_id}", updateRate)
}

type rateReply struct {
	ID                      string `json:"id"`
	Object                  string `json:"object"`
	Model                   string `json:"model"`
	RequestsPerMinute       int64  `json:"max_requests_per_1_minute"`
	TokensPerMinute         int64  `json:"max_tokens_per_1_minute"`
	ImagesPerMinute         *int64 `json:"max_images_per_1_minute,omitempty"`
	AudioMegabytesPerMinute *int64 `json:"max_audio_megabytes_per_1_minute,omitempty"`
	RequestsPerDay          *int64 `json:"max_requests_per_1_day,omitempty"`
	BatchInputTokensPerDay  *int64 `json:"batch_1_day_max_input_tokens,omitempty"`
}

const rateIDPrefix = "rl-"

func newRateReply(l store.RateLimit) rateReply {
	return rateReply{
		ID: rateIDPrefix + l.Model, Object: "project.rate_limit", Model: l.Model,
		RequestsPerMinute: l.RequestsPerMinute, TokensPerMinute: l.TokensPerMinute, ImagesPerMinute: l.ImagesPerMinute,
		AudioMegabytesPerMinute: l.AudioMegabytesPerMinute, RequestsPerDay: l.RequestsPerDay, BatchInputTokensPerDay: l.BatchInputTokensPerDay,
	}
}

// rateProject is AnyProject with the answer that these endpoints give, which
// has no envelope.
func rateProject(r *api.Request) (store.Project, error) {
	id := r.PathValue("project_id")
	project, err := r.Tx.Project(id)
	return project, api.Or(err, &api.Error{Status: http.StatusNotFound, Bare: true, Message: "The project " + id + " was not found"})
}

func listRates(r *api.Request) (any, error) {
	project, err := rateProject(r)
	if err != nil {
		return nil, err
	}
	limits, err := r.Tx.RateLimits(project.ID)
	if err != nil {
		return nil, err
	}
	replies := make([]rateReply, len(limits))
	for i, l := range limits {
		replies[i] = newRateReply(l)
	}
	return api.Paginate(r, replies, func(l rateReply) string { return l.ID }, api.Limits{Min: 1, Max: 1000, Default: 100}, api.Unordered)
}

// rateChange has the values of a request and of its event in the audit log.
type rateChange struct {
	RequestsPerMinute       *int64 `json:"max_requests_per_1_minute,omitempty"`
	TokensPerMinute         *int64 `json:"max_tokens_per_1_minute,omitempty"`
	ImagesPerMinute         *int64 `json:"max_images_per_1_minute,omitempty"`
	AudioMegabytesPerMinute *int64 `json:"max_audio_megabytes_per_1_minute,omitempty"`
	RequestsPerDay          *int64 `json:"max_requests_per_1_day,omitempty"`
	BatchInputTokensPerDay  *int64 `json:"batch_1_day_max_input_tokens,omitempty"`
}

func updateRate(r *api.Request) (any, error) {
	var body rateChange
	project, err := rateProject(r)
	if err != nil {
		return nil, err
	}
	if project.ArchivedAt != nil {
		return nil, api.ProjectArchived(project.ID)
	}
	id := r.PathValue("rate_limit_id")
	model, _ := strings.CutPrefix(id, rateIDPrefix)
	most, err := r.Tx.ModelLimit(model)
	if err != nil {
		return nil, api.Or(err, &api.Error{Status: http.StatusNotFound, Bare: true, Message: "The rate limit " + id + " was not found"})
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	limits, err := r.Tx.RateLimits(project.ID)
	if err != nil {
		return nil, err
	}
	var now store.RateLimit
	for _, l := range limits {
		if l.Model == model {
			now = l
		}
	}
	for _, change := range []struct {
		name  string
		value *int64
		most  *int64
		set   func(int64)
	}{
		{"max_requests_per_1_minute", body.RequestsPerMinute, &most.RequestsPerMinute, func(v int64) { now.RequestsPerMinute = v }},
		{"max_tokens_per_1_minute", body.TokensPerMinute, &most.TokensPerMinute, func(v int64) { now.TokensPerMinute = v }},
		{"max_images_per_1_minute", body.ImagesPerMinute, most.ImagesPerMinute, func(v int64) { now.ImagesPerMinute = &v }},
		{"max_audio_megabytes_per_1_minute", body.AudioMegabytesPerMinute, most.AudioMegabytesPerMinute, func(v int64) { now.AudioMegabytesPerMinute = &v }},
		{"max_requests_per_1_day", body.RequestsPerDay, most.RequestsPerDay, func(v int64) { now.RequestsPerDay = &v }},
		{"batch_1_day_max_input_tokens", body.BatchInputTokensPerDay, most.BatchInputTokensPerDay, func(v int64) { now.BatchInputTokensPerDay = &v }},
	} {
		switch {
		case change.value == nil:
		case change.most == nil:
			// Assumption A-27, as is the next one.
			return nil, api.BadRequest(change.name, "'%s' does not apply to model %s.", change.name, model)
		case *change.value < 0 || *change.value > *change.most:
			return nil, api.BadRequest(change.name, "'%s' must be between 0 and the organization's limit of %d.", change.name, *change.most)
		default:
			change.set(*change.value)
		}
	}
	if err := r.Tx.PutRateLimit(project.ID, now); err != nil {
		return nil, err
	}
	return newRateReply(now), r.Log("rate_limit.updated", api.Change{ID: id, Requested: body})
}
