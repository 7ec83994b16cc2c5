package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/suggest"
)

// ruleFlags are the flags of the commands that report findings.
type ruleFlags struct{ config, failOn string }

func (f *ruleFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.config, "config", "", "configuration of the rules (default: "+findings.ConfigFile+", if there is one)")
	flags.StringVar(&f.failOn, "fail-on", "", "high, medium or low: end with status 2 when there is a finding of this severity or higher; off: never (default: fail_on of the configuration)")
}

// read reads a section of the configuration, which changes these rules. Without
// --config, the file may be missing.
func (f *ruleFlags) read(section findings.Section, rules []findings.Rule) (findings.Config, error) {
	path := f.config
	if path == "" {
		path = findings.ConfigFile
	}
	config, err := findings.ReadConfig(path, section, rules)
	switch {
	case f.config == "" && errors.Is(err, os.ErrNotExist):
		config = findings.Config{Rules: rules}
	case err != nil:
		return config, err
	}
	if f.failOn != "" {
		if config.FailOn, err = findings.ParseSeverity(f.failOn); err != nil {
			return config, fmt.Errorf("--fail-on %w", err)
		}
	}
	return config, nil
}

// orHigher names a severity and those above it.
func orHigher(severity findings.Severity) string {
	if severity == findings.High {
		return string(severity)
	}
	return string(severity) + " or higher"
}

// oneOf refuses a value of a flag that is not one of these.
func oneOf(flag, value string, values []string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return fmt.Errorf("--%s must be one of %s, got %q%s", flag, strings.Join(values, ", "), value, suggest.Sentence(value, values))
}
