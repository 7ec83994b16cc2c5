package main

import (
	"github.com/spf13/cobra"

	"github.com/allthingsai/terraform-provider-openai/internal/export"
)

func newExportCommand() *cobra.Command {
	options := export.Options{Version: version}
	command := &cobra.Command{
		Use:   "export FOLDER",
		Short: "Export the organization as Terraform configuration with import blocks",
		Long: `Writes the organization into a folder: a file for each project, and one for
the objects of the organization. Resources have import blocks, and references
instead of ids. Applying it imports all objects and changes none. It needs
Terraform 1.5.

The organization is that of OPENAI_ADMIN_KEY (and OPENAI_BASE_URL). Webhook
endpoints, with --include, are those of the project of OPENAI_API_KEY. The command
only reads. It writes no secrets, because the API does not return them.`,
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
	f.StringSliceVar(&options.Include, "include", nil, "resource types that are not exported by default, separated with commas; repeatable")
	f.StringSliceVar(&options.Exclude, "exclude", nil, "resource types that are not exported, separated with commas; repeatable")
	completeList(command, "include", export.OnRequest()...)
	completeList(command, "exclude", export.TypeNames()...)
	return command
}
