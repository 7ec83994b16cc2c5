package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/assumptions"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type emulateFlags struct {
	listen      string
	envFile     string
	allowRemote bool
	data        string
	seed        string
	snapshot    string
	adminKey    string
	clock       string
	clockSpeed  int
	profile     string
	faults      string
	list        bool
	prices      string
	smtp        string
	assume      []string
	assumptions bool
}

func newEmulateCommand() *cobra.Command {
	var flags emulateFlags
	command := &cobra.Command{
		Use:   "emulate [-- COMMAND [ARGUMENT]...]",
		Short: "Run a local organization with the Administration API",
		Long: `Runs an organization on this machine: projects, members, keys, limits and
usage, in memory or in a SQLite file. It prints two variables for Terraform. It
needs no OpenAI account.

With a command after --, it sets these variables for the command, runs it, and
ends with it and with its exit status. It then takes a free port unless --listen
is given. It removes OPENAI_ORG_ID and OPENAI_PROJECT_ID, which name objects of
another organization. --env-file writes the variables to a file, for example for
docker run --env-file, or $GITHUB_ENV.

Applications can use the keys that you create: models answer with generated text.
Calls are metered, and permissions, rate limits and spend limits apply.

GET / is a page with projects and their spend, keys, members, usage, changes, the
outbox and the last requests; it updates by itself. From this machine it needs no
key. From another machine, and through a proxy with X-Forwarded-For, Forwarded or
Via, it needs an admin key.

In addition to the API below /v1, it has these requests for the admin key:

  GET  /_emulator/journal?since=N       the requests served after entry N
  GET  /_emulator/events                a server-sent event for each change; no key
                                        from this machine
  GET  /_emulator/outbox                the messages of spend alerts
  GET  /_emulator/snapshot              the organization as a file, for --snapshot
  POST /_emulator/reset                 return to the seed or the snapshot
  POST /_emulator/usage                 record usage and costs
  POST /_emulator/key_policies          limit the lifetime of keys, and who gets new ones
  POST /_emulator/projects/ID/user_keys create a key of a person
  POST /_emulator/api_keys/use          use a key; refused when it is not valid
  POST /_emulator/webhook_secrets/use   find the webhook endpoint of a signing secret
  POST /_emulator/external_storage      set the status of a bucket
  POST /_emulator/invites/ID/accept     accept an invitation
  POST /_emulator/invites/ID/expire     expire an invitation

OPENAI_EMULATOR_CLOCK_OFFSET=91d sets its clock ahead, and in the shell that runs
Terraform the provider's, to rehearse a rotation or an expiry. --clock-speed 20
makes both clocks run 20 times as fast, so that waiting for --profile openai takes
a twentieth of the time. The variable that it prints has the factor and the instant
at which the clock started from the real time.`,
		Example: `  openai-admin emulate
  openai-admin emulate -- terraform apply
  openai-admin emulate --data organization.db --listen 127.0.0.1:8080
  openai-admin emulate --seed company
  openai-admin emulate --seed organization.yaml --profile openai
  openai-admin emulate --profile openai --clock-speed 20 -- terraform plan`,
		Args: func(command *cobra.Command, args []string) error {
			if len(args) > 0 && command.ArgsLenAtDash() != 0 {
				return fmt.Errorf("unexpected argument %q: write a command after --, as in openai-admin emulate -- terraform apply", args[0])
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			if flags.list {
				return listOperations(command.OutOrStdout())
			}
			if flags.assumptions {
				return listAssumptions(command.OutOrStdout())
			}
			if len(args) > 0 && !command.Flags().Changed("listen") {
				flags.listen = "127.0.0.1:0"
			}
			return emulate(command.Context(), flags, args, streams{command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr()})
		},
	}
	f := command.Flags()
	f.StringVar(&flags.listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	f.StringVar(&flags.envFile, "env-file", "", "file to write the variables to, as NAME=value lines; its other lines stay")
	f.BoolVar(&flags.allowRemote, "allow-remote", false, "allow an address that other machines can reach")
	f.StringVar(&flags.data, "data", "", "SQLite file for the organization (default: memory)")
	f.StringVar(&flags.seed, "seed", "", "YAML file with the initial organization, or company: one with projects, limits, keys and usage (default: a small example)")
	f.StringVar(&flags.snapshot, "snapshot", "", "initial snapshot, from GET /_emulator/snapshot; the file is not changed")
	f.StringVar(&flags.adminKey, "admin-key", "", "admin key of the owner (default: generated, and printed once)")
	f.StringVar(&flags.clock, "clock", "", "fixed time, such as 2026-11-01T12:00:00Z, with repeatable ids (default: the real time)")
	f.IntVar(&flags.clockSpeed, "clock-speed", 1, fmt.Sprintf("how many times as fast as the real time the clocks run, up to %d; the latency of --faults stays real", tfkit.MaxClockSpeed))
	f.StringVar(&flags.faults, "faults", "", "YAML file with faults; see the guide Rehearsing outages")
	f.StringVar(&flags.prices, "prices", "", "YAML file with prices of calls (default: list prices)")
	f.StringVar(&flags.smtp, "smtp", "", "mail server for spend alerts, such as 127.0.0.1:1025 (default: they stay in the outbox)")
	f.StringVar(&flags.profile, "profile", string(emulator.ProfileFast), "fast, or openai to throttle like the real API")
	f.StringArrayVar(&flags.assume, "assume", nil, "answer to a question that the documentation of the API leaves open, such as A-41=creator; repeatable")
	f.BoolVar(&flags.assumptions, "list-assumptions", false, "list these questions and their answers, the default first, and exit")
	f.BoolVar(&flags.list, "list", false, "list the operations of the API, whether each is emulated, and exit")
	command.MarkFlagsMutuallyExclusive("seed", "snapshot")
	command.MarkFlagsMutuallyExclusive("clock", "clock-speed")
	completeValues(command, "profile", string(emulator.ProfileFast), string(emulator.ProfileOpenAI))
	return command
}

// clockSettings are those of the environment, and of --clock-speed from now on.
func (f emulateFlags) clockSettings() (tfkit.ClockSettings, error) {
	settings, err := tfkit.ReadClockSettings(os.Getenv)
	switch {
	case err != nil || f.clockSpeed == 1:
		return settings, err
	case f.clockSpeed < 1 || f.clockSpeed > tfkit.MaxClockSpeed:
		return settings, fmt.Errorf("--clock-speed must be from 1 to %d, got %d", tfkit.MaxClockSpeed, f.clockSpeed)
	case settings.Speed > 0:
		return settings, fmt.Errorf("--clock-speed and %s cannot be used together", tfkit.ClockSpeedVariable)
	}
	settings.Speed, settings.Since = f.clockSpeed, time.Now().Truncate(time.Second)
	return settings, nil
}

func (f emulateFlags) options(clock tfkit.ClockSettings) (options emulator.Options, err error) {
	options = emulator.Options{Now: clock.Apply(transport.SystemClock{}).Now, Data: f.data, Snapshot: f.snapshot, Profile: emulator.Profile(f.profile), SMTP: f.smtp}
	if f.adminKey != "" {
		key, err := transport.ParseAdminKey(f.adminKey)
		if err != nil {
			return options, fmt.Errorf("--admin-key: %w", err)
		}
		options.AdminKey = key.Reveal()
	}
	if f.prices != "" {
		if options.Prices, err = metering.Read(f.prices); err != nil {
			return options, fmt.Errorf("--prices: %w", err)
		}
	}
	for _, choice := range f.assume {
		if err := options.Behavior.Assume(choice); err != nil {
			return options, fmt.Errorf("--assume: %w", err)
		}
	}
	if f.smtp != "" {
		if _, _, err := net.SplitHostPort(f.smtp); err != nil {
			return options, fmt.Errorf("--smtp must be an address such as 127.0.0.1:1025, got %q", f.smtp)
		}
	}
	if f.seed != "" {
		if options.Seed, err = seed.Read(f.seed); err != nil {
			return options, fmt.Errorf("--seed: %w", err)
		}
	}
	if f.clock != "" {
		if variables := clock.Environment(); len(variables) > 0 {
			return options, fmt.Errorf("--clock cannot be used together with %s", strings.Join(variables, " and "))
		}
		fixed, err := time.Parse(time.RFC3339, f.clock)
		if err != nil {
			return options, fmt.Errorf("--clock must be a time such as 2026-11-01T12:00:00Z, got %q", f.clock)
		}
		options.Now = func() time.Time { return fixed }
		options.Deterministic = true
	}
	return options, nil
}

// listOperations prints the operations that manage an organization, whether they
// are emulated or not, and the other routes.
func listOperations(out io.Writer) error {
	organization, err := emulator.New(emulator.Options{})
	if err != nil {
		return err
	}
	var text strings.Builder
	known, emulated := organization.Operations(), 0
	for _, operation := range known {
		mark := "not emulated"
		if operation.Emulated {
			mark = "emulated"
			emulated++
		}
		fmt.Fprintf(&text, "%-12s  %-6s  %s  (%s)\n", mark, operation.Method, operation.Path, operation.Name)
	}
	fmt.Fprintf(&text, "\n%d of %d operations that manage an organization are emulated; the others answer 501.\n", emulated, len(known))
	if others := organization.OtherRoutes(); len(others) > 0 {
		fmt.Fprintf(&text, "\nOther routes:\n\n")
		for _, route := range others {
			method, path, _ := strings.Cut(route, " ")
			fmt.Fprintf(&text, "%-6s  %s\n", method, path)
		}
	}
	_, err = io.WriteString(out, text.String())
	return errors.Join(err, organization.Close())
}

// listAssumptions prints the answers for --assume, and the questions without a
// choice with the reason.
func listAssumptions(out io.Writer) error {
	var text strings.Builder
	for _, a := range assumptions.All() {
		fmt.Fprintf(&text, "%-5s  %-24s  %s\n", a.ID, cmp.Or(strings.Join(a.Answers, ", "), "-"), a.Question)
		if a.Fixed != "" {
			fmt.Fprintf(&text, "%-5s  %-24s  %s\n", "", "", a.Fixed)
		}
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// handler puts the faults before the organization, if there are any.
func (f emulateFlags) handler(organization http.Handler, clock tfkit.ClockSettings) (http.Handler, error) {
	if f.faults == "" {
		return organization, nil
	}
	plan, err := faultinjection.Read(f.faults)
	if err != nil {
		return nil, fmt.Errorf("--faults: %w", err)
	}
	return faultinjection.NewAt(organization, plan, clock.Apply(transport.SystemClock{})), nil
}

// checkAddress refuses addresses that other machines can reach.
func (f emulateFlags) checkAddress() error {
	host, _, err := net.SplitHostPort(f.listen)
	if err != nil {
		return fmt.Errorf("--listen must be an address such as 127.0.0.1:8080, got %q", f.listen)
	}
	if ip := net.ParseIP(host); f.allowRemote || host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("--listen %s can be reached from other machines, and the admin key would be sent unencrypted: use 127.0.0.1, or add --allow-remote", f.listen)
}

// streams are the standard streams of a command.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// emulate serves an organization until ctx ends, or until the command has
// ended, if there is one.
func emulate(ctx context.Context, flags emulateFlags, command []string, streams streams) (err error) {
	if err := flags.checkAddress(); err != nil {
		return err
	}
	clock, err := flags.clockSettings()
	if err != nil {
		return err
	}
	options, err := flags.options(clock)
	if err != nil {
		return err
	}
	options.ErrorLog = log.New(streams.err, "openai-admin emulate: ", log.LstdFlags)
	organization, err := emulator.New(options)
	if err != nil && flags.snapshot != "" {
		return fmt.Errorf("--snapshot: %w", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, organization.Close()) }()
	handler, err := flags.handler(organization, clock)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, flags.listen)
	if err != nil {
		return err
	}
	address, key := reachable(listener.Addr()), organization.AdminKey()
	variables := variablesOf(address, key, clock)
	if flags.envFile != "" {
		if err := writeEnvFile(flags.envFile, variables); err != nil {
			return errors.Join(fmt.Errorf("--env-file: %w", err), listener.Close())
		}
	}
	server := newHTTPServer(handler, options.ErrorLog)
	server.RegisterOnShutdown(organization.EndStreams)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if len(command) > 0 {
		return errors.Join(runCommand(ctx, command, variables, streams), shutDown(ctx, server))
	}
	announce(streams.out, address, flags, key, clock)
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	_, _ = fmt.Fprintln(streams.out, "Shutting down.")
	return shutDown(ctx, server)
}

// shutDown answers requests under way before the database is closed.
func shutDown(ctx context.Context, server *http.Server) error {
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(patience)
}

// newHTTPServer bounds the resources that a client without a key can use: the
// emulator bounds bodies and answers itself. There is no ReadTimeout, which
// would end requests that a fault plan delays.
func newHTTPServer(handler http.Handler, errorLog *log.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ErrorLog: errorLog, MaxHeaderBytes: 64 << 10,
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 5 * time.Minute,
	}
}

// reachable is where this machine finds a listener on every address.
func reachable(address net.Addr) string {
	if tcp, ok := address.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("127.0.0.1:%d", tcp.Port)
	}
	return address.String()
}

// announce prints how to reach the organization. A generated key is shown here
// and never again.
func announce(out io.Writer, address string, flags emulateFlags, adminKey string, clock tfkit.ClockSettings) {
	var text strings.Builder
	fmt.Fprintf(&text, "Serving an organization on http://%s", address)
	if flags.data != "" {
		fmt.Fprintf(&text, ", kept in %s", flags.data)
	}
	text.WriteString(". In the shell that runs Terraform:\n\n")
	fmt.Fprintf(&text, "  export %s=http://%s/v1\n", transport.BaseURLVariable, address)
	if os.Getenv(transport.AdminBaseURLVariable) != "" { // it would win over the other one
		fmt.Fprintf(&text, "  export %s=http://%s/v1\n", transport.AdminBaseURLVariable, address)
	}
	for _, setting := range clock.Environment() {
		fmt.Fprintf(&text, "  export %s\n", setting)
	}
	if flags.adminKey == "" {
		fmt.Fprintf(&text, "  export OPENAI_ADMIN_KEY=%s\n\nThe key is shown only once. Set your own with --admin-key.\n", adminKey)
	} else {
		text.WriteString("  export OPENAI_ADMIN_KEY=…   # the key of --admin-key\n")
	}
	fmt.Fprintf(&text, "\nOpen it in a browser: http://%s/\n", address)
	_, _ = io.WriteString(out, text.String())
}
