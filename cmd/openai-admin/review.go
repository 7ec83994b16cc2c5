package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/planreview"
)

type reviewFlags struct {
	ruleFlags
	format string
	name   string
	file   string
	plan   string
	run    string
	live   bool
}

func newReviewCommand() *cobra.Command {
	var flags reviewFlags
	command := &cobra.Command{
		Use:   "review [PLAN.json]",
		Short: "Review a plan: changes to keys, limits and members, and their risks",
		Long: `Reads a plan, as terraform show -json or tofu show -json writes it, from a file
or from standard input, and reports changes of limits, keys, members and
projects, and their risks. It never prints a sensitive value. It sends no requests,
except with --live, which reads the hard limits that a create may overwrite, with
the admin key of OPENAI_ADMIN_KEY.

The guide Reviewing changes lists the rules for risks and their severities. A
file .openai-review.yaml changes them.

It ends with status 0, with 1 when the plan could not be reviewed, and with 2 when
there is a risk of the severity --fail-on or a higher one.`,
		Example: `  terraform plan -out plan.tfplan
  terraform show -json plan.tfplan | openai-admin review
  openai-admin review --format text --fail-on high plan.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			return review(command.Context(), flags, args, command.InOrStdin(), command.OutOrStdout())
		},
	}
	f := command.Flags()
	flags.register(f)
	f.StringVar(&flags.format, "format", "markdown", "markdown, text, json or sarif")
	f.StringVar(&flags.name, "name", "", "name of the configuration, which distinguishes several comments on one pull request")
	f.StringVar(&flags.plan, "plan", "", "file with the plan as terraform show -no-color writes it, for the end of the comment")
	f.StringVar(&flags.run, "run-url", "", "address of the run, for a link in the comment")
	f.BoolVar(&flags.live, "live", false, "read the hard limits that a create may overwrite")
	f.StringVar(&flags.file, "sarif-file", "main.tf", "file of the results in code scanning")
	completeValues(command, "format", "markdown", "text", "json", "sarif")
	completeValues(command, "fail-on", "high", "medium", "low", "off")
	return command
}

func review(ctx context.Context, flags reviewFlags, args []string, in io.Reader, out io.Writer) error {
	defer debug.SetGCPercent(debug.SetGCPercent(planreview.GCPercent))
	config, err := flags.read(findings.ReviewSection, planreview.DefaultRules())
	if err != nil {
		return err
	}
	plan, err := readPlan(args, in)
	if err != nil {
		return err
	}
	if flags.live {
		if err := readLimits(ctx, plan); err != nil {
			return err
		}
	}
	report := planreview.Review(plan, config)
	text, err := flags.write(report)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, text); err != nil {
		return err
	}
	if report.Fails(config.FailOn) {
		return statusError{2, "there is a risk of severity " + orHigher(config.FailOn)}
	}
	return nil
}

func readPlan(args []string, in io.Reader) (*planreview.Plan, error) {
	name := "standard input"
	if len(args) == 1 && args[0] != "-" {
		name = args[0]
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	plan, err := planreview.Read(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return plan, nil
}

func (f reviewFlags) write(report *planreview.Report) (string, error) {
	switch f.format {
	case "markdown":
		return f.comment(report)
	case "text":
		return report.Text(f.name), nil
	case "json":
		return report.JSON()
	case "sarif":
		return report.SARIF(version, f.file)
	default:
		return "", fmt.Errorf("--format must be markdown, text, json or sarif, got %q", f.format)
	}
}

// runURL is an address that cannot end the link early.
var runURL = regexp.MustCompile(`^https?://[^\s()<>]+$`)

func (f reviewFlags) comment(report *planreview.Report) (string, error) {
	if f.run != "" && !runURL.MatchString(f.run) {
		return "", fmt.Errorf("--run-url must be an https address, got %q", f.run)
	}
	comment := planreview.Comment{Name: f.name, Run: f.run}
	if f.plan != "" {
		content, err := os.ReadFile(f.plan)
		if err != nil {
			return "", err
		}
		comment.Plan = string(content)
	}
	return report.Markdown(comment), nil
}

// readLimits reads the limits that the plan may overwrite.
func readLimits(ctx context.Context, plan *planreview.Plan) error {
	client, err := clientFromEnvironment()
	if err != nil {
		return err
	}
	return plan.ReadLimits(ctx, func(ctx context.Context, project string) (*int64, error) {
		if project == "" {
			project = adminapi.WholeOrganization
		}
		limit, err := client.SpendLimits.Existing(ctx, project)
		if limit == nil || err != nil {
			return nil, err
		}
		return &limit.ThresholdAmount, nil
	})
}
