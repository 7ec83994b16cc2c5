package snapshot

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// mostAtOnce is how many requests of one endpoint are under way. The client
// paces them once the API throttles.
const mostAtOnce = 4

// reader reads a snapshot. Every endpoint has a group of requests of its own,
// because the API throttles each on its own.
type reader struct {
	client   *adminapi.Client
	snapshot *Snapshot
	parts    Parts
}

// readOrganization reads what is not below projects.
func (r reader) readOrganization(ctx context.Context) error {
	s, client := r.snapshot, r.client
	reads, ctx := errgroup.WithContext(ctx)
	reads.Go(func() (err error) {
		s.Costs, err = r.readCosts(ctx)
		return err
	})
	reads.Go(func() error {
		projects, err := client.Projects.List(ctx, true)
		for _, project := range projects {
			s.Projects = append(s.Projects, &Project{Project: project})
		}
		return err
	})
	reads.Go(func() (err error) {
		s.Limit, err = client.SpendLimits.Existing(ctx, adminapi.WholeOrganization)
		return err
	})
	reads.Go(func() (err error) {
		s.Alerts, err = client.SpendAlerts.List(ctx, adminapi.WholeOrganization)
		return err
	})
	reads.Go(func() (err error) {
		s.AdminKeys, err = client.AdminKeys.List(ctx)
		return err
	})
	if r.parts.Invites {
		reads.Go(func() (err error) {
			s.Invites, err = client.Invites.List(ctx)
			return err
		})
	}
	if r.parts.People {
		reads.Go(func() (err error) {
			s.Users, err = client.Users.List(ctx)
			return err
		})
	}
	return reads.Wait()
}

// readProjects reads what is below projects, endpoint by endpoint.
func (r reader) readProjects(ctx context.Context) error {
	client := r.client
	endpoints := []func(ctx context.Context, p *Project) error{
		func(ctx context.Context, p *Project) (err error) {
			p.Limit, err = client.SpendLimits.Existing(ctx, p.ID)
			return err
		},
		func(ctx context.Context, p *Project) (err error) {
			p.Alerts, err = client.SpendAlerts.List(ctx, p.ID)
			return err
		},
		func(ctx context.Context, p *Project) (err error) {
			p.Keys, err = client.APIKeys.List(ctx, p.ID)
			return err
		},
	}
	if r.parts.People {
		endpoints = append(endpoints, func(ctx context.Context, p *Project) (err error) {
			p.Users, err = client.ProjectUsers.List(ctx, p.ID)
			return err
		}, func(ctx context.Context, p *Project) error {
			groups, err := client.ProjectGroups.List(ctx, p.ID)
			for _, group := range groups {
				p.GroupIDs = append(p.GroupIDs, group.GroupID)
			}
			return err
		})
	}
	active := r.snapshot.Active()
	reads, ctx := errgroup.WithContext(ctx)
	for _, read := range endpoints {
		reads.Go(func() error { return readEach(ctx, active, read) })
	}
	return reads.Wait()
}

// readEach reads one endpoint for each of the projects. One that is archived
// meanwhile has nothing.
func readEach(ctx context.Context, projects []*Project, read func(ctx context.Context, p *Project) error) error {
	reads, ctx := errgroup.WithContext(ctx)
	reads.SetLimit(mostAtOnce)
	for _, p := range projects {
		reads.Go(func() error {
			if err := read(ctx, p); err != nil && !adminapi.IsDeleted(err) {
				return err
			}
			return nil
		})
	}
	return reads.Wait()
}

// readGroups reads the users of the groups that projects have.
func (r reader) readGroups(ctx context.Context) error {
	var ids []string
	for _, p := range r.snapshot.Projects {
		ids = append(ids, p.GroupIDs...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	users := make([][]string, len(ids))
	reads, ctx := errgroup.WithContext(ctx)
	reads.SetLimit(mostAtOnce)
	for i, id := range ids {
		reads.Go(func() error {
			members, err := r.client.GroupUsers.List(ctx, id)
			for _, member := range members {
				users[i] = append(users[i], member.ID)
			}
			if adminapi.IsDeleted(err) {
				return nil
			}
			return err
		})
	}
	if err := reads.Wait(); err != nil {
		return err
	}
	for i, id := range ids {
		r.snapshot.GroupUsers[id] = users[i]
	}
	return nil
}

func (r reader) readRateLimits(ctx context.Context) error {
	if r.parts.RateLimits == nil {
		return nil
	}
	chosen := slices.DeleteFunc(r.snapshot.Active(), func(p *Project) bool { return !r.parts.RateLimits(r.snapshot, p) })
	return readEach(ctx, chosen, func(ctx context.Context, p *Project) (err error) {
		p.RateLimits, err = r.client.RateLimits.List(ctx, p.ID)
		return err
	})
}
