// Package metering counts calls with the keys of projects: it applies the
// limits, records usage and cost, and sends spend alerts.
package metering

import (
	_ "embed" // the built-in price table
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/shopspring/decimal"
)

//go:embed prices.yaml
var builtIn []byte

// Kind is the purpose of a model.
type Kind string

// The kinds of models.
const (
	Text       Kind = "text"
	Embedding  Kind = "embedding"
	Moderation Kind = "moderation"
	Image      Kind = "image"
)

// Prices are the prices of calls.
type Prices struct {
	// Date is the day of the prices.
	Date   string           `yaml:"date"`
	Models map[string]Price `yaml:"models"`
}

// Price has the price and the properties of a model.
type Price struct {
	Kind Kind `yaml:"kind"`
	// Encoding is the vocabulary in which its tokens are counted.
	Encoding string `yaml:"encoding"`
	// Input and Output are dollars for a million tokens.
	Input  string `yaml:"input"`
	Output string `yaml:"output"`

	// The price of one token, in billionths of a dollar.
	inputNano, outputNano int64
}

// BuiltIn is the price table of this release. Nothing changes it.
func BuiltIn() *Prices { return parsedBuiltIn() }

var parsedBuiltIn = sync.OnceValue(func() *Prices {
	p, err := parse(builtIn)
	if err != nil {
		panic(err) // the file is part of the binary
	}
	return p
})

// Read reads a price table.
func Read(path string) (*Prices, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p, err := parse(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

func parse(content []byte) (*Prices, error) {
	var p Prices
	if err := yaml.UnmarshalWithOptions(content, &p, yaml.Strict()); err != nil {
		return nil, err
	}
	if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
		return nil, fmt.Errorf("date must be the day of the prices, such as 2026-11-25, got %q", p.Date)
	}
	for name, model := range p.Models {
		checked, err := model.check()
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", name, err)
		}
		p.Models[name] = checked
	}
	return &p, nil
}

func (p Price) check() (_ Price, err error) {
	switch p.Kind {
	case Text, Embedding, Moderation, Image:
	default:
		return p, fmt.Errorf("kind must be text, embedding, moderation or image, got %q", p.Kind)
	}
	if p.Encoding != O200k && p.Encoding != Cl100k {
		return p, fmt.Errorf("encoding must be %s or %s, got %q", O200k, Cl100k, p.Encoding)
	}
	if p.inputNano, err = perToken(p.Input); err != nil {
		return p, fmt.Errorf("input %w", err)
	}
	if p.outputNano, err = perToken(p.Output); err != nil {
		return p, fmt.Errorf("output %w", err)
	}
	return p, nil
}

// perToken turns dollars for a million tokens into billionths of a dollar for
// one.
func perToken(text string) (int64, error) {
	price, err := decimal.NewFromString(text)
	if err != nil {
		return 0, fmt.Errorf("must be dollars for a million tokens, got %q", text)
	}
	nano := price.Shift(3)
	if price.IsNegative() || !nano.IsInteger() || nano.GreaterThan(decimal.New(1, 12)) {
		return 0, errors.New("must not be negative and have at most three decimals")
	}
	return nano.IntPart(), nil
}
