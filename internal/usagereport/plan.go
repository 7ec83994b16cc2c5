package usagereport

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/suggest"
)

// plan has the reads of a request.
type plan struct {
	by    []dimension
	kinds []adminapi.UsageKind
	// omitted are the kinds that cannot be grouped and filtered so.
	omitted []string
	// noCosts says why costs are not read.
	noCosts string
}

func (r Request) plan() (p plan, err error) {
	if p.by, err = findDimensions(r.By); err != nil {
		return p, err
	}
	for _, name := range r.Kinds {
		if _, known := adminapi.FindUsageKind(name); !known {
			return p, fmt.Errorf("%q is not a kind of usage%s; use %s", name, suggest.Sentence(name, adminapi.UsageKindNames()), strings.Join(adminapi.UsageKindNames(), ", "))
		}
	}
	p.noCosts = r.noCosts(p.by)
	for _, d := range p.by {
		if d.usage != nil {
			continue
		}
		if p.noCosts != "" || len(r.Kinds) > 0 {
			return p, fmt.Errorf("only costs can be broken down by %s, and there are none: %s", d.flag, p.noCosts)
		}
		return p, nil
	}
	for _, kind := range adminapi.UsageKinds {
		if len(r.Kinds) > 0 && !slices.Contains(r.Kinds, kind.Name) {
			continue
		}
		if missing := r.notFor(kind, p.by); missing == "" {
			p.kinds = append(p.kinds, kind)
		} else if len(r.Kinds) > 0 {
			return p, fmt.Errorf("usage of kind %s does not know %s", kind.Name, missing)
		} else {
			p.omitted = append(p.omitted, kind.Name)
		}
	}
	if len(p.kinds) == 0 {
		return p, errors.New("no kind of usage can be broken down and filtered like that")
	}
	return p, nil
}

// filters are those of the API. The report itself selects models, because only
// the answer shows which there are.
func (r Request) filters() map[string][]string {
	filters := map[string][]string{}
	for name, values := range map[string][]string{"project_ids": r.Projects, "api_key_ids": r.Keys, "user_ids": r.Users, "models": r.Models} {
		if len(values) > 0 {
			filters[name] = values
		}
	}
	return filters
}

// notFor returns a dimension or filter of the request that a kind of usage does
// not have, if any.
func (r Request) notFor(kind adminapi.UsageKind, by []dimension) string {
	for _, d := range by {
		if !d.ours && !slices.Contains(kind.GroupBy, d.column) {
			return d.flag
		}
	}
	for name := range r.filters() {
		if !slices.Contains(kind.Filters, name) {
			return name
		}
	}
	return ""
}

// noCosts says why the API does not return the costs of the groups, empty where
// it does.
func (r Request) noCosts(by []dimension) string {
	for _, d := range by {
		if d.cost == nil {
			return "the API does not return costs by " + d.flag
		}
	}
	columns := columnsOf(by)
	switch {
	case len(r.Models) > 0:
		return "the API does not return the costs of a model"
	case len(r.Users) > 0:
		return "the API does not return the costs of a user"
	case len(r.Kinds) > 0:
		return "the API does not return the costs of a kind of usage"
	case slices.Contains(columns, userColumn) && (slices.Contains(columns, projectColumn) || len(r.Projects) > 0):
		return "the API does not return costs by user within projects"
	}
	return ""
}

// Pages is how many pages have to be read.
func (r Request) Pages() (int, error) {
	p, err := r.plan()
	pages := len(p.kinds) * adminapi.UsagePages(r.Days())
	if p.noCosts == "" {
		pages += adminapi.CostPages(r.Days())
	}
	return pages, err
}
