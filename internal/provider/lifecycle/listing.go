package lifecycle

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Listing lists the objects of a type, for list resources and export.
type Listing[M any] struct {
	schema listschema.Schema
	walk   func(ctx context.Context, client *adminapi.Client, req list.ListRequest, emit emit[M], diags *diag.Diagnostics)
	// complete reads the values that the list does not show, where whole objects
	// are listed.
	complete func(ctx context.Context, client *adminapi.Client, m M) error
	// lastUse returns when an object was last used, for objects that are.
	lastUse func(ctx context.Context, client *adminapi.Client, m M) (int64, error)
}

// emit takes an object and its display name, or nil for an object of another
// type. It says whether to go on.
type emit[M any] func(name string, m M) (more bool)

// Completed reads more of each object, where whole objects are listed.
func (l Listing[M]) Completed(complete func(ctx context.Context, client *adminapi.Client, m M) error) Listing[M] {
	l.complete = complete
	return l
}

// listKernel is the list resource of a definition.
type listKernel[M any] struct{ of *kernel[M] }

var _ list.ListResourceWithConfigure = (*listKernel[*struct{}])(nil)

// listResource returns the list resource of the definition, nil where it has no
// listing.
func (k *kernel[M]) listResource() list.ListResource {
	if k.core.List.walk == nil {
		return nil
	}
	return &listKernel[M]{of: k}
}

// Configure takes the client from the provider.
func (l *listKernel[M]) Configure(ctx context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.of.Configure(ctx, req, resp)
}

// Metadata names the listed type.
func (l *listKernel[M]) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	l.of.Metadata(ctx, req, resp)
}

func (l *listKernel[M]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = l.withFilters(l.of.core.List.schema)
}

// List streams the objects, up to the limit of the request.
func (l *listKernel[M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		var diags diag.Diagnostics
		var count int64
		more := true
		kept := l.filter(ctx, req, &diags)
		l.of.core.List.walk(ctx, l.of.client, req, func(name string, m M) bool {
			if isNil(m) || !l.passes(ctx, kept, m, &diags) || !l.complete(ctx, req, m, &diags) {
				return more
			}
			count++
			more = push(l.result(ctx, req, name, m, &diags)) && (req.Limit <= 0 || count < req.Limit)
			return more
		}, &diags)
		if more && len(diags) > 0 {
			push(list.ListResult{Diagnostics: diags})
		}
	}
}

// passes reports whether an object passes the filters. One that cannot be read
// does not.
func (l *listKernel[M]) passes(ctx context.Context, kept keep[M], m M, diags *diag.Diagnostics) bool {
	passes, err := kept(ctx, m)
	if err != nil {
		tfkit.AddAPIError(diags, l.of.core.Label(m), err)
	}
	return passes
}

// complete reads the values that the list does not show, and reports whether it
// could.
func (l *listKernel[M]) complete(ctx context.Context, req list.ListRequest, m M, diags *diag.Diagnostics) bool {
	if l.of.core.List.complete == nil || !req.IncludeResource {
		return true
	}
	err := l.of.core.List.complete(ctx, l.of.client, m)
	if err != nil {
		tfkit.AddAPIError(diags, l.of.core.Label(m), err)
	}
	return err == nil
}

// result is an object as an import would leave it.
func (l *listKernel[M]) result(ctx context.Context, req list.ListRequest, name string, m M, diags *diag.Diagnostics) list.ListResult {
	raw := l.of.raw(ctx, m, diags)
	result := req.NewListResult(ctx)
	result.DisplayName = name
	setIdentity(ctx, result.Identity, &result.Diagnostics, l.of.identity(raw))
	if req.IncludeResource {
		result.Resource.Raw = raw
	}
	return result
}

// ListOrganization lists objects of the organization. what names them in
// diagnostics; convert returns a display name and the model, or nil for an
// object of another type.
func ListOrganization[M, T any](description, what string,
	fetch func(ctx context.Context, client *adminapi.Client) ([]T, error),
	convert func(ctx context.Context, item *T, diags *diag.Diagnostics) (name string, m M),
) Listing[M] {
	return listAll(description, what+" of the organization", fetch, convert)
}

// ListProjectOfKey is ListOrganization for objects of the project of the API key.
func ListProjectOfKey[M, T any](description, what string,
	fetch func(ctx context.Context, client *adminapi.Client) ([]T, error),
	convert func(ctx context.Context, item *T, diags *diag.Diagnostics) (name string, m M),
) Listing[M] {
	return listAll(description, what+" of the project of the API key", fetch, convert)
}

// listAll lists the objects that fetch returns; label names them in diagnostics.
func listAll[M, T any](description, label string,
	fetch func(ctx context.Context, client *adminapi.Client) ([]T, error),
	convert func(ctx context.Context, item *T, diags *diag.Diagnostics) (name string, m M),
) Listing[M] {
	return Listing[M]{
		schema: listschema.Schema{MarkdownDescription: description},
		walk: func(ctx context.Context, client *adminapi.Client, _ list.ListRequest, emit emit[M], diags *diag.Diagnostics) {
			items, err := fetch(ctx, client)
			if adminapi.IsNotFound(err) {
				return // an object that can exist once does not exist
			}
			if err != nil {
				tfkit.AddAPIError(diags, label, err)
				return
			}
			for i := range items {
				if !emit(convert(ctx, &items[i], diags)) {
					return
				}
			}
		},
	}
}

// ListByProject lists objects of the organization, of one project where the
// request names it. filter describes that argument.
func ListByProject[M, T any](description, filter, what string,
	fetch func(ctx context.Context, client *adminapi.Client) ([]T, error), projectOf func(item *T) string,
	convert func(ctx context.Context, item *T, diags *diag.Diagnostics) (name string, m M),
) Listing[M] {
	return Listing[M]{
		schema: filterByProject(description, filter),
		walk: func(ctx context.Context, client *adminapi.Client, req list.ListRequest, emit emit[M], diags *diag.Diagnostics) {
			project, ok := projectFilter(ctx, req, diags)
			if !ok {
				return
			}
			ListOrganization("", what, fetch, func(ctx context.Context, item *T, diags *diag.Diagnostics) (string, M) {
				if !project.IsNull() && projectOf(item) != project.ValueString() {
					var none M
					return "", none
				}
				return convert(ctx, item, diags)
			}).walk(ctx, client, req, emit, diags)
		},
	}
}

// ListProjects lists the objects of projects: of the one in the filter, or of
// all active ones.
func ListProjects[M, T any](description, what string,
	fetch func(ctx context.Context, client *adminapi.Client, projectID string) ([]T, error),
	convert func(ctx context.Context, project *openai.Project, item *T, diags *diag.Diagnostics) (name string, m M),
) Listing[M] {
	return Listing[M]{
		schema: filterByProject(description, "Id of a project (`proj_…`) whose objects are listed. Default: all active projects, which takes one request for each."),
		walk: func(ctx context.Context, client *adminapi.Client, req list.ListRequest, emit emit[M], diags *diag.Diagnostics) {
			walkWithin(ctx, filteredProjects(ctx, req, client, diags),
				func(project *openai.Project) string { return what + " of project " + project.ID },
				func(project *openai.Project) ([]T, error) { return fetch(ctx, client, project.ID) }, convert, emit, diags)
		},
	}
}

// ListWithin lists the objects of parents in the organization, such as the
// roles of groups. The parents are read one after the other, and none after the
// limit is reached.
func ListWithin[M, P, T any](description, what string,
	parents func(ctx context.Context, client *adminapi.Client) ([]P, error),
	fetch func(ctx context.Context, client *adminapi.Client, parent *P) ([]T, error),
	convert func(ctx context.Context, parent *P, item *T, diags *diag.Diagnostics) (name string, m M),
) Listing[M] {
	return Listing[M]{
		schema: listschema.Schema{MarkdownDescription: description},
		walk: func(ctx context.Context, client *adminapi.Client, _ list.ListRequest, emit emit[M], diags *diag.Diagnostics) {
			label := what + " of the organization"
			all, err := parents(ctx, client)
			if err != nil {
				tfkit.AddAPIError(diags, label, err)
				return
			}
			walkWithin(ctx, all, func(*P) string { return label },
				func(parent *P) ([]T, error) { return fetch(ctx, client, parent) }, convert, emit, diags)
		},
	}
}

// walkWithin emits the objects of each parent. label names them in diagnostics.
func walkWithin[M, P, T any](ctx context.Context, parents []P, label func(parent *P) string, fetch func(parent *P) ([]T, error),
	convert func(ctx context.Context, parent *P, item *T, diags *diag.Diagnostics) (name string, m M), emit emit[M], diags *diag.Diagnostics,
) {
	for i := range parents {
		items, err := fetch(&parents[i])
		if adminapi.IsDeleted(err) {
			continue // the parent is removed or archived by now, or has none of the object that can exist in it once
		}
		if err != nil {
			tfkit.AddAPIError(diags, label(&parents[i]), err)
			return
		}
		for j := range items {
			if !emit(convert(ctx, &parents[i], &items[j], diags)) {
				return
			}
		}
	}
}

// ListProjectSettings is ListProjects for objects that a project has at most
// once.
func ListProjectSettings[M, T any](description, what string,
	get func(ctx context.Context, client *adminapi.Client, projectID string) (*T, error),
	convert func(ctx context.Context, project *openai.Project, setting *T, diags *diag.Diagnostics) (name string, m M),
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

// filterByProject is the schema of a list that takes the id of a project.
func filterByProject(description, filter string) listschema.Schema {
	return listschema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]listschema.Attribute{
			"project_id": listschema.StringAttribute{MarkdownDescription: filter, Optional: true, Validators: []validator.String{tfkit.ID()}},
		},
	}
}

// projectFilter is the project that a request names, null for none.
func projectFilter(ctx context.Context, req list.ListRequest, diags *diag.Diagnostics) (id types.String, ok bool) {
	problems := req.Config.GetAttribute(ctx, path.Root("project_id"), &id)
	diags.Append(problems...)
	return id, !problems.HasError()
}

// filteredProjects are the projects that a request asks for, oldest first.
func filteredProjects(ctx context.Context, req list.ListRequest, client *adminapi.Client, diags *diag.Diagnostics) []openai.Project {
	id, ok := projectFilter(ctx, req, diags)
	if !ok {
		return nil
	}
	if !id.IsNull() {
		project, err := client.Projects.Get(ctx, id.ValueString())
		if err != nil {
			tfkit.AddAPIError(diags, "project "+id.ValueString(), err)
			return nil
		}
		if project.Status == adminapi.ProjectArchived {
			diags.AddAttributeError(path.Root("project_id"), "Project is archived",
				fmt.Sprintf("Project %q (%s) is archived. Its objects cannot be managed. Name an active project.", project.Name, project.ID))
			return nil
		}
		return []openai.Project{*project}
	}
	projects, err := client.Projects.List(ctx, false)
	if err != nil {
		tfkit.AddAPIError(diags, "the projects of the organization", err)
		return nil
	}
	slices.SortFunc(projects, func(a, b openai.Project) int {
		return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return projects
}
