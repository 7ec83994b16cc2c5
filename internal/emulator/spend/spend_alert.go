package spend

import (
	"errors"
	"net/mail"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type alertReply struct {
	ID                  string  `json:"id"`
	Object              string  `json:"object"`
	ThresholdAmount     int64   `json:"threshold_amount"`
	NotificationChannel channel `json:"notification_channel"`
	period
}

type channel struct {
	Type          string   `json:"type"`
	Recipients    []string `json:"recipients"`
	SubjectPrefix *string  `json:"subject_prefix"`
}

func (s scope) alertReply(a store.SpendAlert) alertReply {
	return alertReply{
		ID: a.ID, Object: s.kind + ".spend_alert", ThresholdAmount: a.Amount,
		NotificationChannel: channel{Type: "email", Recipients: a.Recipients, SubjectPrefix: a.SubjectPrefix},
		period:              period{Currency: a.Currency, Interval: a.Interval},
	}
}

func noAlert(r *api.Request) *api.Error { return api.NotFound("spend alert", r.PathValue("alert_id")) }

// readAlert reads a whole alert, as both creation and update need it.
func readAlert(r *api.Request, key string) (store.SpendAlert, error) {
	var body struct {
		ThresholdAmount     api.Optional[int64]   `json:"threshold_amount"`
		NotificationChannel api.Optional[channel] `json:"notification_channel"`
		period
	}
	if err := api.Decode(r, &body); err != nil {
		return store.SpendAlert{}, err
	}
	if err := body.check(); err != nil {
		return store.SpendAlert{}, err
	}
	c := body.NotificationChannel.Value
	switch {
	case !body.ThresholdAmount.Set():
		return store.SpendAlert{}, api.BadRequest("threshold_amount", "Missing required parameter: 'threshold_amount'.")
	case body.ThresholdAmount.Value < 0:
		return store.SpendAlert{}, api.BadRequest("threshold_amount", "'threshold_amount' must not be negative.")
	case !body.NotificationChannel.Set():
		return store.SpendAlert{}, api.BadRequest("notification_channel", "Missing required parameter: 'notification_channel'.")
	case c.Type != "email":
		return store.SpendAlert{}, api.BadRequest("notification_channel.type", "Invalid value: %q. Supported values are: 'email'.", c.Type)
	case len(c.Recipients) == 0:
		return store.SpendAlert{}, api.BadRequest("notification_channel.recipients", "At least one recipient is required.")
	}
	for _, recipient := range c.Recipients {
		if _, err := mail.ParseAddress(recipient); err != nil {
			return store.SpendAlert{}, api.BadRequest("notification_channel.recipients", "%q is not an e-mail address.", recipient)
		}
	}
	return store.SpendAlert{
		Scope: key, Amount: body.ThresholdAmount.Value, Currency: body.Currency, Interval: body.Interval,
		Recipients: c.Recipients, SubjectPrefix: c.SubjectPrefix,
	}, nil
}

// clobber overwrites the hard limit of the scope as the real API was reported
// to do when an alert is written.
func clobber(r *api.Request, a store.SpendAlert) error {
	if !r.Behavior.AlertClobbersLimit {
		return nil
	}
	l, err := r.Tx.SpendLimit(a.Scope)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	l.Amount, l.Disabled = a.Amount, true
	return r.Tx.PutSpendLimit(l)
}

// checkUnique refuses an alert that equals another. Assumption A-26.
func checkUnique(r *api.Request, alert store.SpendAlert) error {
	if !r.Behavior.RefusesEqualAlerts {
		return nil
	}
	all, err := r.Tx.SpendAlerts(alert.Scope)
	if slices.ContainsFunc(all, func(other store.SpendAlert) bool {
		return other.Amount == alert.Amount && slices.Equal(other.Recipients, alert.Recipients)
	}) {
		return api.BadRequest("", "An equal spend alert already exists.")
	}
	return err
}

func (s scope) createAlert(r *api.Request) (any, error) {
	key, err := s.of(r, true)
	if err != nil {
		return nil, err
	}
	alert, err := readAlert(r, key)
	if err != nil {
		return nil, err
	}
	if err := checkUnique(r, alert); err != nil {
		return nil, err
	}
	if alert, err = r.Tx.AddSpendAlert(alert); err != nil {
		return nil, err
	}
	return s.alertReply(alert), clobber(r, alert)
}

func (s scope) updateAlert(r *api.Request) (any, error) {
	key, err := s.of(r, true)
	if err != nil {
		return nil, err
	}
	previous, err := r.Tx.SpendAlert(key, r.PathValue("alert_id"))
	if err != nil {
		return nil, api.Or(err, noAlert(r))
	}
	alert, err := readAlert(r, key)
	if err != nil {
		return nil, err
	}
	alert.ID = previous.ID
	if err := r.Tx.UpdateSpendAlert(alert); err != nil {
		return nil, err
	}
	return s.alertReply(alert), clobber(r, alert)
}

func (s scope) getAlert(r *api.Request) (any, error) {
	key, err := s.of(r, false)
	if err != nil {
		return nil, err
	}
	alert, err := r.Tx.SpendAlert(key, r.PathValue("alert_id"))
	if err != nil {
		return nil, api.Or(err, noAlert(r))
	}
	return s.alertReply(alert), nil
}

func (s scope) listAlerts(r *api.Request) (any, error) {
	key, err := s.of(r, false)
	if err != nil {
		return nil, err
	}
	alerts, err := r.Tx.SpendAlerts(key)
	if err != nil {
		return nil, err
	}
	replies := make([]alertReply, len(alerts))
	for i, a := range alerts {
		replies[i] = s.alertReply(a)
	}
	return api.Paginate(r, replies, func(a alertReply) string { return a.ID }, api.Limits{Min: 0, Max: 100, Default: 20}, "asc")
}

func (s scope) removeAlert(r *api.Request) (any, error) {
	key, err := s.of(r, true)
	if err != nil {
		return nil, err
	}
	id := r.PathValue("alert_id")
	if err := r.Tx.RemoveSpendAlert(key, id); err != nil {
		return nil, api.Or(err, noAlert(r))
	}
	return api.Deleted{ID: id, Object: s.kind + ".spend_alert.deleted", Deleted: true}, nil
}
