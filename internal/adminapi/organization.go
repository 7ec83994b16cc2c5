package adminapi

import (
	"net/http"
	"sync"
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
}

func (o *answeringOrganization) learn(response *http.Response) {
	name := response.Header.Get(organizationHeader)
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
