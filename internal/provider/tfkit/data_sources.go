package tfkit

import (
	"cmp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
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
	slices.SortFunc(items, func(a, b T) int {
		createdA, idA := age(a)
		createdB, idB := age(b)
		return cmp.Or(cmp.Compare(createdA.ValueInt64(), createdB.ValueInt64()), cmp.Compare(idA.ValueString(), idB.ValueString()))
	})
}

// Only returns the one item that matches, and nil with the ids of all that do
// when that is not exactly one.
func Only[T any](items []T, id func(*T) string, match func(*T) bool) (*T, []string) {
	var found []string
	var only *T
	for i := range items {
		if match(&items[i]) {
			only = &items[i]
			found = append(found, id(only))
		}
	}
	if len(found) != 1 {
		return nil, found
	}
	return only, nil
}
