package usagereport

import (
	"context"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// readNames reads the names of projects, API keys and users that are in rows.
func (r *Report) readNames(ctx context.Context, client *adminapi.Client) error {
	if len(r.Rows) == 0 {
		return nil
	}
	for i, d := range r.by {
		switch d.column {
		case projectColumn:
			projects, err := client.Projects.List(ctx, true)
			if err != nil {
				return err
			}
			for _, project := range projects {
				r.Names[project.ID] = project.Name
			}
		case userColumn:
			users, err := client.Users.List(ctx)
			if err != nil {
				return err
			}
			for _, user := range users {
				r.Names[user.ID] = user.Email
			}
		case keyColumn:
			if err := r.readKeyNames(ctx, client, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// readKeyNames lists the keys of the projects whose keys are in rows. A key that
// was revoked, or whose project is archived, has no name.
func (r *Report) readKeyNames(ctx context.Context, client *adminapi.Client, column int) error {
	projects := map[string]bool{}
	for _, row := range r.Rows {
		if project := r.projectOf[row.Group[column]]; project != "" {
			projects[project] = true
		}
	}
	for project := range projects {
		keys, err := client.APIKeys.List(ctx, project)
		if adminapi.IsDeleted(err) {
			continue
		}
		if err != nil {
			return err
		}
		for _, key := range keys {
			r.Names[key.ID] = key.Name
		}
	}
	return nil
}
