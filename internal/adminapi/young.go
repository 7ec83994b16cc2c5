package adminapi

import (
	"context"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// IsYoung reports whether an object that was created at this time of the
// server, in Unix seconds, may still be invisible.
func (c *Client) IsYoung(createdAt int64) bool {
	return createdAt > 0 && c.ServerNow().Sub(time.Unix(createdAt, 0)) < transport.YoungAge
}

// findYoung reports whether an object above a path is young, and remembers those
// that are. An earlier process may have created them.
func (c *Client) findYoung(ctx context.Context, path string) bool {
	segments, found := strings.Split(strings.Trim(path, "/"), "/"), false
	for i := range len(segments) - 2 {
		created := c.createdAt(ctx, segments[:i+2])
		if c.IsYoung(created) {
			c.recent.AddCreated(segments[i+1], c.ServerNow().Sub(time.Unix(created, 0)))
			found = true
		}
	}
	return found
}

// createdAt reads when the object at the end of a path was created, in Unix
// seconds. It is 0 for objects below which nothing is written, for those that
// have no such time, and where it cannot be read.
func (c *Client) createdAt(ctx context.Context, segments []string) int64 {
	collection, id := segments[len(segments)-2], segments[len(segments)-1]
	switch collection {
	case "projects":
		if project, err := c.Projects.Get(ctx, id); err == nil {
			return project.CreatedAt
		}
	case "service_accounts":
		if len(segments) < 3 {
			return 0
		}
		if account, err := c.ServiceAccounts.Get(ctx, segments[len(segments)-3], id); err == nil {
			return account.CreatedAt
		}
	case "users":
		if user, err := c.Users.Get(ctx, id); err == nil {
			return user.AddedAt
		}
	case "groups":
		if group, err := c.Groups.Get(ctx, id); err == nil && group.CreatedAt != nil {
			return *group.CreatedAt
		}
	case "workload_identity_providers":
		if provider, err := c.IdentityProviders.Get(ctx, id); err == nil {
			return provider.CreatedAt
		}
	case "external_storage":
		if storage, err := c.ExternalStorages.Get(ctx, id); err == nil {
			return storage.CreatedAt
		}
	}
	return 0
}
