package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Listing lists the objects of a type, for list resources and export.
type Listing[M any] struct {
	schema listschema.Schema
	run    func(ctx context.Context, client *adminapi.Client, req list.ListRequest, stream *list.ListResultsStream, found found[M])
	// complete reads what the list does not show, where whole objects are listed.
	complete func(ctx context.Context, client *adminapi.Client, m *M) error
}

// Completed reads more of each object, where whole objects are listed.
func (l Listing[M]) Completed(complete func(ctx context.Context, client *adminapi.Client, m *M) error) Listing[M] {
	l.complete = complete
	return l
}

// found turns a model into a result. It takes nil for an object of another type.
type found[M any] func(name string, m *M, diags *diag.Diagnostics) *tfkit.Listed

// ListOrganization lists objects of the organization. what names them in
// diagnostics; convert returns a display name and the model, or nil for an
// object of another type.
func ListOrganization[M, T any](description, what string,
	fetch func(ctx context.Context, client *adminapi.Client) ([]T, error),
	convert func(ctx context.Context, item *T, diags *diag.Diagnostics) (name string, m *M),
) Listing[M] {
	return Listing[M]{
		schema: tfkit.NoFilter(description),
		run: func(ctx context.Context, client *adminapi.Client, req list.ListRequest, stream *list.ListResultsStream, found found[M]) {
			tfkit.ListOrganization(ctx, req, stream, what,
				func(ctx context.Context) ([]T, error) { return fetch(ctx, client) },
				func(item *T, diags *diag.Diagnostics) *tfkit.Listed {
					name, m := convert(ctx, item, diags)
					return found(name, m, diags)
				})
		},
	}
}

// ListByProject lists objects of the organization, of one project where the
// request names it. filter describes that argument.
func ListByProject[M, T any](description, filter, what string,
	fetch func(ctx context.Context, client *adminapi.Client) ([]T, error), projectOf func(item *T) string,
	convert func(ctx context.Context, item *T, diags *diag.Diagnostics) (name string, m *M),
) Listing[M] {
	return Listing[M]{
		schema: tfkit.FilterByProject(description, filter),
		run: func(ctx context.Context, client *adminapi.Client, req list.ListRequest, stream *list.ListResultsStream, found found[M]) {
			var project types.String
			if diags := req.Config.GetAttribute(ctx, path.Root("project_id"), &project); diags.HasError() {
				stream.Results = list.ListResultsStreamDiagnostics(diags)
				return
			}
			ListOrganization("", what, fetch, func(ctx context.Context, item *T, diags *diag.Diagnostics) (string, *M) {
				if !project.IsNull() && projectOf(item) != project.ValueString() {
					return "", nil
				}
				return convert(ctx, item, diags)
			}).run(ctx, client, req, stream, found)
		},
	}
}

// ListProjects lists what belongs to projects, to one or to all of them.
func ListProjects[M, T any](description, what string,
	fetch func(ctx context.Context, client *adminapi.Client, projectID string) ([]T, error),
	convert func(ctx context.Context, project *openai.Project, item *T, diags *diag.Diagnostics) (name string, m *M),
) Listing[M] {
	return Listing[M]{
		schema: tfkit.ProjectFilter(description),
		run: func(ctx context.Context, client *adminapi.Client, req list.ListRequest, stream *list.ListResultsStream, found found[M]) {
			tfkit.ListProjects(ctx, req, stream, client, what,
				func(ctx context.Context, projectID string) ([]T, error) { return fetch(ctx, client, projectID) },
				func(project *openai.Project, item *T, diags *diag.Diagnostics) *tfkit.Listed {
					name, m := convert(ctx, project, item, diags)
					return found(name, m, diags)
				})
		},
	}
}

// ListWithin lists what belongs to other objects of the organization, such as
// the roles of groups.
func ListWithin[M, P, T any](description, what string,
	parents func(ctx context.Context, client *adminapi.Client) ([]P, error),
	fetch func(ctx context.Context, client *adminapi.Client, parent *P) ([]T, error),
	convert func(ctx context.Context, parent *P, item *T, diags *diag.Diagnostics) (name string, m *M),
) Listing[M] {
	return Listing[M]{
		schema: tfkit.NoFilter(description),
		run: func(ctx context.Context, client *adminapi.Client, req list.ListRequest, stream *list.ListResultsStream, found found[M]) {
			tfkit.ListWithin(ctx, req, stream, what,
				func(ctx context.Context) ([]P, error) { return parents(ctx, client) },
				func(ctx context.Context, parent *P) ([]T, error) { return fetch(ctx, client, parent) },
				func(parent *P, item *T, diags *diag.Diagnostics) *tfkit.Listed {
					name, m := convert(ctx, parent, item, diags)
					return found(name, m, diags)
				})
		},
	}
}

// ListProjectSettings is ListProjects for what a project has at most once.
func ListProjectSettings[M, T any](description, what string,
	get func(ctx context.Context, client *adminapi.Client, projectID string) (*T, error),
	convert func(ctx context.Context, project *openai.Project, setting *T, diags *diag.Diagnostics) (name string, m *M),
) Listing[M] {
	return ListProjects(description, what, func(ctx context.Context, client *adminapi.Client, projectID string) ([]T, error) {
		return One(get(ctx, client, projectID))
	}, convert)
}

// One is a list of the object that was read, if it was.
func One[T any](object *T, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	return []T{*object}, nil
}
