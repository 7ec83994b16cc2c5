package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/fault"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

type emulateFlags struct {
	listen      string
	allowRemote bool
	data        string
	seed        string
	adminKey    string
	clock       string
	profile     string
	faults      string
}

func newEmulateCommand() *cobra.Command {
	var flags emulateFlags
	command := &cobra.Command{
		Use:   "emulate",
		Short: "Run a local organisation that speaks the Administration API",
		Long: `Runs an organisation of your own on this machine: projects, members, keys,
limits and usage, kept in memory or in a SQLite file. Point Terraform at it with
the two variables that it prints, and no OpenAI account is needed.

Besides the API, below /v1, it serves to holders of the admin key:

  GET  /_emulator/journal?since=N       the requests served after entry N
  POST /_emulator/reset                 begin anew from the seed
  POST /_emulator/usage                 record usage and costs
  POST /_emulator/key_policies          limit the life of keys, or who is given new ones
  POST /_emulator/projects/ID/user_keys make a key of a person
  POST /_emulator/api_keys/use          use a key, or be told that it is dead
  POST /_emulator/invites/ID/accept     accept an invitation
  POST /_emulator/invites/ID/expire     let an invitation expire`,
		Example: `  openai-admin emulate
  openai-admin emulate --data organisation.db --listen 127.0.0.1:8080
  openai-admin emulate --seed organisation.yaml --profile openai`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return emulate(command.Context(), flags, command.OutOrStdout())
		},
	}
	f := command.Flags()
	f.StringVar(&flags.listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	f.BoolVar(&flags.allowRemote, "allow-remote", false, "allow an address that other machines can reach")
	f.StringVar(&flags.data, "data", "", "SQLite file to keep the organisation in (default: memory)")
	f.StringVar(&flags.seed, "seed", "", "YAML file with the organisation to begin with (default: a small example)")
	f.StringVar(&flags.adminKey, "admin-key", "", "admin key of the owner (default: generated, and printed once)")
	f.StringVar(&flags.clock, "clock", "", "fixed time, such as 2026-11-01T12:00:00Z; ids are repeatable then (default: the real time)")
	f.StringVar(&flags.faults, "faults", "", "YAML file with faults to rehearse; see the guide Rehearsing outages")
	f.StringVar(&flags.profile, "profile", string(emulator.ProfileFast), "fast, or openai to throttle like the real API")
	return command
}

func (f emulateFlags) options() (options emulator.Options, err error) {
	options = emulator.Options{Data: f.data, AdminKey: f.adminKey, Profile: emulator.Profile(f.profile)}
	if f.seed != "" {
		if options.Seed, err = seed.Read(f.seed); err != nil {
			return options, fmt.Errorf("--seed: %w", err)
		}
	}
	if f.clock != "" {
		fixed, err := time.Parse(time.RFC3339, f.clock)
		if err != nil {
			return options, fmt.Errorf("--clock must be a time such as 2026-11-01T12:00:00Z, got %q", f.clock)
		}
		options.Now = func() time.Time { return fixed }
		options.Deterministic = true
	}
	return options, nil
}

// handler puts the faults before the organisation, if there are any.
func (f emulateFlags) handler(organisation http.Handler) (http.Handler, error) {
	if f.faults == "" {
		return organisation, nil
	}
	plan, err := fault.Read(f.faults)
	if err != nil {
		return nil, fmt.Errorf("--faults: %w", err)
	}
	return fault.New(organisation, plan), nil
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
	return fmt.Errorf("--listen %s can be reached from other machines, and the admin key would travel unencrypted: use 127.0.0.1, or add --allow-remote", f.listen)
}

func emulate(ctx context.Context, flags emulateFlags, out io.Writer) (err error) {
	if err := flags.checkAddress(); err != nil {
		return err
	}
	options, err := flags.options()
	if err != nil {
		return err
	}
	organisation, err := emulator.New(options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, organisation.Close()) }()
	handler, err := flags.handler(organisation)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", flags.listen)
	if err != nil {
		return err
	}
	announce(out, listener.Addr(), flags, organisation.AdminKey())

	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	_, _ = fmt.Fprintln(out, "Shutting down.")
	// Requests under way are answered before the database is closed.
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(patience)
}

// announce tells how to reach the organisation. A generated key is shown here
// and never again.
func announce(out io.Writer, address net.Addr, flags emulateFlags, adminKey string) {
	var text strings.Builder
	fmt.Fprintf(&text, "Serving an organisation on http://%s", address)
	if flags.data != "" {
		fmt.Fprintf(&text, ", kept in %s", flags.data)
	}
	text.WriteString(". In the shell that runs Terraform:\n\n")
	fmt.Fprintf(&text, "  export OPENAI_BASE_URL=http://%s/v1\n", address)
	if flags.adminKey == "" {
		fmt.Fprintf(&text, "  export OPENAI_ADMIN_KEY=%s\n\nThe key is shown this once. Give your own with --admin-key.\n", adminKey)
	} else {
		text.WriteString("  export OPENAI_ADMIN_KEY=…   # the one given with --admin-key\n")
	}
	_, _ = io.WriteString(out, text.String())
}
