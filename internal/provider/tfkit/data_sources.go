package tfkit

import (
	"cmp"
	"sort"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// ProjectParameter is the project that a data source is about.
func ProjectParameter() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Id of the project (`proj_…`).",
		Required:            true,
		Validators:          []validator.String{ID()},
	}
}

// SortByAge brings objects into the order of their creation, and those of the
// same second into that of their ids: the API promises no order, and a plan
// must not change by itself.
func SortByAge[T any](items []T, age func(T) (createdAt types.Int64, id types.String)) {
	// Unlike slices.SortFunc, it is not compiled for each type.
	sort.Slice(items, func(i, j int) bool {
		createdI, idI := age(items[i])
		createdJ, idJ := age(items[j])
		return cmp.Or(cmp.Compare(createdI.ValueInt64(), createdJ.ValueInt64()), cmp.Compare(idI.ValueString(), idJ.ValueString())) < 0
	})
}

// OnlyNamed returns the one item of a name. When there is not exactly one, it
// returns nil and adds an error at the attribute of the name; description names
// the item, and byID is the attribute that names one for certain.
func OnlyNamed[T any](items []T, of func(*T) (id, name string), attribute, name, description, byID string, diags *diag.Diagnostics) *T {
	var found []string
	var only *T
	for i := range items {
		if id, stored := of(&items[i]); adminapi.IsNamed(stored, name) {
			only, found = &items[i], append(found, id)
		}
	}
	if len(found) != 1 {
		AddNotOne(diags, path.Root(attribute), description, byID, found)
		return nil
	}
	return only
}
