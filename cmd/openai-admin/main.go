// Command openai-admin is the companion of the provider: a local emulator of
// the Administration API, the export of an organization as configuration,
// reports of usage and costs, the review of plans, and the comparison of an
// organization with the assumptions about the API.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "dev"

func main() {
	// The first signal asks for an orderly end, the second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	if err := newRootCommand().ExecuteContext(ctx); err != nil {
		status, ok := errors.AsType[statusError](err)
		if !ok || err.Error() != "" {
			fmt.Fprintln(os.Stderr, "openai-admin:", err)
		}
		if ok {
			os.Exit(status.status)
		}
		os.Exit(1)
	}
}

// statusError ends the program with a status of its own, and without a word when
// it has no message.
type statusError struct {
	status  int
	message string
}

func (e statusError) Error() string { return e.message }

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "openai-admin",
		Short:         "Companion of the OpenAI provider for Terraform",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newEmulateCommand(), newExportCommand(), newUsageCommand(), newReviewCommand(), newCheckCommand(), newStatusCommand(), newConformanceCommand(), newVersionCommand())
	root.SetFlagErrorFunc(suggestFlag)
	return root
}
