package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// ProjectArchived is the status of an archived project, and CodeProjectArchived
// the error code of writes to one.
const (
	ProjectArchived     = "archived"
	CodeProjectArchived = "project_archived"
)

const (
	projectsPath = "/organization/projects"
	projectPath  = projectsPath + "/{project_id}"
)

// Projects are the projects of the organization.
type Projects struct {
	client *Client
	sdk    openai.AdminOrganizationProjectService
	shared *cache.Collection[openai.Project]
	// withArchived is a list of its own: the default one hides archived projects.
	withArchived *cache.Collection[openai.Project]
}

func newProjects(c *Client, sdk openai.AdminOrganizationProjectService) *Projects {
	p := &Projects{client: c, sdk: sdk}
	id := func(project openai.Project) string { return project.ID }
	p.shared = newCollection(id, p.page(false))
	p.withArchived = newCollection(id, p.page(true))
	return p
}

func (p *Projects) page(archived bool) func(ctx context.Context, after string) (cache.Page[openai.Project], error) {
	var params openai.AdminOrganizationProjectListParams
	if archived {
		params.IncludeArchived = openai.Bool(true)
	}
	return lastIDPages(p.client, transport.Read("list projects", projectsPath), pageSize,
		func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.Project], error) {
			return p.sdk.List(ctx, params, opts...)
		})
}

// Create makes a project, exactly once.
func (p *Projects) Create(ctx context.Context, params openai.AdminOrganizationProjectNewParams) (*openai.Project, error) {
	return p.creation(params).run(ctx, p.client)
}

func (p *Projects) creation(params openai.AdminOrganizationProjectNewParams) creation[openai.Project, openai.Project] {
	return creation[openai.Project, openai.Project]{
		operation: "create project",
		object:    "project",
		alike:     params.Name,
		send: func(ctx context.Context) (*openai.Project, error) {
			return call(ctx, p.client, transport.Create("create project", projectsPath),
				func(ctx context.Context, opts ...option.RequestOption) (*openai.Project, error) {
					return p.sdk.New(ctx, params, opts...)
				})
		},
		record: func(project openai.Project) {
			p.client.recent.Add(project.ID)
			p.client.ChangeLog.wrote(project.ID, ProjectCreated)
			p.put(project)
		},
		list:      p.shared,
		equal:     func(project openai.Project) bool { return sameProject(project, params) },
		createdAt: func(project openai.Project) int64 { return project.CreatedAt },
		adopt:     func(project openai.Project) openai.Project { return project },
	}
}

// sameProject compares the fields that were sent. The API does not return the
// geography.
func sameProject(project openai.Project, sent openai.AdminOrganizationProjectNewParams) bool {
	return sameName(project.Name, sent.Name) && project.ExternalKeyID == sent.ExternalKeyID.Value &&
		(sent.Residency == "" || string(project.Residency) == string(sent.Residency))
}

// Get returns a project, also an archived one.
func (p *Projects) Get(ctx context.Context, id string) (*openai.Project, error) {
	return getListed(ctx, p.client, p.shared, id, transport.Read("read project", projectPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.Project, error) {
			return p.sdk.Get(ctx, id, opts...)
		})
}

// Update changes a project in place.
func (p *Projects) Update(ctx context.Context, id string, params openai.AdminOrganizationProjectUpdateParams) (*openai.Project, error) {
	updated, err := call(ctx, p.client, transport.Update("update project", projectPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.Project, error) {
			return p.sdk.Update(ctx, id, params, opts...)
		})
	if err != nil {
		return nil, err
	}
	p.client.ChangeLog.wrote(id, ProjectUpdated)
	p.put(*updated)
	return updated, nil
}

// Archive archives a project. One that is archived already, or deleted, is a
// success.
func (p *Projects) Archive(ctx context.Context, id string) error {
	archived, err := call(ctx, p.client, transport.Update("archive project", projectPath+"/archive"),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.Project, error) {
			return p.sdk.Archive(ctx, id, opts...)
		})
	if err != nil && !IsNotFound(err) && !HasCode(err, CodeProjectArchived) {
		return err
	}
	p.shared.Drop(id)
	if err == nil {
		p.withArchived.Put(*archived)
	}
	return nil
}

// List returns the projects of the organization.
func (p *Projects) List(ctx context.Context, includeArchived bool) ([]openai.Project, error) {
	if includeArchived {
		return p.withArchived.All(ctx)
	}
	return p.shared.All(ctx)
}

func (p *Projects) put(project openai.Project) {
	p.shared.Put(project)
	p.withArchived.Put(project)
}
