package adminapi

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// An apply that is killed between a create and the writing of its state leaves
// an object that no state holds: an orphan. The next plan is about to create
// the object again, and searches for objects like it before that.

const (
	// orphanAge is the age up to which an object may be an orphan.
	orphanAge = 24 * time.Hour
	// orphanPages bounds how much of a list is read for a search.
	orphanPages = 2
	// settleQuiet is how long no state may have been announced before an
	// object counts as not in state; settleLongest bounds the wait for that.
	settleStep    = 50 * time.Millisecond
	settleQuiet   = 500 * time.Millisecond
	settleLongest = 2 * time.Second
	// dateSlack is the largest error of the server's clock, which has whole
	// seconds.
	dateSlack = 2 * time.Second
)

// knownObjects are the objects in state, as far as this configuration has heard
// of them, and those that it has created.
type knownObjects struct {
	mu      sync.Mutex
	ids     map[string]bool
	created map[string]bool
	// since is when the configuration began, last when state was announced.
	since, last time.Time
}

// Know records that an object is in state.
func (c *Client) Know(id string) {
	if id == "" {
		return
	}
	c.known.mu.Lock()
	defer c.known.mu.Unlock()
	if !c.known.ids[id] {
		c.known.ids[id] = true
		c.known.last = c.clock.Now()
	}
}

// has reports whether an object is in state, as far as is known.
func (k *knownObjects) has(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ids[id]
}

// Created records that this configuration has created an object, below which
// nothing can be that it has not created, too.
func (c *Client) Created(id string) {
	c.Know(id)
	c.known.mu.Lock()
	defer c.known.mu.Unlock()
	c.known.created[id] = true
}

// HasCreated reports whether this configuration has created an object.
func (c *Client) HasCreated(id string) bool {
	c.known.mu.Lock()
	defer c.known.mu.Unlock()
	return c.known.created[id]
}

// SearchesOrphans reports whether a plan searches for orphans. A configuration
// that says that they are errors relies on the search, so that it happens with
// plan_checks = false, too.
func (c *Client) SearchesOrphans() bool { return c.orphansAreErrors || !c.Advice.off }

// OrphansAreErrors reports whether a plan fails that would create an object of
// which there may be an orphan.
func (c *Client) OrphansAreErrors() bool { return c.orphansAreErrors }

// unknown leaves out the ids in state. Terraform announces the state of an
// object when it comes to it, in any order, so that an id is only believed to
// be in no state once nothing has been announced for a moment.
func (c *Client) unknown(ctx context.Context, ids []string) []string {
	for waited := time.Duration(0); ; waited += settleStep {
		c.known.mu.Lock()
		ids = slices.DeleteFunc(ids, func(id string) bool { return c.known.ids[id] })
		last := c.known.last
		c.known.mu.Unlock()
		if len(ids) == 0 || waited >= settleLongest || c.clock.Now().Sub(last) >= settleQuiet {
			return ids
		}
		if c.clock.Sleep(ctx, settleStep) != nil {
			return ids
		}
	}
}

// mayBeOrphan reports whether an object of this age may be an orphan: created
// of late, but before this configuration began, as objects that it creates
// itself may be in a list before the answer arrives.
func (c *Client) mayBeOrphan(createdAt int64) bool {
	at := time.Unix(createdAt, 0)
	return c.ServerNow().Sub(at) < orphanAge && !at.After(c.serverAt(c.known.since).Add(dateSlack))
}

// findOrphans lists the ids of a collection's objects that match and that
// neither this configuration has written nor any of its states hold.
func findOrphans[T any](ctx context.Context, c *Client, shared *cache.Collection[T], match func(T) bool) ([]string, error) {
	var ids []string
	search := c.Advice.Optional
	if c.orphansAreErrors {
		search = c.Advice.bounded
	}
	err := search(ctx, func(ctx context.Context) (err error) {
		ids, err = shared.NotWritten(ctx, match, orphanPages)
		return err
	})
	if IsDeleted(err) || transport.IsNotConfigured(err) {
		return nil, nil // nothing is there, or nothing can be known yet
	}
	return c.unknown(ctx, ids), err
}

// Orphans lists new projects like this one that no state holds.
func (p *Projects) Orphans(ctx context.Context, planned openai.AdminOrganizationProjectNewParams) ([]string, error) {
	return findOrphans(ctx, p.client, p.shared, func(project openai.Project) bool {
		return sameName(project.Name, planned.Name) && p.client.mayBeOrphan(project.CreatedAt) &&
			(planned.Residency == "" || planned.Residency == project.Residency) &&
			(!planned.ExternalKeyID.Valid() || planned.ExternalKeyID.Value == project.ExternalKeyID)
	})
}

// Orphans lists new accounts of a project with this name that no state holds.
// The role is given in a second step, which an orphan may lack.
func (s *ServiceAccounts) Orphans(ctx context.Context, projectID, name string) ([]string, error) {
	return findOrphans(ctx, s.client, s.shared.Of(projectID), func(a openai.ProjectServiceAccount) bool {
		return sameName(a.Name, name) && s.client.mayBeOrphan(a.CreatedAt)
	})
}

// Orphans lists new keys of a service account with this name that no state
// holds, created after the given time in Unix seconds. A key that was used has
// a holder of its secret, and one that has expired does no harm.
func (k *APIKeys) Orphans(ctx context.Context, projectID, serviceAccountID, name string, after int64) ([]string, error) {
	return findOrphans(ctx, k.client, k.shared.Of(projectID), func(key openai.ProjectAPIKey) bool {
		return sameName(key.Name, name) && key.Owner.ServiceAccount.ID == serviceAccountID && k.client.mayBeOrphan(key.CreatedAt) && key.CreatedAt >= after &&
			!key.JSON.LastUsedAt.Valid() && (!key.JSON.ExpiresAt.Valid() || key.ExpiresAt > k.client.Now().Unix())
	})
}

// Orphans is described at APIKeys.
func (k *AdminKeys) Orphans(ctx context.Context, name string) ([]string, error) {
	return findOrphans(ctx, k.client, k.shared, func(key openai.AdminAPIKey) bool {
		return sameName(key.Name, name) && k.client.mayBeOrphan(key.CreatedAt) &&
			!key.JSON.LastUsedAt.Valid() && (!key.JSON.ExpiresAt.Valid() || key.ExpiresAt > k.client.Now().Unix())
	})
}

// Orphans lists pending invitations of a person that no state holds.
func (i *Invites) Orphans(ctx context.Context, email, role string) ([]string, error) {
	return findOrphans(ctx, i.client, i.shared, func(invite openai.Invite) bool {
		return strings.EqualFold(invite.Email, email) && string(invite.Role) == role && invite.Status == InvitePending && i.client.mayBeOrphan(invite.CreatedAt)
	})
}

// Orphans lists alerts like this one that no state holds. Alerts have no
// creation time.
func (s *SpendAlerts) Orphans(ctx context.Context, scope string, planned SpendAlert) ([]string, error) {
	return findOrphans(ctx, s.client, s.shared.Of(scope), planned.sameAs)
}

// Orphans lists new groups with this name that no state holds.
func (g *Groups) Orphans(ctx context.Context, name string) ([]string, error) {
	return findOrphans(ctx, g.client, g.shared, func(group Group) bool {
		return sameName(group.Name, name) && !group.SCIMManaged && group.CreatedAt != nil && g.client.mayBeOrphan(*group.CreatedAt)
	})
}

// Orphans lists the custom role of a scope with this name, if no state holds
// it. Roles have no creation time, and names of their own.
func (r *Roles) Orphans(ctx context.Context, scope, name string) ([]string, error) {
	return findOrphans(ctx, r.client, r.shared.Of(scope), func(role Role) bool { return sameName(role.Name, name) && !role.Predefined })
}

// Orphans lists new certificates like this one that no state holds.
func (s *Certificates) Orphans(ctx context.Context, planned NewCertificate) ([]string, error) {
	return findOrphans(ctx, s.client, s.shared.Of(WholeOrganization), func(c Certificate) bool {
		return (planned.Name == nil || sameName(orNothing(c.Name), *planned.Name)) && c.ValidAt == planned.ValidAt && c.ExpiresAt == planned.ExpiresAt && s.client.mayBeOrphan(c.CreatedAt)
	})
}

// Orphans lists new identity providers like this one that no state holds.
func (p *IdentityProviders) Orphans(ctx context.Context, planned IdentityProvider) ([]string, error) {
	return findOrphans(ctx, p.client, p.shared, func(item IdentityProvider) bool {
		return sameName(item.Name, planned.Name) && item.Issuer == planned.Issuer && item.Audience == planned.Audience && p.client.mayBeOrphan(item.CreatedAt)
	})
}

// Orphans lists new federation rules like this one that no state holds.
func (f *FederationRules) Orphans(ctx context.Context, planned FederationRule) ([]string, error) {
	return findOrphans(ctx, f.client, f.shared.Of(planned.ProviderID), func(r FederationRule) bool {
		return r.ServiceAccountID == planned.ServiceAccountID && orNothing(r.Name) == orNothing(planned.Name) &&
			maps.Equal(r.Matchers, planned.Matchers) && f.client.mayBeOrphan(r.CreatedAt)
	})
}

// Orphans lists new registrations of this key that no state holds.
func (e *ExternalKeys) Orphans(ctx context.Context, planned ExternalKey) ([]string, error) {
	return findOrphans(ctx, e.client, e.shared, func(k ExternalKey) bool {
		return sameName(k.Name, planned.Name) && k.Cloud == planned.Cloud && maps.Equal(k.Fields, planned.Fields) && e.client.mayBeOrphan(k.CreatedAt)
	})
}

// Orphans lists new registrations of this storage that no state holds.
func (e *ExternalStorages) Orphans(ctx context.Context, projectID string, location StoragePlace) ([]string, error) {
	return findOrphans(ctx, e.client, e.shared, func(s ExternalStorage) bool {
		return s.ProjectID == projectID && s.Place == location && e.client.mayBeOrphan(s.CreatedAt)
	})
}

// Orphans lists tunnels like this one that no state holds. Tunnels have no
// creation time.
func (t *Tunnels) Orphans(ctx context.Context, planned Tunnel) ([]string, error) {
	return findOrphans(ctx, t.client, t.shared, planned.sameAs)
}

// Orphans lists new webhook endpoints like this one that no state holds.
func (w *WebhookEndpoints) Orphans(ctx context.Context, planned WebhookEndpoint) ([]string, error) {
	return findOrphans(ctx, w.client, w.shared, func(e WebhookEndpoint) bool {
		return e.sameAs(planned) && w.client.mayBeOrphan(e.CreatedAt)
	})
}
