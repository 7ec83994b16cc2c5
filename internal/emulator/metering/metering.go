package metering

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Meter meters the calls of one organization. It is used by one request at a
// time.
type Meter struct {
	prices *Prices
	rates  rates
	// mail says that there is a mail server to send alerts through.
	mail bool
}

// New returns a meter with these prices. With mail, messages wait to be sent.
func New(prices *Prices, mail bool) *Meter {
	return &Meter{prices: prices, rates: rates{}, mail: mail}
}

// Forget empties the windows of the rate limits.
func (m *Meter) Forget() { clear(m.rates) }

// Call is a call of a model with its usage.
type Call struct {
	// Kind is the kind of usage, such as completions.
	Kind   string
	Model  string
	Input  int64
	Output int64
	Images int64
	// Size and Source are those of images.
	Size, Source string
}

// Model returns a model of this kind that the caller may use: one of the
// organization that the project's permissions allow.
func (m *Meter) Model(r *api.Request, name string, kind Kind) (Price, error) {
	if name == "" {
		return Price{}, api.BadRequest("model", "you must provide a model parameter")
	}
	if err := Visible(r, name); err != nil {
		return Price{}, err
	}
	price, known := m.prices.Models[name]
	switch {
	case !known:
		return price, api.NotEmulated("The price table has no model %s. Add it to a copy of the table and give that with --prices.", name)
	case price.Kind != kind:
		return price, &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Param: "model",
			Message: fmt.Sprintf("The model `%s` is not supported by %s.", name, r.URL.Path)}
	}
	return price, nil
}

// Visible refuses a model that does not exist, or that the project may not
// use.
func Visible(r *api.Request, name string) error {
	if _, err := r.Tx.ModelLimit(name); err != nil {
		return api.Or(err, &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Code: "model_not_found",
			Message: fmt.Sprintf("The model `%s` does not exist or you do not have access to it.", name)})
	}
	policy, err := r.Tx.ModelPermissions(r.Key.ProjectID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case (policy.Mode == "allow_list") != slices.Contains(policy.ModelIDs, name):
		return &api.Error{Status: http.StatusForbidden, Type: "invalid_request_error", Code: "model_not_found",
			Message: fmt.Sprintf("Project `%s` does not have access to model `%s`", r.Key.ProjectID, name)}
	}
	return nil
}

// Charge serves a call: it refuses a call that exceeds a limit, and records the
// others. It is called once for a request, before the answer.
func (m *Meter) Charge(r *api.Request, price Price, c Call) error {
	if err := m.rates.admit(r, c); err != nil {
		return err
	}
	if err := withinSpend(r); err != nil {
		return err
	}
	if err := record(r, price, c); err != nil {
		return err
	}
	return m.Notify(r, r.Key.ProjectID)
}

// withinSpend refuses calls once the month's spend has reached a hard limit.
func withinSpend(r *api.Request) error {
	for _, of := range []struct{ scope, code string }{
		{r.Key.ProjectID, "project_spend_limit_exceeded"},
		{store.Organization, "organization_spend_limit_exceeded"},
	} {
		limit, err := r.Tx.SpendLimit(of.scope)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		spent, err := r.Tx.MonthSpend(of.scope, r.Now())
		if err != nil {
			return err
		}
		if limit.Reached(spent) {
			return &api.Error{Status: http.StatusTooManyRequests, Type: "insufficient_quota", Code: of.code,
				Message: "You exceeded your current quota, please check your plan and billing details. " +
					"For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."}
		}
	}
	return nil
}

// The dimensions that are the same for all calls in the emulator.
var (
	unlabeled   = "unlabeled"
	defaultTier = "default"
	noBatch     = false
	tokenUnit   = "tokens"
)

func record(r *api.Request, price Price, c Call) error {
	key := r.Key
	user := key.UserID
	if user == nil {
		// Assumption: a service account is the user of its calls.
		user = key.ServiceAccountID
	}
	event := store.UsageEvent{Kind: c.Kind, At: r.Now(), Dimensions: store.Dimensions{
		ProjectID: &key.ProjectID, UserID: user, APIKeyID: &key.ID, Model: &c.Model,
	}, Measures: store.Measures{NumModelRequests: 1}}
	switch price.Kind {
	case Text:
		event.Batch, event.ServiceTier, event.APISource = &noBatch, &defaultTier, &unlabeled
		event.InputTokens, event.InputUncachedTokens, event.InputTextTokens = c.Input, c.Input, c.Input
		event.OutputTokens, event.OutputTextTokens = c.Output, c.Output
	case Image:
		event.Size, event.Source = &c.Size, &c.Source
		event.Images = c.Images
	default:
		event.InputTokens = c.Input
	}
	if err := r.Tx.AddUsage(event); err != nil {
		return err
	}
	for _, item := range []struct {
		name   string
		tokens int64
		nano   int64
	}{{"input", c.Input, price.inputNano}, {"output", c.Output, price.outputNano}} {
		if item.tokens == 0 || item.nano == 0 {
			continue
		}
		lineItem, micro := c.Model+", "+item.name, item.tokens*1_000_000
		if err := r.Tx.AddCost(store.CostEvent{
			At: r.Now(), ProjectID: &key.ProjectID, UserID: user, APIKeyID: &key.ID, LineItem: &lineItem, APISource: &unlabeled,
			QuantityUnit: &tokenUnit, NanoUSD: item.tokens * item.nano, QuantityMicro: &micro,
		}); err != nil {
			return err
		}
	}
	return nil
}
