package usage

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/metering"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Event is usage to record, from a seed file or over HTTP. With Days it stands
// for one event at noon UTC on each of that many days before today.
type Event struct {
	Kind          string `json:"kind" yaml:"kind"`
	At            string `json:"at" yaml:"at"`
	Days          int    `json:"days" yaml:"days"`
	Shape         `yaml:",inline"`
	ProjectID     *string `json:"project_id" yaml:"project_id"`
	UserID        *string `json:"user_id" yaml:"user_id"`
	APIKeyID      *string `json:"api_key_id" yaml:"api_key_id"`
	Model         *string `json:"model" yaml:"model"`
	Batch         *bool   `json:"batch" yaml:"batch"`
	ServiceTier   *string `json:"service_tier" yaml:"service_tier"`
	APISource     *string `json:"api_source" yaml:"api_source"`
	Size          *string `json:"size" yaml:"size"`
	Source        *string `json:"source" yaml:"source"`
	VectorStoreID *string `json:"vector_store_id" yaml:"vector_store_id"`
	ContextLevel  *string `json:"context_level" yaml:"context_level"`

	Measures store.Measures `json:"measures" yaml:"measures"`

	// CostUSD is the cost of the event, an exact decimal of dollars.
	CostUSD      string  `json:"cost_usd" yaml:"cost_usd"`
	LineItem     *string `json:"line_item" yaml:"line_item"`
	Quantity     string  `json:"quantity" yaml:"quantity"`
	QuantityUnit *string `json:"quantity_unit" yaml:"quantity_unit"`
}

// costOnly is the kind of an event that is money and nothing else.
const costOnly = "costs"

// maxDays is how many days one event can stand for.
const maxDays = 366

// Record stores an event.
func (e Event) Record(tx *store.Tx, now time.Time) error {
	if _, known := findKind(e.Kind); !known && e.Kind != costOnly {
		return fmt.Errorf("unknown kind %q", e.Kind)
	}
	moments, err := e.moments(now)
	if err != nil {
		return err
	}
	cost, err := fixed("cost_usd", e.CostUSD, nanoDigits)
	if err != nil {
		return err
	}
	quantity, err := fixed("quantity", e.Quantity, microDigits)
	if err != nil {
		return err
	}
	if e.Kind == costOnly && e.Measures != (store.Measures{}) {
		return errors.New("an event of kind costs has no measures")
	}
	if e.Kind == costOnly && cost == nil {
		return errors.New("an event of kind costs needs cost_usd")
	}
	if err := e.check(e.Days); err != nil {
		return err
	}
	for i, at := range moments {
		thousandths := e.thousandths(at, i, len(moments))
		if e.Kind != costOnly {
			err := tx.AddUsage(store.UsageEvent{Kind: e.Kind, At: at.Unix(), Measures: e.Measures.Scaled(thousandths), Dimensions: store.Dimensions{
				ProjectID: e.ProjectID, UserID: e.UserID, APIKeyID: e.APIKeyID, Model: e.Model, Batch: e.Batch, ServiceTier: e.ServiceTier,
				APISource: e.APISource, Size: e.Size, Source: e.Source, VectorStoreID: e.VectorStoreID, ContextLevel: e.ContextLevel,
			}})
			if err != nil {
				return err
			}
		}
		if cost != nil {
			amount := quantity
			if quantity != nil {
				n := scaled(*quantity, thousandths)
				amount = &n
			}
			err := tx.AddCost(store.CostEvent{
				At: at.Unix(), ProjectID: e.ProjectID, UserID: e.UserID, APIKeyID: e.APIKeyID, LineItem: e.LineItem, APISource: e.APISource,
				QuantityUnit: e.QuantityUnit, NanoUSD: scaled(*cost, thousandths), QuantityMicro: amount,
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (e Event) moments(now time.Time) ([]time.Time, error) {
	switch {
	case (e.At == "") == (e.Days == 0):
		return nil, errors.New("an event needs either at or days")
	case e.Days < 0 || e.Days > maxDays:
		return nil, fmt.Errorf("days must be between 1 and %d, got %d", maxDays, e.Days)
	case e.At != "":
		at, err := time.Parse(time.RFC3339, e.At)
		if err != nil {
			return nil, fmt.Errorf("at must be a time such as 2026-11-01T12:00:00Z, got %q", e.At)
		}
		return []time.Time{at}, nil
	}
	noon := now.UTC().Truncate(24 * time.Hour).Add(12 * time.Hour)
	var moments []time.Time
	for day := range e.Days {
		moments = append(moments, noon.AddDate(0, 0, -1-day))
	}
	return moments, nil
}

// mostDigits bounds an amount: a hundred million dollars, or a hundred billion
// of anything else.
const mostDigits = 17

// fixed reads a decimal as an integer with this many decimals, nil when the
// text is empty.
func fixed(name, text string, digits int32) (*int64, error) {
	if text == "" {
		return nil, nil
	}
	value, err := decimal.NewFromString(text)
	if err != nil || !value.Equal(value.Truncate(digits)) {
		return nil, fmt.Errorf("%s must be a decimal with at most %d places, got %q", name, digits, text)
	}
	// Sums of many events have to stay whole numbers of 64 bits.
	whole := value.Shift(digits)
	if whole.Abs().GreaterThan(decimal.New(1, mostDigits)) {
		return nil, fmt.Errorf("%s is too large: %q", name, text)
	}
	n := whole.IntPart()
	return &n, nil
}

// mostEvents bounds how long a request holds up the others.
const mostEvents = 100_000

func record(r *api.Request, m *metering.Meter) (any, error) {
	var body struct {
		Events []Event `json:"events"`
	}
	if err := api.DecodeStrict(r, &body); err != nil {
		return nil, err
	}
	if len(body.Events) == 0 {
		return nil, api.BadRequest("events", "There must be at least one event in 'events'.")
	}
	total := 0
	for _, e := range body.Events {
		total += min(max(1, e.Days), maxDays)
	}
	if total > mostEvents {
		return nil, api.BadRequest("events", "There must be at most %d events in a request, and each day counts, got %d.", mostEvents, total)
	}
	for i, e := range body.Events {
		if err := e.Record(r.Tx, r.Time); err != nil {
			return nil, api.BadRequest(fmt.Sprintf("events[%d]", i), "%s", err)
		}
		project := store.Organization
		if e.ProjectID != nil {
			project = *e.ProjectID
		}
		if err := m.Notify(r, project); err != nil {
			return nil, err
		}
	}
	return recordReply{Object: "emulator.usage", Recorded: len(body.Events)}, nil
}

type recordReply struct {
	Object   string `json:"object"`
	Recorded int    `json:"recorded"`
}
