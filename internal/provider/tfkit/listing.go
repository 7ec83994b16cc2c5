package tfkit

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// A list resource embeds the resource that it lists, which gives it the type
// name and the client, and adds a schema of filters and List.

// Listed is an object that a list resource has found.
type Listed struct {
	// Name is what a person would call the object.
	Name string
	// Model is the state that an import would end in.
	Model any
	// Identity is the object's identity.
	Identity map[string]types.String
}

// ListOrganization answers a list request with objects of the organisation.
// what names them in diagnostics. The conversion returns nil for an object that
// is not of this type.
func ListOrganization[T any](ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, what string,
	fetch func(ctx context.Context) ([]T, error), convert func(item *T, diags *diag.Diagnostics) *Listed,
) {
	answer(ctx, req, stream, func(emit func(*Listed) bool, diags *diag.Diagnostics) {
		items, err := fetch(ctx)
		if adminapi.IsNotFound(err) {
			return // what can be there once is not there
		}
		if err != nil {
			AddAPIError(diags, what+" of the organisation", err)
			return
		}
		for i := range items {
			if !emit(convert(&items[i], diags)) {
				return
			}
		}
	})
}

// ListWithin is ListOrganization for what belongs to other objects, such as the
// members of groups. The others are asked one after the other, and none after
// the limit is reached.
func ListWithin[P, T any](ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, what string,
	parents func(ctx context.Context) ([]P, error), fetch func(ctx context.Context, parent *P) ([]T, error), convert func(parent *P, item *T, diags *diag.Diagnostics) *Listed,
) {
	answer(ctx, req, stream, func(emit func(*Listed) bool, diags *diag.Diagnostics) {
		all, err := parents(ctx)
		if err != nil {
			AddAPIError(diags, what+" of the organisation", err)
			return
		}
		within(ctx, all, func(*P) string { return what + " of the organisation" }, fetch, convert, emit, diags)
	})
}

// ListProjects is ListWithin for what belongs to projects: to the one of the
// filter, or to all active ones.
func ListProjects[T any](ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, client *adminapi.Client, what string,
	fetch func(ctx context.Context, projectID string) ([]T, error), convert func(project *openai.Project, item *T, diags *diag.Diagnostics) *Listed,
) {
	answer(ctx, req, stream, func(emit func(*Listed) bool, diags *diag.Diagnostics) {
		within(ctx, filteredProjects(ctx, req, client, diags), func(project *openai.Project) string { return what + " of project " + project.ID },
			func(ctx context.Context, project *openai.Project) ([]T, error) { return fetch(ctx, project.ID) }, convert, emit, diags)
	})
}

// within emits what belongs to each of the parents. label names it in
// diagnostics.
func within[P, T any](ctx context.Context, parents []P, label func(parent *P) string, fetch func(ctx context.Context, parent *P) ([]T, error),
	convert func(parent *P, item *T, diags *diag.Diagnostics) *Listed, emit func(*Listed) bool, diags *diag.Diagnostics,
) {
	for i := range parents {
		items, err := fetch(ctx, &parents[i])
		if adminapi.IsGone(err) {
			continue // it is removed or archived by now, or what can be in it once is not there
		}
		if err != nil {
			AddAPIError(diags, label(&parents[i]), err)
			return
		}
		for j := range items {
			if !emit(convert(&parents[i], &items[j], diags)) {
				return
			}
		}
	}
}

// answer streams what walk emits, up to the limit of the request. emit takes
// nil for nothing, and says whether to go on.
func answer(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, walk func(emit func(*Listed) bool, diags *diag.Diagnostics)) {
	stream.Results = func(push func(list.ListResult) bool) {
		var diags diag.Diagnostics
		var count int64
		more := true
		walk(func(object *Listed) bool {
			if object == nil {
				return more
			}
			count++
			more = push(result(ctx, req, object)) && (req.Limit <= 0 || count < req.Limit)
			return more
		}, &diags)
		if more && len(diags) > 0 {
			push(list.ListResult{Diagnostics: diags})
		}
	}
}

func result(ctx context.Context, req list.ListRequest, object *Listed) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = object.Name
	SetIdentity(ctx, result.Identity, &result.Diagnostics, object.Identity)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, object.Model)...)
	}
	return result
}

// NoFilter is the schema of a list that takes no filters.
func NoFilter(what string) schema.Schema {
	return schema.Schema{MarkdownDescription: what}
}

// ProjectFilter is the schema of a list of what belongs to projects.
func ProjectFilter(what string) schema.Schema {
	return FilterByProject(what, "Only what belongs to this project (`proj_…`). Default: all active projects, which takes one request for each.")
}

// FilterByProject is that schema for a list whose filter means something else.
func FilterByProject(what, filter string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: what,
		Attributes: map[string]schema.Attribute{
			"project_id": schema.StringAttribute{
				MarkdownDescription: filter,
				Optional:            true,
				Validators:          []validator.String{ID()},
			},
		},
	}
}

// filteredProjects are the projects that a request asks for, oldest first.
func filteredProjects(ctx context.Context, req list.ListRequest, client *adminapi.Client, diags *diag.Diagnostics) []openai.Project {
	var id types.String
	diags.Append(req.Config.GetAttribute(ctx, path.Root("project_id"), &id)...)
	if diags.HasError() {
		return nil
	}
	if !id.IsNull() {
		project, err := client.Projects.Get(ctx, id.ValueString())
		if err != nil {
			AddAPIError(diags, "project "+id.ValueString(), err)
			return nil
		}
		return []openai.Project{*project}
	}
	projects, err := client.Projects.List(ctx, false)
	if err != nil {
		AddAPIError(diags, "the projects of the organisation", err)
		return nil
	}
	slices.SortFunc(projects, func(a, b openai.Project) int {
		return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return projects
}
