package adminapi

import (
	"context"
	"net/http"
	"testing"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// A 404 for an object that this process created a moment ago is believed at
// once after the process removed it. A role that was only taken from a user is
// still as new as before.
func TestRemovedObjectsAreNotAwaited(t *testing.T) {
	assignee := Assignee{Scope: "proj_1", UserID: "user-1"}
	createProject := func(ctx context.Context, c *Client) error {
		_, err := c.Projects.Create(ctx, openai.AdminOrganizationProjectNewParams{Name: "dev"})
		return err
	}
	archive := func(ctx context.Context, c *Client) error { return c.Projects.Archive(ctx, "proj_1") }
	readProject := func(ctx context.Context, c *Client) error {
		_, err := c.Projects.Get(ctx, "proj_1")
		return err
	}
	for name, test := range map[string]struct {
		removal               int // its status
		create, remove, after func(ctx context.Context, c *Client) error
		requests              int // of after
	}{
		"archived project": {200, createProject, archive, readProject, 1},
		"missing project":  {404, createProject, archive, readProject, 1},
		"role of a previous member": {
			removal: 200,
			create: func(ctx context.Context, c *Client) error {
				_, err := c.ProjectUsers.Add(ctx, "proj_1", openai.AdminOrganizationProjectUserNewParams{UserID: openai.String("user-1"), Role: "member"})
				return err
			},
			remove:   func(ctx context.Context, c *Client) error { return c.ProjectUsers.Delete(ctx, "proj_1", "user-1") },
			after:    func(ctx context.Context, c *Client) error { return c.RoleAssignments.Unassign(ctx, assignee, "role-1") },
			requests: 1,
		},
		"role that one user had": {
			removal: 200,
			create: func(ctx context.Context, c *Client) error {
				_, err := c.Roles.Create(ctx, "proj_1", Role{Name: "auditor", Permissions: []string{}})
				return err
			},
			remove: func(ctx context.Context, c *Client) error { return c.RoleAssignments.Unassign(ctx, assignee, "role-1") },
			after: func(ctx context.Context, c *Client) error {
				_, err := c.RoleAssignments.Get(ctx, Assignee{Scope: "proj_1", UserID: "user-2"}, "role-1")
				return err
			},
			requests: 4,
		},
	} {
		t.Run(name, func(t *testing.T) {
			status := http.StatusOK
			client, _, requests := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case status != http.StatusOK:
					answer(w, status, `{"error":{"message":"not here"}}`)
				case r.Method == http.MethodDelete:
					answer(w, status, `{"deleted":true}`)
				case r.URL.Path == "/v1/projects/proj_1/roles":
					answer(w, status, `{"id":"role-1","name":"auditor","permissions":[],"predefined_role":false}`)
				case r.URL.Path == "/v1/organization/projects/proj_1/users":
					answer(w, status, `{"id":"user-1","email":"a@example.com","role":"member","added_at":1}`)
				default:
					answer(w, status, projectJSON)
				}
			})
			ctx := transport.WithWrites(t.Context())
			if err := test.create(ctx, client); err != nil {
				t.Fatal(err)
			}
			status = test.removal
			if err := test.remove(ctx, client); err != nil {
				t.Fatal(err)
			}
			status, *requests = http.StatusNotFound, 0
			if err := test.after(ctx, client); err != nil && !IsNotFound(err) {
				t.Fatal(err)
			}
			if *requests != test.requests {
				t.Errorf("%d requests, want %d", *requests, test.requests)
			}
		})
	}
}
