package usagereport

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/suggest"
)

// Selection has the objects of a report, by id or by name.
type Selection struct {
	// Projects are ids or names, also of archived projects.
	Projects []string
	// Keys are ids or names of API keys. An id is not read, because usage outlives
	// the key. When it has no usage, Make reads whether there is such a key.
	Keys []string
	// Users are ids, also of removed users, or e-mail addresses.
	Users []string
}

// Resolve returns the request with ids in place of names. A name that no object
// has, or that several have, is an error.
func (r Request) Resolve(ctx context.Context, client *adminapi.Client, selection Selection) (Request, error) {
	var err error
	if r.Projects, err = resolveProjects(ctx, client, selection.Projects); err != nil {
		return r, err
	}
	if r.Users, r.unread.users, err = resolveUsers(ctx, client, selection.Users); err != nil {
		return r, err
	}
	r.Keys, r.unread.keys, err = resolveKeys(ctx, client, selection.Keys, r.Projects)
	return r, err
}

// unread are ids of the selection that may not exist: usage of them is the
// evidence that they do.
type unread struct{ keys, users []string }

// candidate is an object that an argument can name.
type candidate struct{ id, name, where string }

// choose returns the id of the one object that has this id or name. Among names
// that differ in case, the one that is equal counts.
func choose(flag, object, want string, candidates []candidate) (string, error) {
	var equal, similar []candidate
	names := make([]string, len(candidates))
	for i, c := range candidates {
		names[i] = c.name
		switch {
		case c.id == want:
			return c.id, nil
		case c.name == want:
			equal = append(equal, c)
		case strings.EqualFold(c.name, want):
			similar = append(similar, c)
		}
	}
	named := equal
	if len(named) == 0 {
		named = similar
	}
	switch len(named) {
	case 0:
		return "", noneError(flag, object, want, names)
	case 1:
		return named[0].id, nil
	}
	ids := make([]string, len(named))
	for i, c := range named {
		ids[i] = c.id
		if c.where != "" {
			ids[i] += " in " + c.where
		}
	}
	return "", fmt.Errorf("invalid value for --%s: %d %ss have the name %q; use an id: %s", flag, len(named), object, want, strings.Join(ids, ", "))
}

func noneError(flag, object, want string, names []string) error {
	return fmt.Errorf("invalid value for --%s: there is no %s with the id or name %q%s", flag, object, want, suggest.Sentence(want, names))
}

// resolve chooses an id for each argument; candidates are read only when there
// is one to resolve.
func resolve(flag, object string, want []string, read func() ([]candidate, error)) ([]string, error) {
	if len(want) == 0 {
		return nil, nil
	}
	candidates, err := read()
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(want))
	for i, name := range want {
		if ids[i], err = choose(flag, object, name, candidates); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func resolveProjects(ctx context.Context, client *adminapi.Client, want []string) ([]string, error) {
	return resolve("project", "project", want, func() ([]candidate, error) {
		projects, err := client.Projects.List(ctx, true)
		return convert(projects, func(p openai.Project) candidate { return candidate{id: p.ID, name: p.Name} }), err
	})
}

// The prefixes of ids of users and of API keys.
var (
	userPrefixes = []string{"user-", "user_"}
	keyPrefixes  = []string{"key_"}
)

func isID(name string, prefixes []string) bool {
	return !strings.Contains(name, "@") && slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// resolveUsers also returns the ids that no user of the organization has.
func resolveUsers(ctx context.Context, client *adminapi.Client, want []string) (ids, removed []string, err error) {
	if len(want) == 0 {
		return nil, nil, nil
	}
	users, err := client.Users.List(ctx)
	if err != nil {
		return nil, nil, err
	}
	candidates := convert(users, func(u openai.OrganizationUser) candidate { return candidate{id: u.ID, name: u.Email} })
	for _, name := range want {
		id, err := choose("user", "user", name, candidates)
		if err != nil && !isID(name, userPrefixes) {
			return nil, nil, err
		}
		if err != nil {
			id, removed = name, append(removed, name)
		}
		ids = append(ids, id)
	}
	return ids, removed, nil
}

// resolveKeys also returns the ids, which are not read.
func resolveKeys(ctx context.Context, client *adminapi.Client, want, projects []string) (ids, notRead []string, err error) {
	var names []string
	for _, name := range want {
		if isID(name, keyPrefixes) {
			notRead = append(notRead, name)
		} else {
			names = append(names, name)
		}
	}
	ids, err = resolve("key", "API key", names, func() ([]candidate, error) { return readKeys(ctx, client, projects, false) })
	return slices.Concat(notRead, ids), notRead, err
}

// readKeys lists the keys of these projects, or of all.
func readKeys(ctx context.Context, client *adminapi.Client, projects []string, archived bool) ([]candidate, error) {
	if len(projects) == 0 {
		all, err := client.Projects.List(ctx, archived)
		if err != nil {
			return nil, err
		}
		projects = convert(all, func(p openai.Project) string { return p.ID })
	}
	var candidates []candidate
	for _, project := range projects {
		keys, err := client.APIKeys.List(ctx, project)
		if adminapi.IsDeleted(err) {
			continue // an archived project has no keys
		}
		if err != nil {
			return nil, err
		}
		candidates = append(candidates, convert(keys, func(k openai.ProjectAPIKey) candidate {
			return candidate{id: k.ID, name: k.Name, where: "project " + project}
		})...)
	}
	return candidates, nil
}

// checkSelection returns an error for a key, a user or a model of the selection
// that has no usage and does not exist. Its report would be of zeros.
func (r *Report) checkSelection(ctx context.Context, client *adminapi.Client, request Request) error {
	if err := r.checkKeys(ctx, client, request); err != nil {
		return err
	}
	for _, id := range request.unread.users {
		if !r.used[userColumn][id] {
			return noneError("user", "user", id, nil)
		}
	}
	return r.checkModels(ctx, client, request)
}

func (r *Report) checkKeys(ctx context.Context, client *adminapi.Client, request Request) error {
	unused := slices.DeleteFunc(slices.Clone(request.unread.keys), func(id string) bool { return r.used[keyColumn][id] })
	// Costs alone do not name the keys that they are of.
	if len(unused) == 0 || len(r.counted) == 0 && len(r.Rows) > 0 {
		return nil
	}
	keys, err := readKeys(ctx, client, request.Projects, true)
	if err != nil {
		return err
	}
	for _, id := range unused {
		found, err := choose("key", "API key", id, keys)
		if err != nil {
			return err
		}
		if found != id {
			return fmt.Errorf("invalid value for --key: %q begins like an id, and is the name of the key %s; use this id", id, found)
		}
	}
	return nil
}

// checkModels accepts a model without usage only when it has rate limits. Usage
// names snapshots, which are no usage of the name without a date.
func (r *Report) checkModels(ctx context.Context, client *adminapi.Client, request Request) error {
	used := slices.Sorted(maps.Keys(r.used[modelColumn]))
	for _, model := range request.Models {
		if r.used[modelColumn][model] {
			continue
		}
		if snapshots := slices.DeleteFunc(slices.Clone(used), func(name string) bool { return !isSnapshot(name, model) }); len(snapshots) > 0 {
			return fmt.Errorf("invalid value for --model: %q has no usage in this time; the usage is of %s", model, strings.Join(snapshots, ", "))
		}
		limited, err := limitedModels(ctx, client)
		if err != nil {
			return err
		}
		if !slices.Contains(limited, model) {
			return noneError("model", "model", model, slices.Concat(used, limited))
		}
	}
	return nil
}

// snapshotDate ends the name of a snapshot, such as -2025-08-07 or -0613.
var snapshotDate = regexp.MustCompile(`^-(\d{4}-\d{2}-\d{2}|\d{4})$`)

func isSnapshot(name, model string) bool {
	date, ok := strings.CutPrefix(name, model)
	return ok && snapshotDate.MatchString(date)
}

// limitedModels lists the models that have rate limits in a project: the API has
// no other list of them for an admin key.
func limitedModels(ctx context.Context, client *adminapi.Client) ([]string, error) {
	projects, err := client.Projects.List(ctx, false)
	if err != nil || len(projects) == 0 {
		return nil, err
	}
	limits, err := client.RateLimits.List(ctx, projects[0].ID)
	return convert(limits, func(l openai.ProjectRateLimit) string { return l.Model }), err
}

func convert[From, To any](from []From, one func(From) To) []To {
	to := make([]To, len(from))
	for i, item := range from {
		to[i] = one(item)
	}
	return to
}
