package findings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// ConfigFile is where the configuration is looked for.
const ConfigFile = ".openai-review.yaml"

// Config has rules and the severity from which a finding fails the command.
type Config struct {
	// FailOn is the severity from which findings fail, empty for never.
	FailOn Severity
	Rules  []Rule
}

// Section is the part of the configuration that one command reads. Each command
// has its own rules and its own severity to fail on.
type Section int

// The sections. The rules of the review are at the top of the file.
const (
	ReviewSection Section = iota
	CheckSection
)

type configFile struct {
	FailOn Severity              `yaml:"fail_on"`
	Rules  map[string]configRule `yaml:"rules"`
	Check  configSection         `yaml:"check"`
}

type configSection struct {
	FailOn Severity              `yaml:"fail_on"`
	Rules  map[string]configRule `yaml:"rules"`
}

type configRule struct {
	Severity Severity `yaml:"severity"`
	Factor   *float64 `yaml:"factor"`
	Days     *int     `yaml:"days"`
	Most     *int     `yaml:"most"`
	Ignore   []string `yaml:"ignore"`
}

// ReadConfig reads a section of a configuration, which changes these rules. A
// missing file is an error that errors.Is(err, os.ErrNotExist) recognizes.
func ReadConfig(path string, section Section, rules []Rule) (Config, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	config, err := parseConfig(content, section, rules)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return config, nil
}

func parseConfig(content []byte, section Section, rules []Rule) (Config, error) {
	var file configFile
	if err := yaml.NewDecoder(bytes.NewReader(content), yaml.Strict()).Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return Config{}, err
	}
	chosen, prefix := configSection{file.FailOn, file.Rules}, ""
	if section == CheckSection {
		chosen, prefix = file.Check, "check: "
	}
	config := Config{Rules: slices.Clone(rules)}
	if err := chosen.change(&config); err != nil {
		return Config{}, fmt.Errorf("%s%w", prefix, err)
	}
	return config, nil
}

func (s configSection) change(config *Config) error {
	if s.FailOn != "" {
		failOn, err := ParseSeverity(string(s.FailOn))
		if err != nil {
			return fmt.Errorf("fail_on %w", err)
		}
		config.FailOn = failOn
	}
	for id, given := range s.Rules {
		i := slices.IndexFunc(config.Rules, func(r Rule) bool { return r.ID == id })
		if i < 0 {
			return fmt.Errorf("there is no rule %q; the rules are %s", id, strings.Join(ids(config.Rules), ", "))
		}
		if err := given.change(&config.Rules[i]); err != nil {
			return fmt.Errorf("rule %s: %w", id, err)
		}
	}
	return nil
}

func (c configRule) change(rule *Rule) error {
	before := *rule
	if c.Severity != "" {
		severity, err := ParseSeverity(string(c.Severity))
		if err != nil {
			return fmt.Errorf("severity %w", err)
		}
		rule.Severity = severity
	}
	if c.Factor != nil {
		switch {
		case rule.Factor == 0:
			return errors.New("it has no factor")
		case *c.Factor < 1:
			return fmt.Errorf("factor must be at least 1, got %v", *c.Factor)
		}
		rule.Factor = *c.Factor
	}
	for _, number := range []struct {
		name  string
		given *int
		of    *int
	}{{"days", c.Days, &rule.Days}, {"most", c.Most, &rule.Most}} {
		switch {
		case number.given == nil:
			continue
		case *number.of == 0:
			return fmt.Errorf("it has no %s", number.name)
		case *number.given < 1:
			return fmt.Errorf("%s must be at least 1, got %d", number.name, *number.given)
		}
		*number.of = *number.given
	}
	rule.Changed = rule.Severity != before.Severity || rule.Factor != before.Factor || rule.Days != before.Days || rule.Most != before.Most
	rule.Ignore = c.Ignore
	return nil
}

func ids(rules []Rule) []string {
	var names []string
	for _, rule := range rules {
		names = append(names, rule.ID)
	}
	return names
}
