package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
	"github.com/allthingsai/terraform-provider-openai/internal/suggest"
	"github.com/allthingsai/terraform-provider-openai/internal/usagereport"
)

type usageFlags struct {
	period, from, to string
	by               []string
	kinds            []string
	projects         []string
	keys             []string
	users            []string
	models           []string
	format           string
}

func newUsageCommand() *cobra.Command {
	var flags usageFlags
	command := &cobra.Command{
		Use:   "usage",
		Short: "Report usage and costs of the organization",
		Long: `Adds up usage and costs of an organization over a range of days, grouped by the
fields of --by, as a table, CSV, JSON or FOCUS. It reads the API or an emulator, with the
environment variables of the provider:

  OPENAI_ADMIN_KEY   the admin key
  OPENAI_ADMIN_BASE_URL  base URL of the Administration API (default: ` + transport.DefaultBaseURL + `)
  OPENAI_BASE_URL        used without it, but only for api.openai.com, its
                         regional hosts and this machine
  OPENAI_ORG_ID, OPENAI_PROJECT_ID   sent as headers, if they are set

Days are in UTC. Costs in CSV and JSON have every digit that the API returns;
tables show cents. The API does not return costs by model, kind, service tier or
batch; its line items name the models: --by line-item. Projects, keys and users
are given by id or by name. A name or id that does not exist is an error.

--format focus writes the costs as CSV with the columns of the FinOps Open Cost
and Usage Specification 1.2: a row for each day, project and line item, and for
each key with --by key.`,
		Example: `  openai-admin usage                                  this month, by project
  openai-admin usage --by model --period last-month
  openai-admin usage --by day,key --project shop-prod --period last-7-days
  openai-admin usage --by line-item --from 2026-10-01 --to 2026-10-15
  openai-admin usage --by month,project --period 2026 --format csv > 2026.csv
  openai-admin usage --period last-month --format focus > focus.csv`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if flags.format == focusFormat && !command.Flags().Changed("by") {
				flags.by = nil
			}
			return usage(command.Context(), flags, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	f := command.Flags()
	f.StringSliceVar(&flags.by, "by", []string{"project"}, "fields that group the report, one or several of "+strings.Join(usagereport.DimensionNames(), ", "))
	f.StringVar(&flags.period, "period", "", usagereport.PeriodNames+" (default this-month)")
	f.StringVar(&flags.from, "from", "", "first day, such as 2026-11-01, instead of a period")
	f.StringVar(&flags.to, "to", "", "last day, inclusive (default today)")
	f.StringSliceVar(&flags.kinds, "kind", nil, "kinds of usage, of "+strings.Join(adminapi.UsageKindNames(), ", ")+" (default: all that can be grouped by --by)")
	f.StringSliceVar(&flags.projects, "project", nil, "only these projects, by id or name")
	f.StringSliceVar(&flags.keys, "key", nil, "only these API keys, by id or name")
	f.StringSliceVar(&flags.users, "user", nil, "only these users, by id or e-mail address")
	f.StringSliceVar(&flags.models, "model", nil, "only these models")
	f.StringVar(&flags.format, "format", "table", "table, csv, json or focus")
	command.MarkFlagsMutuallyExclusive("period", "from")
	command.MarkFlagsMutuallyExclusive("period", "to")
	completeList(command, "by", usagereport.DimensionNames()...)
	completeList(command, "kind", adminapi.UsageKindNames()...)
	completeValues(command, "period", usagereport.NamedPeriods...)
	completeValues(command, "format", usageFormats()...)
	return command
}

func (f usageFlags) request(now time.Time) (r usagereport.Request, err error) {
	r = usagereport.Request{By: f.by, Kinds: f.kinds, Projects: f.projects, Keys: f.keys, Users: f.users, Models: f.models, Now: now}
	switch {
	case f.from != "":
		r.Period, err = usagereport.Between(f.from, f.to, now)
	case f.to != "":
		err = errors.New("--to needs --from")
	case f.period == "":
		r.Period, err = usagereport.ParsePeriod("this-month", now)
	default:
		r.Period, err = usagereport.ParsePeriod(f.period, now)
	}
	return r, err
}

// focusFormat is the format that has costs alone.
const focusFormat = "focus"

// usageFormats lists the values of --format.
func usageFormats() []string {
	return slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(usagereport.Writers)), focusFormat)))
}

func usage(ctx context.Context, flags usageFlags, out, errOut io.Writer) error {
	if formats := usageFormats(); !slices.Contains(formats, flags.format) {
		return fmt.Errorf("--format must be one of %s, got %q%s", strings.Join(formats, ", "), flags.format, suggest.Sentence(flags.format, formats))
	}
	client, err := clientFromEnvironment()
	if err != nil {
		return err
	}
	request, err := flags.request(client.Now())
	if err != nil {
		return err
	}
	pages, err := request.Pages()
	if err != nil {
		return err
	}
	if flags.format == focusFormat {
		pages = adminapi.CostPages(request.Days())
	}
	_, isTerminal := terminalWidth(errOut)
	progress := newProgress(errOut, isTerminal, pages, request.Days())
	ticker := time.NewTicker(waitingReports)
	defer ticker.Stop()
	defer reportWaiting(errOut, ticker.C, client.Waited)()
	if request, err = request.Resolve(ctx, client, usagereport.Selection{Projects: flags.projects, Keys: flags.keys, Users: flags.users}); err != nil {
		return err
	}
	if flags.format == focusFormat {
		costs, err := usagereport.MakeFocus(ctx, client, request, os.Getenv(organizationVariable), progress.step)
		progress.end()
		if err != nil {
			return err
		}
		return costs.Write(out)
	}
	report, err := usagereport.Make(ctx, client, request, progress.step)
	progress.end()
	if err != nil {
		return err
	}
	if !report.Unattributed.IsZero() && flags.format != "table" {
		_, _ = io.WriteString(errOut, report.Nothing())
	}
	report.Width, _ = terminalWidth(out)
	return usagereport.Writers[flags.format](report, out)
}

// terminalWidth is the width of a terminal, and false for anything else.
func terminalWidth(w io.Writer) (columns int, isTerminal bool) {
	file, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	return columns, err == nil
}

// waitingReports is how often a command that waits for rate limits says so.
const waitingReports = 10 * time.Second

// reportWaiting says on standard error, at each tick, how long requests have
// waited for rate limits since the tick before, until stop is called.
func reportWaiting(errOut io.Writer, ticks <-chan time.Time, waited func() (total, most time.Duration, endpoint string)) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		var reported time.Duration
		for {
			select {
			case <-done:
				return
			case <-ticks:
			}
			if total, _, endpoint := waited(); total > reported {
				reported = total
				_, _ = fmt.Fprintf(errOut, "Waiting for the API's rate limits (%s in total, most of it for %s).\n", total.Round(time.Second), endpoint)
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}

// The variables of the client: the admin key, and ids that are sent as headers.
const (
	adminKeyVariable     = "OPENAI_ADMIN_KEY"
	organizationVariable = "OPENAI_ORG_ID"
	projectVariable      = "OPENAI_PROJECT_ID"
)

// clientFromEnvironment is the provider's client, with the provider's
// variables.
func clientFromEnvironment() (*adminapi.Client, error) {
	config, err := configFromEnvironment()
	if err != nil {
		return nil, err
	}
	return adminapi.New(config)
}

// configFromEnvironment is the configuration of that client.
func configFromEnvironment() (config adminapi.Config, err error) {
	key, err := transport.ParseAdminKey(os.Getenv(adminKeyVariable))
	if errors.Is(err, transport.ErrNoAdminKey) {
		return config, errors.New("OPENAI_ADMIN_KEY is not set: export an admin key of your organization, or the key that openai-admin emulate prints")
	}
	if err != nil {
		return config, fmt.Errorf("OPENAI_ADMIN_KEY: %w", err)
	}
	baseURL, err := transport.ResolveBaseURL("", os.Getenv)
	if err != nil {
		return config, err
	}
	clock, err := tfkit.EmulatorClock(transport.SystemClock{}, baseURL, os.Getenv)
	if err != nil {
		return config, err
	}
	return adminapi.Config{
		AdminAPIKey: key, BaseURL: baseURL, Clock: clock,
		Organization: os.Getenv(organizationVariable), Project: os.Getenv(projectVariable),
		UserAgent: adminapi.CompanionUserAgent(version),
	}, nil
}

// longRange is the number of days from which on reading takes noticeable time.
const longRange = 31

// progress is a bar on a terminal. Without a terminal, and for time ranges of
// up to longRange days, there is none.
type progress struct{ bar *progressbar.ProgressBar }

func newProgress(out io.Writer, terminal bool, pages, days int) progress {
	if days <= longRange || !terminal {
		return progress{}
	}
	return progress{progressbar.NewOptions(pages,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription(fmt.Sprintf("Reading %d days", days)),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetWidth(30),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetRenderBlankState(true),
	)}
}

// A bar that cannot be drawn must not end the report.
func (p progress) step() {
	if p.bar != nil {
		_ = p.bar.Add(1)
	}
}

func (p progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
