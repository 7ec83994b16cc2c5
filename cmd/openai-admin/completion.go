package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/allthingsai/terraform-provider-openai/internal/suggest"
)

// completeValues offers the values of a flag to the shell.
func completeValues(command *cobra.Command, flag string, values ...string) {
	register(command, flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// completeList offers the values of a flag that takes several, separated with
// commas, without those that are given already.
func completeList(command *cobra.Command, flag string, values ...string) {
	register(command, flag, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		given := strings.Split(typed, ",")
		before := strings.Join(given[:len(given)-1], ",")
		if before != "" {
			before += ","
		}
		var offers []cobra.Completion
		for _, value := range values {
			if !slices.Contains(given[:len(given)-1], value) {
				offers = append(offers, before+value)
			}
		}
		return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

func register(command *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := command.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err) // the command has no such flag
	}
}

// suggestFlag adds the closest flag to the error about an unknown one.
func suggestFlag(command *cobra.Command, err error) error {
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok || len(unknown.GetSpecifiedName()) < 2 {
		return err
	}
	var names []string
	command.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	closest, found := suggest.Name(unknown.GetSpecifiedName(), names)
	if !found {
		return err
	}
	return fmt.Errorf("%w; did you mean --%s?", err, closest)
}
