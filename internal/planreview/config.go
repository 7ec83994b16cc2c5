package planreview

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// ConfigFile is where the configuration is looked for.
const ConfigFile = ".openai-review.yaml"

// Config has the rules of a review and the severity that fails it.
type Config struct {
	// FailOn is the severity from which a review fails, empty for never.
	FailOn Severity
	Rules  []Rule
}

// DefaultConfig is the configuration where there is none.
func DefaultConfig() Config { return Config{Rules: DefaultRules()} }

type configFile struct {
	FailOn Severity              `yaml:"fail_on"`
	Rules  map[string]configRule `yaml:"rules"`
}

type configRule struct {
	Severity Severity `yaml:"severity"`
	Factor   *float64 `yaml:"factor"`
	Ignore   []string `yaml:"ignore"`
}

// ReadConfig reads a configuration. A missing file is an error that
// errors.Is(err, os.ErrNotExist) recognizes.
func ReadConfig(path string) (Config, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	config, err := parseConfig(content)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	return config, nil
}

func parseConfig(content []byte) (Config, error) {
	var file configFile
	if err := yaml.NewDecoder(bytes.NewReader(content), yaml.Strict()).Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return Config{}, err
	}
	config := DefaultConfig()
	if file.FailOn != "" {
		failOn, err := ParseSeverity(string(file.FailOn))
		if err != nil {
			return Config{}, fmt.Errorf("fail_on %w", err)
		}
		config.FailOn = failOn
	}
	for id, given := range file.Rules {
		i := slices.IndexFunc(config.Rules, func(r Rule) bool { return r.ID == id })
		if i < 0 {
			return Config{}, fmt.Errorf("there is no rule %q; the rules are %s", id, strings.Join(ids(config.Rules), ", "))
		}
		if err := given.change(&config.Rules[i]); err != nil {
			return Config{}, fmt.Errorf("rule %s: %w", id, err)
		}
	}
	return config, nil
}

func (c configRule) change(rule *Rule) error {
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
	rule.Ignore = c.Ignore
	return nil
}

// ParseSeverity reads a severity, or off.
func ParseSeverity(text string) (Severity, error) {
	if severity := Severity(text); severity == Off || slices.Contains(severities, severity) {
		return severity, nil
	}
	return "", fmt.Errorf("must be high, medium, low or off, got %q", text)
}

func ids(rules []Rule) []string {
	var names []string
	for _, rule := range rules {
		names = append(names, rule.ID)
	}
	return names
}

// matches compares an address with a pattern in which * stands for anything.
func matches(pattern, address string) bool {
	expression := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
	return regexp.MustCompile(expression).MatchString(address)
}
