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

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
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
			if next := nextStep(err); next != "" {
				fmt.Fprintln(os.Stderr, next)
			}
		}
		if ok {
			os.Exit(status.status)
		}
		os.Exit(1)
	}
}

// nextStep says what to do about an error, where the error does not.
func nextStep(err error) string {
	apiErr, ok := errors.AsType[*adminapi.Error](err)
	if !ok || !adminapi.IsMissingPermission(err) || apiErr.Code == "ip_not_authorized" || apiErr.Code == "certificate_required" {
		return ""
	}
	return "Check that OPENAI_ADMIN_KEY is an admin key (sk-admin-…) of this organization that has not expired, that its owner is an owner of the organization, and that the key is not restricted to other scopes."
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
