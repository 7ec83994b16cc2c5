package spend

import (
	"net/http"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type limitReply struct {
	Object          string      `json:"object"`
	ThresholdAmount int64       `json:"threshold_amount"`
	Enforcement     enforcement `json:"enforcement"`
	period
}

type enforcement struct {
	Status string `json:"status"`
}

// limitReply is the limit, and whether it refuses calls. Assumption A-23: enforcing
// means that the month's spend has reached the amount.
func (s scope) limitReply(r *api.Request, l store.SpendLimit) (limitReply, error) {
	reply := limitReply{
		Object: s.kind + ".spend_limit", ThresholdAmount: l.Amount, Enforcement: enforcement{Status: "inactive"},
		period: period{Currency: l.Currency, Interval: l.Interval},
	}
	spent, err := r.Tx.MonthSpend(l.Scope, r.Now())
	if l.Reached(spent) || r.Behavior.LimitsAlwaysEnforcing {
		reply.Enforcement.Status = "enforcing"
	}
	return reply, err
}

// noLimit answers where none is set. Assumption A-25.
func (s scope) noLimit() *api.Error {
	return &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Message: "No spend limit is set for this " + s.kind + "."}
}

func (s scope) getLimit(r *api.Request) (any, error) {
	key, err := s.of(r, false)
	if err != nil {
		return nil, err
	}
	l, err := r.Tx.SpendLimit(key)
	if err != nil {
		return nil, api.Or(err, s.noLimit())
	}
	return s.limitReply(r, l)
}

func (s scope) setLimit(r *api.Request) (any, error) {
	var body struct {
		ThresholdAmount api.Optional[int64] `json:"threshold_amount"`
		period
	}
	key, err := s.of(r, true)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if err := body.check(); err != nil {
		return nil, err
	}
	if !body.ThresholdAmount.Set() || body.ThresholdAmount.Value < 1 {
		return nil, api.BadRequest("threshold_amount", "'threshold_amount' must be at least 1 cent.")
	}
	l := store.SpendLimit{Scope: key, Amount: body.ThresholdAmount.Value, Currency: body.Currency, Interval: body.Interval}
	if err := r.Tx.PutSpendLimit(l); err != nil {
		return nil, err
	}
	return s.limitReply(r, l)
}

func (s scope) removeLimit(r *api.Request) (any, error) {
	key, err := s.of(r, true)
	if err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveSpendLimit(key); err != nil {
		return nil, api.Or(err, s.noLimit())
	}
	return api.Deleted{Object: s.kind + ".spend_limit.deleted", Deleted: true}, nil
}
