package e2e_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/shopspring/decimal"
)

// application is a customer's program that uses a key of a project. It uses
// the SDK as it comes, keeps a ledger of its own, and takes no refusal lightly:
// it does not try again.
type application struct {
	url   string
	model string

	mu     sync.Mutex
	secret string
	keyID  string
	ledger map[string]*entry
}

// entry has the number of calls with a key, and their costs by the
// application's own count.
type entry struct {
	calls int64
	usd   decimal.Decimal
}

func newApplication(url, model string) *application {
	return &application{url: url, model: model, ledger: map[string]*entry{}}
}

// use gives the application another key.
func (a *application) use(keyID, secret string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keyID, a.secret = keyID, secret
	if a.ledger[keyID] == nil {
		a.ledger[keyID] = &entry{}
	}
}

// Prices of a million tokens, by the price list.
var prices = map[string]struct{ input, output decimal.Decimal }{
	"gpt-4o":      {decimal.RequireFromString("2.50"), decimal.RequireFromString("10.00")},
	"gpt-4o-mini": {decimal.RequireFromString("0.15"), decimal.RequireFromString("0.60")},
}

// ask calls the model once.
func (a *application) ask(ctx context.Context, question string) error {
	a.mu.Lock()
	keyID, secret := a.keyID, a.secret
	a.mu.Unlock()
	client := openai.NewClient(option.WithBaseURL(a.url), option.WithAPIKey(secret), option.WithMaxRetries(0))
	answer, err := client.Chat.Completions.New(ctx, openai.ChatCompletionNewParams{
		Model: a.model, Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(question)},
	})
	if err != nil {
		return err
	}
	price := prices[a.model]
	cost := price.input.Mul(decimal.NewFromInt(answer.Usage.PromptTokens)).Add(price.output.Mul(decimal.NewFromInt(answer.Usage.CompletionTokens))).Shift(-6)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ledger[keyID].calls++
	a.ledger[keyID].usd = a.ledger[keyID].usd.Add(cost)
	return nil
}

// longQuestion costs about half a cent with gpt-4o.
var longQuestion = strings.Repeat("word ", 400)

// code is the code of a refusal, empty for none.
func code(err error) string {
	if failure, ok := errors.AsType[*openai.Error](err); ok {
		return failure.Code
	}
	return ""
}

// background is an application that never stops calling.
type background struct {
	stop     chan struct{}
	running  sync.WaitGroup
	answered chan struct{}
	failures chan error
}

// keepCalling calls from several places at once, until it is stopped.
func (a *application) keepCalling(t *testing.T) *background {
	b := &background{stop: make(chan struct{}), answered: make(chan struct{}), failures: make(chan error, 1)}
	for range 4 {
		b.running.Go(func() {
			pace := time.NewTicker(5 * time.Millisecond)
			defer pace.Stop()
			for {
				select {
				case <-b.stop:
					return
				case <-pace.C:
				}
				if err := a.ask(t.Context(), "Hello"); err != nil {
					select {
					case b.failures <- err:
					default: // the first one is enough
					}
					return
				}
				select {
				case b.answered <- struct{}{}:
				default: // no reader
				}
			}
		})
	}
	return b
}

// more waits until this many more calls were answered.
func (b *background) more(n int) error {
	for range n {
		select {
		case <-b.answered:
		case err := <-b.failures:
			return err
		}
	}
	return nil
}

// end stops the calls and returns the first that failed.
func (b *background) end() error {
	close(b.stop)
	b.running.Wait()
	select {
	case err := <-b.failures:
		return err
	default:
		return nil
	}
}
