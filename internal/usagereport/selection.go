package usagereport

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// Selection has the objects of a report, by id or by name.
type Selection struct {
	// Projects are ids or names, also of archived projects.
	Projects []string
	// Keys are ids or names of API keys. An id is accepted without a lookup,
	// because usage outlives the key.
	Keys []string
	// Users are ids or e-mail addresses.
	Users []string
}

// Resolve returns the request with ids in place of names. A name that no object
// has, or that several have, is an error.
func (r Request) Resolve(ctx context.Context, client *adminapi.Client, selection Selection) (Request, error) {
	var err error
	if r.Projects, err = resolveProjects(ctx, client, selection.Projects); err != nil {
		return r, err
	}
	if r.Users, err = resolveUsers(ctx, client, selection.Users); err != nil {
		return r, err
	}
	r.Keys, err = resolveKeys(ctx, client, selection.Keys, r.Projects)
	return r, err
}

// candidate is an object that an argument can name.
type candidate struct{ id, name, where string }

// choose returns the id of the one object that has this id or name.
func choose(flag, object, want string, candidates []candidate) (string, error) {
	var named []candidate
	for _, c := range candidates {
		if c.id == want {
			return c.id, nil
		}
		if strings.EqualFold(c.name, want) {
			named = append(named, c)
		}
	}
	switch len(named) {
	case 0:
		return "", fmt.Errorf("invalid value for --%s: there is no %s with the id or name %q", flag, object, want)
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

func resolveUsers(ctx context.Context, client *adminapi.Client, want []string) ([]string, error) {
	return resolve("user", "user", want, func() ([]candidate, error) {
		users, err := client.Users.List(ctx)
		return convert(users, func(u openai.OrganizationUser) candidate { return candidate{id: u.ID, name: u.Email} }), err
	})
}

// keyPrefix begins the id of every API key.
const keyPrefix = "key_"

func resolveKeys(ctx context.Context, client *adminapi.Client, want, projects []string) ([]string, error) {
	isID := func(name string) bool { return strings.HasPrefix(name, keyPrefix) }
	names := slices.DeleteFunc(slices.Clone(want), isID)
	ids, err := resolve("key", "API key", names, func() ([]candidate, error) {
		if len(projects) == 0 {
			all, err := client.Projects.List(ctx, false)
			if err != nil {
				return nil, err
			}
			projects = convert(all, func(p openai.Project) string { return p.ID })
		}
		var candidates []candidate
		for _, project := range projects {
			keys, err := client.APIKeys.List(ctx, project)
			if err != nil {
				return nil, err
			}
			candidates = append(candidates, convert(keys, func(k openai.ProjectAPIKey) candidate {
				return candidate{id: k.ID, name: k.Name, where: "project " + project}
			})...)
		}
		return candidates, nil
	})
	return slices.Concat(slices.DeleteFunc(slices.Clone(want), func(name string) bool { return !isID(name) }), ids), err
}

func convert[From, To any](from []From, one func(From) To) []To {
	to := make([]To, len(from))
	for i, item := range from {
		to[i] = one(item)
	}
	return to
}
