// Package webhook serves the webhook endpoints of projects. A key sees those of
// its own project; those of others do not exist for it. No event is delivered.
package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

const (
	readScope  = "api.webhooks.read"
	writeScope = "api.webhooks.write"
)

// Routes registers the endpoints of webhook endpoints.
func Routes(router api.Router) {
	const endpoints = "/webhook_endpoints"
	router.Call("GET "+endpoints, readScope, list)
	router.Call("POST "+endpoints, writeScope, create)
	router.Call("GET "+endpoints+"/{webhook_endpoint_id}", readScope, get)
	router.Call("POST "+endpoints+"/{webhook_endpoint_id}", writeScope, update)
	router.Call("DELETE "+endpoints+"/{webhook_endpoint_id}", writeScope, remove)
	router.Call("POST "+endpoints+"/{webhook_endpoint_id}/rotate_secret", writeScope, rotateSecret)
	router.Call("POST "+endpoints+"/{webhook_endpoint_id}/test", writeScope, test)
	router.Call("GET /webhook_event_types", readScope, listEventTypes)
	router.Control("POST /webhook_secrets/use", useSecret)
}

// eventTypes are the events that endpoints can receive, in the order of the
// API's documentation.
var eventTypes = []string{
	"batch.completed", "batch.failed", "batch.expired", "batch.cancelled",
	"response.completed", "response.failed", "response.cancelled", "response.incomplete",
	"eval.run.succeeded", "eval.run.failed", "eval.run.canceled",
	"fine_tuning.job.succeeded", "fine_tuning.job.failed", "fine_tuning.job.cancelled",
	"realtime.call.incoming", "video.completed", "video.failed",
	"agent.environment.ready", "agent.environment.failed", "agent.environment.suspended", "agent.environment.expired",
	"agent.session.created", "agent.session.action_required", "agent.session.in_progress", "agent.session.idle", "agent.session.failed",
	"safety.alert.created",
}

const (
	maxName = 256
	maxURL  = 2048
	// overlap is how long a replaced secret can stay valid, in seconds.
	overlap = 24 * 60 * 60
	// secretPrefix begins every signing secret.
	secretPrefix = "whsec_"
)

// endpoint is a webhook endpoint of a project.
type endpoint struct {
	ID, Name, URL        string
	EventTypes           []string
	CreatedAt, UpdatedAt int64
	SecretHash, Hint     string
	// PreviousHash is the secret before the last rotation, which is valid until
	// PreviousUntil; empty without an overlap.
	PreviousHash  string
	PreviousUntil int64
}

// endpoints belong to their project.
var endpoints = store.Collection[endpoint]{Name: "webhook_endpoints"}

type endpointReply struct {
	ID                string   `json:"id"`
	Object            string   `json:"object"`
	Name              string   `json:"name"`
	URL               string   `json:"url"`
	EventTypes        []string `json:"event_types"`
	CreatedAt         int64    `json:"created_at"`
	UpdatedAt         int64    `json:"updated_at"`
	SigningSecretHint string   `json:"signing_secret_hint"`
	// SigningSecret is only in the answers that make a secret.
	SigningSecret string `json:"signing_secret,omitempty"`
}

func newReply(e endpoint, secret string) endpointReply {
	return endpointReply{
		ID: e.ID, Object: "webhook_endpoint", Name: e.Name, URL: e.URL, EventTypes: e.EventTypes, CreatedAt: e.CreatedAt, UpdatedAt: e.UpdatedAt,
		SigningSecretHint: e.Hint, SigningSecret: secret,
	}
}

// newSecret gives the endpoint another secret.
func (e *endpoint) newSecret() (secret string) {
	noise := make([]byte, 32)
	_, _ = rand.Read(noise) // it never fails
	secret = secretPrefix + base64.StdEncoding.EncodeToString(noise)
	e.SecretHash, e.Hint = store.Hash(secret), store.Redact(secret, secretPrefix)
	return secret
}

func pathEndpoint(r *api.Request) (endpoint, error) {
	id := r.PathValue("webhook_endpoint_id")
	e, err := endpoints.Get(r.Tx, r.Key.ProjectID, id)
	return e, api.Or(err, api.NotFound("webhook endpoint", id))
}

func save(r *api.Request, e endpoint) error { return endpoints.Put(r.Tx, r.Key.ProjectID, e.ID, e) }

func list(r *api.Request) (any, error) {
	all, err := endpoints.List(r.Tx, r.Key.ProjectID)
	if err != nil {
		return nil, err
	}
	slices.Reverse(all) // the newest first; the list has no order parameter
	replies := make([]endpointReply, len(all))
	for i, e := range all {
		replies[i] = newReply(e, "")
	}
	return api.Paginate(r, replies, func(e endpointReply) string { return e.ID }, api.Usual, api.Unordered)
}

func get(r *api.Request) (any, error) {
	e, err := pathEndpoint(r)
	return newReply(e, ""), err
}

// settings are what a request asks for. A field that is absent or null stays as
// it is.
type settings struct {
	Name       *string  `json:"name"`
	URL        *string  `json:"url"`
	EventTypes []string `json:"event_types"`
}

// apply changes the endpoint to the settings, if they are valid.
func (s settings) apply(e *endpoint) error {
	if s.Name != nil {
		e.Name = *s.Name
	}
	if s.URL != nil {
		e.URL = *s.URL
	}
	if s.EventTypes != nil {
		e.EventTypes = s.EventTypes
	}
	switch n := utf8.RuneCountInString(e.Name); {
	case n == 0:
		return api.BadRequest("name", "Missing required parameter: 'name'.")
	case n > maxName:
		return api.BadRequest("name", "'name' must have at most %d characters, got %d.", maxName, n)
	case e.URL == "":
		return api.BadRequest("url", "Missing required parameter: 'url'.")
	case len(e.URL) > maxURL:
		return api.BadRequest("url", "'url' must have at most %d characters, got %d.", maxURL, len(e.URL))
	case !isHTTPS(e.URL):
		return api.BadRequest("url", "'url' must be an HTTPS URL.")
	case len(e.EventTypes) == 0:
		return api.BadRequest("event_types", "'event_types' must have at least one event type.")
	}
	for i, kind := range e.EventTypes {
		if err := checkEventType("event_types", kind); err != nil {
			return err
		}
		if slices.Contains(e.EventTypes[:i], kind) {
			return api.BadRequest("event_types", "'event_types' has %q more than once.", kind)
		}
	}
	return nil
}

func isHTTPS(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != ""
}

func checkEventType(param, kind string) error {
	if !slices.Contains(eventTypes, kind) {
		return api.BadRequest(param, "Invalid value: '%s'. Supported values are: '%s'.", kind, strings.Join(eventTypes, "', '"))
	}
	return nil
}

func create(r *api.Request) (any, error) {
	var asked settings
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	e := endpoint{CreatedAt: r.Now(), UpdatedAt: r.Now()}
	if err := asked.apply(&e); err != nil {
		return nil, err
	}
	var err error
	if e.ID, err = r.Tx.NewID("whe_"); err != nil {
		return nil, err
	}
	secret := e.newSecret()
	return newReply(e, secret), save(r, e)
}

// update changes what the request names. Without a change the time of the last
// update stays.
func update(r *api.Request) (any, error) {
	e, err := pathEndpoint(r)
	if err != nil {
		return nil, err
	}
	var asked settings
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	changed := e
	if err := asked.apply(&changed); err != nil {
		return nil, err
	}
	if changed.Name != e.Name || changed.URL != e.URL || !sameEventTypes(changed.EventTypes, e.EventTypes) {
		changed.UpdatedAt = r.Now()
	}
	return newReply(changed, ""), save(r, changed)
}

// sameEventTypes compares sets.
func sameEventTypes(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func remove(r *api.Request) (any, error) {
	e, err := pathEndpoint(r)
	if err != nil {
		return nil, err
	}
	return api.Deleted{ID: e.ID, Object: "webhook_endpoint.deleted", Deleted: true}, endpoints.Remove(r.Tx, r.Key.ProjectID, e.ID)
}

func rotateSecret(r *api.Request) (any, error) {
	e, err := pathEndpoint(r)
	if err != nil {
		return nil, err
	}
	var asked struct {
		Keep bool `json:"keep_old_secret_active_for_24_hours"`
	}
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	e.PreviousHash, e.PreviousUntil = "", 0
	if asked.Keep {
		e.PreviousHash, e.PreviousUntil = e.SecretHash, r.Now()+overlap
	}
	secret := e.newSecret()
	e.UpdatedAt = r.Now()
	return newReply(e, secret), save(r, e)
}

type testReply struct {
	Object            string `json:"object"`
	WebhookEndpointID string `json:"webhook_endpoint_id"`
	EventType         string `json:"event_type"`
	Success           bool   `json:"success"`
	StatusCode        int    `json:"status_code"`
}

// test answers as if the endpoint had accepted a sample event.
func test(r *api.Request) (any, error) {
	e, err := pathEndpoint(r)
	if err != nil {
		return nil, err
	}
	var asked struct {
		EventType string `json:"event_type"`
	}
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	if err := checkEventType("event_type", asked.EventType); err != nil {
		return nil, err
	}
	return testReply{Object: "webhook_endpoint.test", WebhookEndpointID: e.ID, EventType: asked.EventType, Success: true, StatusCode: http.StatusOK}, nil
}

type eventTypesReply struct {
	Object string   `json:"object"`
	Data   []string `json:"data"`
}

func listEventTypes(*api.Request) (any, error) {
	return eventTypesReply{Object: "list", Data: eventTypes}, nil
}

type secretReply struct {
	Object            string `json:"object"`
	WebhookEndpointID string `json:"webhook_endpoint_id"`
}

// useSecret finds the endpoint whose deliveries a signing secret verifies now.
func useSecret(r *api.Request) (any, error) {
	var asked struct {
		Secret string `json:"secret"`
	}
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	projects, err := r.Tx.Projects(true)
	if err != nil {
		return nil, err
	}
	hash := store.Hash(asked.Secret)
	for _, project := range projects {
		all, err := endpoints.List(r.Tx, project.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range all {
			if e.SecretHash == hash || e.PreviousHash == hash && r.Now() < e.PreviousUntil {
				return secretReply{Object: "emulator.webhook_secret", WebhookEndpointID: e.ID}, nil
			}
		}
	}
	return nil, api.Unauthorized("", "No webhook endpoint has this signing secret.")
}
