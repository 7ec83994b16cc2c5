package adminapi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// The headers that name the organization and the project of a key. Assumption:
// the Administration API sends the first one as the inference endpoints do, with
// the same value in each answer to one key, and the endpoints for the key of a
// project send the second one. An organization may be an ID (org-…) or a short
// name that changes when it is renamed. Without a header nothing is compared.
const (
	organizationHeader = "Openai-Organization"
	projectHeader      = "Openai-Project"
)

// Tenant is what a key belongs to, as the API's answers name it: the organization
// of the admin key, or the project of the API key.
type Tenant struct {
	header string
	// ask is a small request, whose answer names the tenant.
	ask func(ctx context.Context) error

	mu   sync.Mutex
	name string
	// recorded are the tenants that the state names.
	recorded []string

	finding wait.Locks
	// asked says that the API was asked, and may have named none.
	asked bool
}

func (t *Tenant) learn(header http.Header) {
	name := header.Get(t.header)
	if !validID(name) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.name = name
}

// Answering is the tenant that the last answer named, empty as long as none did.
func (t *Tenant) Answering() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.name
}

// Find asks the API once which tenant answers, unless an answer has named it
// already. It fails when the API does not answer.
func (t *Tenant) Find(ctx context.Context) error {
	unlock, err := t.finding.Lock(ctx, "", "another operation that finds out what the key belongs to")
	if err != nil {
		return err
	}
	defer unlock()
	if t.asked || t.Answering() != "" {
		return nil
	}
	err = t.ask(ctx)
	// A refusal is an answer: the key may not be allowed to read this.
	if refused, ok := errors.AsType[*Error](err); err != nil && (!ok || refused.Status < 400 || refused.Status >= 500 ||
		refused.Status == http.StatusRequestTimeout || refused.Status == http.StatusTooManyRequests) {
		return err
	}
	t.asked = true
	return nil
}

// Record remembers that the state names a tenant.
func (t *Tenant) Record(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(t.recorded, name) {
		t.recorded = append(t.recorded, name)
	}
}

// Recorded are the tenants that the state names, as far as this configuration
// has read it.
func (t *Tenant) Recorded() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.recorded)
}

// newTenants makes those of both keys.
func newTenants(c *Client) (organization, project *Tenant) {
	organization = &Tenant{header: organizationHeader, ask: func(ctx context.Context) error {
		_, err := call(ctx, c, transport.Read("find out the organization of the admin key", projectsPath),
			func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.Project], error) {
				return c.Projects.sdk.List(ctx, openai.AdminOrganizationProjectListParams{Limit: openai.Int(1)}, opts...)
			})
		return err
	}}
	project = &Tenant{header: projectHeader, ask: func(ctx context.Context) error {
		_, err := c.WebhookEndpoints.newest(ctx)
		return err
	}}
	return organization, project
}
