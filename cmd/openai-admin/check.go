package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/orgcheck"
)

type checkFlags struct {
	ruleFlags
	format        string
	name          string
	file          string
	baseline      string
	writeBaseline string
}

// checkFormats are the formats of a check.
var checkFormats = []string{"text", "markdown", "json", "sarif"}

func newCheckCommand() *cobra.Command {
	var flags checkFlags
	command := &cobra.Command{
		Use:   "check",
		Short: "Check the organization against rules of good practice",
		Long: `Reads limits, alerts, keys, people and costs of the organization, and reports
what breaks the rules of good practice, with the reason and a remedy. It needs no
Terraform. The organization is that of OPENAI_ADMIN_KEY (and OPENAI_BASE_URL). The
command only reads, and a key with read permissions is enough.

The guide Status and good practice lists the rules and their severities. The
section check of .openai-review.yaml changes them.

--write-baseline accepts all findings of today in a file. With --baseline, a check
reports only findings that are not in the file.

It sends 6 requests, 5 for each project, and one for each group that has a role in
a project. For a project whose spend comes near its hard limit, it also reads the
rate limits. Long lists take more pages.

It ends with status 0, with 1 when the organization could not be checked, and with
2 when there is a finding of the severity --fail-on or a higher one.`,
		Example: `  openai-admin check
  openai-admin check --fail-on medium
  openai-admin check --write-baseline openai-baseline.json
  openai-admin check --baseline openai-baseline.json --fail-on low --format markdown`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return check(command.Context(), flags, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	f := command.Flags()
	flags.register(f)
	f.StringVar(&flags.format, "format", "text", strings.Join(checkFormats, ", "))
	f.StringVar(&flags.name, "name", "", "name of the organization, for the title of the report")
	f.StringVar(&flags.file, "sarif-file", findings.ConfigFile, "file of the results in code scanning")
	f.StringVar(&flags.baseline, "baseline", "", "file with accepted findings, which are not reported")
	f.StringVar(&flags.writeBaseline, "write-baseline", "", "write all findings to a file, as accepted, and end with status 0")
	command.MarkFlagsMutuallyExclusive("baseline", "write-baseline")
	completeValues(command, "format", checkFormats...)
	completeValues(command, "fail-on", "high", "medium", "low", "off")
	return command
}

func check(ctx context.Context, flags checkFlags, out, errOut io.Writer) error {
	config, err := flags.read(findings.CheckSection, orgcheck.DefaultRules())
	if err != nil {
		return err
	}
	if err := oneOf("format", flags.format, checkFormats); err != nil {
		return err
	}
	var baseline orgcheck.Baseline
	if flags.baseline != "" {
		if baseline, err = orgcheck.ReadBaseline(flags.baseline); err != nil {
			return err
		}
	}
	client, err := clientFromEnvironment()
	if err != nil {
		return err
	}
	ticker := time.NewTicker(waitingReports)
	defer ticker.Stop()
	defer reportWaiting(errOut, ticker.C, client.Waited)()
	report, err := orgcheck.Run(ctx, client, config)
	if err != nil {
		return err
	}
	if flags.writeBaseline != "" {
		accepted := report.Baseline()
		if err := accepted.Write(flags.writeBaseline); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%s: accepted %s.\n", flags.writeBaseline, findings.Plural(len(accepted.Accepted), "finding"))
		return err
	}
	if flags.baseline != "" {
		report.Accept(baseline)
	}
	text, err := flags.write(report)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, text); err != nil {
		return err
	}
	if report.Fails(config.FailOn) {
		return statusError{2, "there is a finding of severity " + orHigher(config.FailOn)}
	}
	return nil
}

func (f checkFlags) write(report *orgcheck.Report) (string, error) {
	switch f.format {
	case "markdown":
		return report.Markdown(f.name), nil
	case "json":
		return report.JSON()
	case "sarif":
		return report.SARIF(version, f.file)
	default:
		return report.Text(f.name), nil
	}
}
