package main

import (
	"github.com/spf13/cobra"

	"github.com/allthingsai/terraform-provider-openai/internal/export"
)

func newExportCommand() *cobra.Command {
	options := export.Options{Version: version}
	command := &cobra.Command{
		Use:   "export FOLDER",
		Short: "Write the organization down as Terraform configuration with import blocks",
		Long: `Writes the organization into a folder: a file for each project, one for
objects of the organization, import blocks with the resources, references instead of ids.
Applying it imports everything and changes nothing. It needs Terraform 1.5.

The organization is that of OPENAI_ADMIN_KEY (and OPENAI_BASE_URL). Nothing but
reads are sent, and no secret is written: the API gives none.`,
		Example: `  openai-admin export organization
  openai-admin export shop --project shop-dev --project shop-prod
  openai-admin export organization --include openai_project_rate_limit`,
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			options.Folder = args[0]
			return export.Run(command.Context(), options, command.OutOrStdout())
		},
	}
	f := command.Flags()
	f.StringArrayVar(&options.Projects, "project", nil, "id or name of a project; repeatable (default: all, and the organization itself)")
	f.StringArrayVar(&options.Include, "include", nil, "a resource type that is left out otherwise; repeatable")
	f.StringArrayVar(&options.Exclude, "exclude", nil, "a resource type to leave out; repeatable")
	return command
}
