package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/allthingsai/terraform-provider-openai/internal/conformance"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

type conformanceFlags struct {
	write      bool
	confirmed  string
	format     string
	transcript string
}

func newConformanceCommand() *cobra.Command {
	var flags conformanceFlags
	command := &cobra.Command{
		Use:   "conformance",
		Short: "Compare an organization with what the provider assumes about the API",
		Long: `Finds out how an organization answers the questions that the documentation of the
Administration API leaves open, which operations it lacks, which answers have
other fields than documented, and how it throttles. docs/assumptions.md lists the
questions. The organization is that of OPENAI_ADMIN_KEY (and OPENAI_BASE_URL).

Without --write it only reads. At the end it reads one list until the API
throttles it, which may delay other clients for a minute.

With --write it also creates objects: a project, service accounts with keys,
groups, roles, an invitation, limits, a certificate, a workload identity provider
and an external key. Their names begin with conformance-. It adds one owner of
the organization to this project for a moment. The invitation is for an address
below example.com. It removes everything at the end, also after an interrupt or a
failure, and archives the project, which the API cannot delete. A second interrupt
ends it at once. Before it begins, it asks for the name of the organization.

--transcript writes requests and answers without ids, names, e-mail addresses,
secrets and amounts. The file can be attached to an issue.

It ends with status 0, with 1 when it failed, was interrupted or left an object,
and with 2 when the organization differs.`,
		Example: `  openai-admin conformance
  openai-admin conformance --format markdown > conformance.md
  openai-admin conformance --write --transcript organization.jsonl
  openai-admin conformance --write --yes-i-mean org-abc123`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return runConformance(command.Context(), flags, command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	f := command.Flags()
	f.BoolVar(&flags.write, "write", false, "create objects, and remove them again")
	f.StringVar(&flags.confirmed, "yes-i-mean", "", "name of the organization, for --write without the question")
	f.StringVar(&flags.format, "format", "table", "table, markdown or json")
	f.StringVar(&flags.transcript, "transcript", "", "file for requests and answers, without names and secrets")
	return command
}

func runConformance(ctx context.Context, flags conformanceFlags, in io.Reader, out, errOut io.Writer) (err error) {
	write, known := conformance.Writers[flags.format]
	if !known {
		return fmt.Errorf("--format must be one of %s, got %q", strings.Join(slices.Sorted(maps.Keys(conformance.Writers)), ", "), flags.format)
	}
	if flags.confirmed != "" && !flags.write {
		return errors.New("--yes-i-mean needs --write")
	}
	config, err := configFromEnvironment()
	if err != nil {
		return err
	}
	options := conformance.Options{
		BaseURL: config.BaseURL, Key: config.AdminAPIKey, UserAgent: config.UserAgent, Clock: config.Clock, Write: flags.write,
		Prefix:   "conformance-" + strings.ToLower(rand.Text()[:10]),
		Progress: func(text string) { _, _ = fmt.Fprintln(errOut, text+" …") },
	}
	for _, operation := range emulator.KnownOperations() {
		options.Operations = append(options.Operations, conformance.Operation{Name: operation.Name, Method: operation.Method, Path: operation.Path})
	}
	if flags.write {
		if err := confirm(ctx, options, flags.confirmed, in, errOut); err != nil {
			return err
		}
	}
	if flags.transcript != "" {
		file, err := os.OpenFile(flags.transcript, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("--transcript: %w", err)
		}
		recorder := conformance.NewRecorder(file)
		options.Record = recorder.Record
		defer func() { err = errors.Join(err, recorder.Err(), file.Close()) }()
	}
	report, err := conformance.Run(ctx, options)
	if err != nil {
		return err
	}
	if err := write(report, out); err != nil {
		return err
	}
	switch {
	case len(report.Left) > 0:
		return fmt.Errorf("these objects could not be removed: %s", strings.Join(report.Left, ", "))
	case report.Interrupted != "":
		return errors.New("interrupted")
	case !report.Conforms():
		return statusError{2, "the organization differs from what the provider assumes"}
	}
	return nil
}

// confirm makes sure that the caller means the organization of the admin key.
func confirm(ctx context.Context, options conformance.Options, confirmed string, in io.Reader, errOut io.Writer) error {
	organization, err := conformance.Organization(ctx, options)
	if err != nil {
		return err
	}
	if confirmed == "" {
		_, _ = fmt.Fprintf(errOut, "This creates objects in the organization of OPENAI_ADMIN_KEY, and removes them again.\nType %s to go on: ", organization)
		line, err := bufio.NewReader(in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		confirmed = strings.TrimSpace(line)
	}
	if organization == "" || confirmed != organization {
		return fmt.Errorf("the admin key is of the organization %q, not %q: nothing was created", organization, confirmed)
	}
	return nil
}
