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

// organizationHeader names the organization that answers. Assumption: the
// Administration API sends it as the inference endpoints do, with the same value
// in each answer to one key. It may be an ID (org-…) or a short name that
// changes when the organization is renamed. Without it nothing is compared.
const organizationHeader = "Openai-Organization"

// answeringOrganization is the organization that the API's answers name.
type answeringOrganization struct {
	mu   sync.Mutex
	name string
	// recorded are the organizations that the state names.
	recorded []string

	finding wait.Locks
	// asked says that the API was asked, and may have named none.
	asked bool
}

func (o *answeringOrganization) learn(header http.Header) {
	name := header.Get(organizationHeader)
	if !validID(name) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.name = name
}

// AnsweringOrganization is the organization that the last answer named, empty
// as long as none did.
func (c *Client) AnsweringOrganization() string {
	c.organization.mu.Lock()
	defer c.organization.mu.Unlock()
	return c.organization.name
}

// FindOrganization asks the API once which organization answers, unless an
// answer has named it already. It fails when the API does not answer.
func (c *Client) FindOrganization(ctx context.Context) error {
	o := c.organization
	unlock, err := o.finding.Lock(ctx, "", "another operation that finds out the organization of the admin key")
	if err != nil {
		return err
	}
	defer unlock()
	if o.asked || c.AnsweringOrganization() != "" {
		return nil
	}
	_, err = call(ctx, c, transport.Read("find out the organization of the admin key", projectsPath),
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.Project], error) {
			return c.Projects.sdk.List(ctx, openai.AdminOrganizationProjectListParams{Limit: openai.Int(1)}, opts...)
		})
	// A refusal is an answer: the key may not be allowed to read projects.
	if refused, ok := errors.AsType[*Error](err); err != nil && (!ok || refused.Status < 400 || refused.Status >= 500 ||
		refused.Status == http.StatusRequestTimeout || refused.Status == http.StatusTooManyRequests) {
		return err
	}
	o.asked = true
	return nil
}

// RecordOrganization remembers that the state names an organization.
func (c *Client) RecordOrganization(name string) {
	c.organization.mu.Lock()
	defer c.organization.mu.Unlock()
	if !slices.Contains(c.organization.recorded, name) {
		c.organization.recorded = append(c.organization.recorded, name)
	}
}

// RecordedOrganizations are the organizations that the state names, as far as
// this configuration has read it.
func (c *Client) RecordedOrganizations() []string {
	c.organization.mu.Lock()
	defer c.organization.mu.Unlock()
	return slices.Clone(c.organization.recorded)
}
