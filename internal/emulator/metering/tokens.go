package metering

import (
	"sync"

	"github.com/tiktoken-go/tokenizer/codec"
)

// The vocabularies.
const (
	O200k  = "o200k_base"
	Cl100k = "cl100k_base"
)

// Each vocabulary takes megabytes and tens of milliseconds, so it is only
// loaded by the first call that needs it.
var (
	o200k  = sync.OnceValue(codec.NewO200kBase)
	cl100k = sync.OnceValue(codec.NewCl100kBase)
)

// Tokens cuts a text into the tokens of a model.
func (p Price) Tokens(text string) ([]string, error) {
	_, tokens, err := p.codec().Encode(text)
	return tokens, err
}

// Count returns the number of tokens of a text.
func (p Price) Count(text string) (int64, error) {
	n, err := p.codec().Count(text)
	return int64(n), err
}

func (p Price) codec() *codec.Codec {
	if p.Encoding == Cl100k {
		return cl100k()
	}
	return o200k()
}
