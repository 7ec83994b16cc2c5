package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allthingsai/terraform-provider-openai/internal/orgstatus"
)

type statusFlags struct {
	format   string
	watch    bool
	interval time.Duration
	keyDays  int
}

// statusFormats are the formats of the status.
var statusFormats = []string{"table", "json", "markdown"}

// shortestInterval is the shortest time between two readings: the API accepts few
// requests a minute.
const shortestInterval = 10 * time.Second

func newStatusCommand() *cobra.Command {
	var flags statusFlags
	command := &cobra.Command{
		Use:   "status",
		Short: "Show spend, limits, keys and invitations on one screen",
		Long: `Shows the spend of this month for each project and the organization, the hard
limit, what is left of it, the alerts that were passed and the expected spend at
the end of the month. Below are keys that expire within 14 days or are due for
rotation by their age, and pending and expired invitations. The organization is
that of OPENAI_ADMIN_KEY (and OPENAI_BASE_URL). The command only reads.

The projection adds to the spend so far, for each day that is left, the average of
the last 7 complete days. Days are in UTC.

It sends 6 requests, and 3 for each active project. Long lists take more pages.
Endpoints are read side by side.

A terminal gets colors, unless NO_COLOR is set or TERM is dumb.`,
		Example: `  openai-admin status
  openai-admin status --watch --interval 5m
  openai-admin status --format json | jq '.projects[] | select(.limit_reached)'
  openai-admin status --format markdown >> "$GITHUB_STEP_SUMMARY"`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return status(command.Context(), flags, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	f := command.Flags()
	f.StringVar(&flags.format, "format", "table", strings.Join(statusFormats, ", "))
	f.BoolVar(&flags.watch, "watch", false, "read again and again, until interrupted")
	f.DurationVar(&flags.interval, "interval", time.Minute, "time between two readings with --watch, at least "+shortestInterval.String())
	f.IntVar(&flags.keyDays, "key-days", 90, "age in days at which a key is due for rotation")
	completeValues(command, "format", statusFormats...)
	return command
}

func status(ctx context.Context, flags statusFlags, out, errOut io.Writer) error {
	if err := oneOf("format", flags.format, statusFormats); err != nil {
		return err
	}
	if flags.interval < shortestInterval {
		return fmt.Errorf("--interval must be at least %s, got %s", shortestInterval, flags.interval)
	}
	if flags.keyDays < 1 {
		return fmt.Errorf("--key-days must be at least 1, got %d", flags.keyDays)
	}
	if !flags.watch {
		return flags.show(ctx, out, errOut)
	}
	ticker := time.NewTicker(flags.interval)
	defer ticker.Stop()
	return watch(ctx, ticker.C, errOut, func() error { return flags.show(ctx, out, errOut) })
}

// watch shows something now and at each tick, until the context ends. The first
// failure ends it when nothing was shown yet; later ones are reported.
func watch(ctx context.Context, ticks <-chan time.Time, errOut io.Writer, show func() error) error {
	for shown := false; ctx.Err() == nil; {
		err := show()
		switch {
		case ctx.Err() != nil: // an interrupt is the end, not a failure
		case err == nil:
			shown = true
		case !shown:
			return err
		default:
			_, _ = fmt.Fprintf(errOut, "openai-admin: %v\n", err)
		}
		select {
		case <-ctx.Done():
		case <-ticks:
		}
	}
	return nil
}

// clearScreen moves to the top of a terminal and clears it.
const clearScreen = "\x1b[H\x1b[2J"

// show reads the status with a new client, which has nothing in memory, and
// writes it.
func (f statusFlags) show(ctx context.Context, out, errOut io.Writer) error {
	client, err := clientFromEnvironment()
	if err != nil {
		return err
	}
	ticker := time.NewTicker(waitingReports)
	defer ticker.Stop()
	stop := reportWaiting(errOut, ticker.C, client.Waited)
	read, err := orgstatus.Read(ctx, client, time.Duration(f.keyDays)*24*time.Hour)
	stop()
	if err != nil {
		return err
	}
	width, isTerminal := terminalWidth(out)
	if f.watch && isTerminal {
		if _, err := io.WriteString(out, clearScreen); err != nil {
			return err
		}
	}
	switch f.format {
	case "json":
		return read.WriteJSON(out)
	case "markdown":
		return read.WriteMarkdown(out)
	default:
		return read.WriteTable(out, orgstatus.Screen{Width: width, Colors: usesColors(isTerminal, os.LookupEnv)})
	}
}

// usesColors follows https://no-color.org.
func usesColors(isTerminal bool, lookup func(string) (string, bool)) bool {
	noColor, _ := lookup("NO_COLOR")
	term, _ := lookup("TERM")
	return isTerminal && noColor == "" && term != "dumb"
}
