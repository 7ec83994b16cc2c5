package adminapi

import (
	"context"
	"sync"
	"time"

	"github.com/openai/openai-go/v3"
)

// When Terraform is killed between a creation and the writing of its state,
// the object is there and nobody knows it. The next run is about to create it
// again; these tell it what looks like the leftover.

const (
	// leftoverAge is how old an object may be to be taken for a leftover.
	leftoverAge = 24 * time.Hour
	// leftoverPages bounds what the look may cost.
	leftoverPages = 2
)

// knownObjects are the objects in state, as far as this process has heard of
// them.
type knownObjects struct {
	mu  sync.Mutex
	ids map[string]bool
}

// Know tells that an object is in state.
func (c *Client) Know(id string) {
	c.known.mu.Lock()
	defer c.known.mu.Unlock()
	if c.known.ids == nil {
		c.known.ids = map[string]bool{}
	}
	c.known.ids[id] = true
}

func (k *knownObjects) has(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ids[id]
}

// any says whether anything was refreshed: an apply knows of nothing, and has
// been warned by its plan.
func (k *knownObjects) any() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.ids) > 0
}

// leftovers lists what matches and was neither made by this process nor is
// known to it. Failing to look is no failure.
func (c *collection[T]) leftovers(ctx context.Context, known *knownObjects, match func(T) bool) (ids []string) {
	for {
		c.mu.Lock()
		if c.complete {
			break
		}
		if c.pages >= leftoverPages {
			c.mu.Unlock()
			return nil // too many to look through
		}
		if c.advance(ctx) != nil {
			return nil
		}
	}
	defer c.mu.Unlock()
	for _, id := range c.order {
		if match(c.items[id]) && !c.written[id] && !c.claimed[id] && !known.has(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (c *Client) isRecent(createdAt int64) bool {
	return c.server.at(c.clock.Now()).Sub(time.Unix(createdAt, 0)) < leftoverAge
}

// Leftovers lists new projects with this name that nothing in this run knows.
func (p *Projects) Leftovers(ctx context.Context, name string) []string {
	return p.shared.leftovers(ctx, &p.client.known, func(project openai.Project) bool {
		return project.Name == name && p.client.isRecent(project.CreatedAt)
	})
}

// Leftovers lists new accounts of a project with this name that nothing in this
// run knows. It does not look in a run that has read nothing, such as an apply.
func (s *ServiceAccounts) Leftovers(ctx context.Context, projectID, name string) []string {
	if !s.client.known.any() {
		return nil
	}
	return s.shared.of(projectID).leftovers(ctx, &s.client.known, func(a openai.ProjectServiceAccount) bool {
		return a.Name == name && s.client.isRecent(a.CreatedAt)
	})
}

// Leftovers is described at ServiceAccounts.
func (k *APIKeys) Leftovers(ctx context.Context, projectID, serviceAccountID, name string) []string {
	if !k.client.known.any() {
		return nil
	}
	return k.shared.of(projectID).leftovers(ctx, &k.client.known, func(key openai.ProjectAPIKey) bool {
		return key.Name == name && key.Owner.ServiceAccount.ID == serviceAccountID && k.client.isRecent(key.CreatedAt)
	})
}

// Leftovers is described at ServiceAccounts. Alerts do not tell their age.
func (s *SpendAlerts) Leftovers(ctx context.Context, scope string, alert SpendAlert) []string {
	if !s.client.known.any() {
		return nil
	}
	return s.shared.of(scope).leftovers(ctx, &s.client.known, alert.sameAs)
}
