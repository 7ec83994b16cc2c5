package adminapi

import (
	"context"
	"slices"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/respjson"
	"github.com/openai/openai-go/v3/webhooks"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	webhookEndpointsPath = "/webhook_endpoints"
	webhookEndpointPath  = webhookEndpointsPath + "/{webhook_endpoint_id}"
)

// WebhookEventTypes are the types of events that this version knows.
var WebhookEventTypes = []string{
	"agent.environment.expired", "agent.environment.failed", "agent.environment.ready", "agent.environment.suspended",
	"agent.session.action_required", "agent.session.created", "agent.session.failed", "agent.session.idle", "agent.session.in_progress",
	"batch.cancelled", "batch.completed", "batch.expired", "batch.failed",
	"eval.run.canceled", "eval.run.failed", "eval.run.succeeded",
	"fine_tuning.job.cancelled", "fine_tuning.job.failed", "fine_tuning.job.succeeded",
	"realtime.call.incoming",
	"response.cancelled", "response.completed", "response.failed", "response.incomplete",
	"safety.alert.created",
	"video.completed", "video.failed",
}

// WebhookEndpoint is a webhook endpoint of a project, without its signing secret.
type WebhookEndpoint struct {
	ID, Object, Name, URL string
	EventTypes            []string
	// SecretHint is a part of the signing secret, which changes with it.
	SecretHint string
	// CreatedAt and UpdatedAt are in Unix seconds. UpdatedAt is nil where the API
	// does not return it.
	CreatedAt int64
	UpdatedAt *int64
}

// NewWebhookSecret is an endpoint with a signing secret that the API shows once.
type NewWebhookSecret struct {
	WebhookEndpoint
	Secret transport.Secret
}

// newWebhookEndpoint makes an endpoint out of the fields of both types of the
// SDK.
func newWebhookEndpoint(e WebhookEndpoint, id, url, eventTypes, createdAt, updatedAt respjson.Field, updated int64) (*WebhookEndpoint, error) {
	if !isText(id) || !validID(e.ID) || !isText(url) || !eventTypes.Valid() || !createdAt.Valid() {
		return nil, errIncomplete
	}
	if updatedAt.Valid() {
		e.UpdatedAt = &updated
	}
	return &e, nil
}

var webhookEndpoint = converted(func(e *webhooks.WebhookEndpoint) (*WebhookEndpoint, error) {
	return newWebhookEndpoint(WebhookEndpoint{
		ID: e.ID, Object: string(e.Object), Name: e.Name, URL: e.URL, EventTypes: e.EventTypes, SecretHint: e.SigningSecretHint, CreatedAt: e.CreatedAt,
	}, e.JSON.ID, e.JSON.URL, e.JSON.EventTypes, e.JSON.CreatedAt, e.JSON.UpdatedAt, e.UpdatedAt)
})

var newWebhookSecret = converted(func(e *webhooks.WebhookEndpointWithSecret) (*NewWebhookSecret, error) {
	made, err := newWebhookEndpoint(WebhookEndpoint{
		ID: e.ID, Object: string(e.Object), Name: e.Name, URL: e.URL, EventTypes: e.EventTypes, SecretHint: e.SigningSecretHint, CreatedAt: e.CreatedAt,
	}, e.JSON.ID, e.JSON.URL, e.JSON.EventTypes, e.JSON.CreatedAt, e.JSON.UpdatedAt, e.UpdatedAt)
	if err != nil || !isText(e.JSON.SigningSecret) {
		return nil, errIncomplete
	}
	return &NewWebhookSecret{*made, transport.NewSecret(e.SigningSecret)}, nil
})

// WebhookEndpoints are the webhook endpoints of the project of the API key.
type WebhookEndpoints struct {
	client *Client
	sdk    webhookCalls
	shared *cache.Collection[WebhookEndpoint]
}

// webhookCalls are the operations of the SDK's service. A field that holds the
// service itself would link all that it can unwrap, which is most of the SDK.
type webhookCalls struct {
	New          func(context.Context, webhooks.WebhookNewParams, ...option.RequestOption) (*webhooks.WebhookEndpointWithSecret, error)
	Get          func(context.Context, string, ...option.RequestOption) (*webhooks.WebhookEndpoint, error)
	Update       func(context.Context, string, webhooks.WebhookUpdateParams, ...option.RequestOption) (*webhooks.WebhookEndpoint, error)
	List         func(context.Context, webhooks.WebhookListParams, ...option.RequestOption) (*pagination.CursorPage[webhooks.WebhookEndpoint], error)
	Delete       func(context.Context, string, ...option.RequestOption) (*webhooks.DeletedWebhookEndpoint, error)
	RotateSecret func(context.Context, string, webhooks.WebhookRotateSecretParams, ...option.RequestOption) (*webhooks.WebhookEndpointWithSecret, error)
	Test         func(context.Context, string, webhooks.WebhookTestParams, ...option.RequestOption) (*webhooks.WebhookEndpointTestResult, error)
	EventTypes   func(context.Context, ...option.RequestOption) (*webhooks.WebhookEventTypeList, error)
}

func newWebhookEndpoints(c *Client, service webhooks.WebhookService) *WebhookEndpoints {
	sdk := webhookCalls{
		New: service.New, Get: service.Get, Update: service.Update, List: service.List, Delete: service.Delete,
		RotateSecret: service.RotateSecret, Test: service.Test, EventTypes: service.EventTypes.List,
	}
	return &WebhookEndpoints{client: c, sdk: sdk, shared: itemList(c, transport.Read("list webhook endpoints", webhookEndpointsPath).WithProjectKey(), webhookEndpoint,
		func(e WebhookEndpoint) string { return e.ID },
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[webhooks.WebhookEndpoint], error) {
			return sdk.List(ctx, webhooks.WebhookListParams{}, opts...)
		})}
}

// newest reads the shortest list.
func (w *WebhookEndpoints) newest(ctx context.Context) (*pagination.CursorPage[webhooks.WebhookEndpoint], error) {
	return call(ctx, w.client, transport.Read("find out the project of the API key", webhookEndpointsPath).WithProjectKey(),
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.CursorPage[webhooks.WebhookEndpoint], error) {
			return w.sdk.List(ctx, webhooks.WebhookListParams{Limit: openai.Int(1)}, opts...)
		})
}

// Create creates an endpoint with the name, URL and event types. When the answer
// with the secret is lost, it creates a second one and reports the first one.
func (w *WebhookEndpoints) Create(ctx context.Context, want WebhookEndpoint) (*NewWebhookSecret, error) {
	return w.creation(want).run(ctx, w.client)
}

func (w *WebhookEndpoints) creation(want WebhookEndpoint) creation[NewWebhookSecret, WebhookEndpoint] {
	w.client.secrets.Add(want.URL) // it may hold a token
	return creation[NewWebhookSecret, WebhookEndpoint]{
		operation: "create webhook endpoint",
		object:    "webhook_endpoint",
		alike:     want.Name + "\x00" + want.URL,
		send: func(ctx context.Context) (*NewWebhookSecret, error) {
			return call(ctx, w.client, transport.Create("create webhook endpoint", webhookEndpointsPath).WithProjectKey(),
				func(ctx context.Context, opts ...option.RequestOption) (*NewWebhookSecret, error) {
					return newWebhookSecret(w.sdk.New(ctx, webhooks.WebhookNewParams{Name: want.Name, URL: want.URL, EventTypes: want.EventTypes}, opts...))
				})
		},
		record: func(made NewWebhookSecret) {
			w.client.recent.Add(made.ID)
			w.shared.Put(made.WebhookEndpoint)
		},
		list: w.shared,
		equal: func(e WebhookEndpoint) bool {
			return e.sameAs(want) && slices.Equal(slices.Sorted(slices.Values(e.EventTypes)), slices.Sorted(slices.Values(want.EventTypes)))
		},
		createdAt: func(e WebhookEndpoint) int64 { return e.CreatedAt },
		secret:    true,
	}
}

// sameAs reports whether two endpoints have the same name and URL.
func (e WebhookEndpoint) sameAs(other WebhookEndpoint) bool {
	return sameName(e.Name, other.Name) && e.URL == other.URL
}

// Get returns an endpoint.
func (w *WebhookEndpoints) Get(ctx context.Context, id string) (*WebhookEndpoint, error) {
	return getListed(ctx, w.client, w.shared, id, transport.Read("read webhook endpoint", webhookEndpointPath).WithProjectKey(),
		func(ctx context.Context, opts ...option.RequestOption) (*WebhookEndpoint, error) {
			return webhookEndpoint(w.sdk.Get(ctx, id, opts...))
		})
}

// List returns the endpoints of the project.
func (w *WebhookEndpoints) List(ctx context.Context) ([]WebhookEndpoint, error) {
	return w.shared.All(ctx)
}

// Update changes the name, the URL and the event types of an endpoint.
func (w *WebhookEndpoints) Update(ctx context.Context, id string, want WebhookEndpoint) (*WebhookEndpoint, error) {
	w.client.secrets.Add(want.URL)
	return updateListed(ctx, w.client, w.shared, transport.Update("update webhook endpoint", webhookEndpointPath).WithProjectKey(),
		func(ctx context.Context, opts ...option.RequestOption) (*WebhookEndpoint, error) {
			return webhookEndpoint(w.sdk.Update(ctx, id, webhooks.WebhookUpdateParams{
				Name: openai.String(want.Name), URL: openai.String(want.URL), EventTypes: want.EventTypes,
			}, opts...))
		})
}

// RotateSecret gives an endpoint another signing secret. The previous one stays
// valid for 24 hours with overlap, otherwise it ends at once. The request is sent
// once: a second rotation would end the overlap of the first one.
func (w *WebhookEndpoints) RotateSecret(ctx context.Context, id string, overlap bool) (*NewWebhookSecret, error) {
	rotated, err := call(ctx, w.client, transport.Create("rotate signing secret", webhookEndpointPath+"/rotate_secret").WithProjectKey(),
		func(ctx context.Context, opts ...option.RequestOption) (*NewWebhookSecret, error) {
			return newWebhookSecret(w.sdk.RotateSecret(ctx, id, webhooks.WebhookRotateSecretParams{KeepOldSecretActiveFor24Hours: openai.Bool(overlap)}, opts...))
		})
	if err != nil {
		return nil, err
	}
	w.shared.Put(rotated.WebhookEndpoint)
	return rotated, nil
}

// Test sends a sample event to an endpoint, and returns the HTTP status with
// which the endpoint answered.
func (w *WebhookEndpoints) Test(ctx context.Context, id, eventType string) (status int64, err error) {
	// Each request sends an event, so it is sent once.
	result, err := call(ctx, w.client, transport.Create("test webhook endpoint", webhookEndpointPath+"/test").WithProjectKey(),
		func(ctx context.Context, opts ...option.RequestOption) (*webhooks.WebhookEndpointTestResult, error) {
			got, err := w.sdk.Test(ctx, id, webhooks.WebhookTestParams{EventType: webhooks.WebhookTestParamsEventType(eventType)}, opts...)
			if err == nil && (got == nil || !got.JSON.StatusCode.Valid()) {
				return nil, errIncomplete
			}
			return got, err
		})
	if err != nil {
		return 0, err
	}
	return result.StatusCode, nil
}

// Delete deletes an endpoint. One that is not there is a success.
func (w *WebhookEndpoints) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, w.client, w.shared, id, transport.Remove("delete webhook endpoint", webhookEndpointPath).WithProjectKey(),
		func(ctx context.Context, opts ...option.RequestOption) (*webhooks.DeletedWebhookEndpoint, error) {
			return w.sdk.Delete(ctx, id, opts...)
		})
}

// EventTypes returns the types of events that the project can receive.
func (w *WebhookEndpoints) EventTypes(ctx context.Context) ([]string, error) {
	got, err := call(ctx, w.client, transport.Read("list webhook event types", "/webhook_event_types").WithProjectKey(),
		func(ctx context.Context, opts ...option.RequestOption) (*webhooks.WebhookEventTypeList, error) {
			got, err := w.sdk.EventTypes(ctx, opts...)
			if err == nil && (got == nil || !got.JSON.Data.Valid()) {
				return nil, errIncomplete
			}
			return got, err
		})
	if err != nil {
		return nil, err
	}
	return got.Data, nil
}
