package store

import (
	"encoding/json"
	"time"
)

// NanoPerCent is a cent in the unit in which spend is kept.
const NanoPerCent = 10_000_000

// Month returns the first second of the month of a moment, in UTC.
func Month(at int64) int64 {
	t := time.Unix(at, 0).UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC).Unix()
}

// Reached says whether spend, in billionths of a dollar, has reached the
// limit.
func (l SpendLimit) Reached(nanoUSD int64) bool {
	return !l.Disabled && nanoUSD/NanoPerCent >= l.Amount
}

// MonthSpend returns the spend of a scope in the month of a moment, in
// billionths of a dollar.
func (tx *Tx) MonthSpend(scope string, at int64) (nanoUSD int64, err error) {
	err = tx.QueryRowContext(tx.ctx, "SELECT COALESCE(SUM(nano_usd), 0) FROM month_spend WHERE scope = ? AND month = ?", scope, Month(at)).Scan(&nanoUSD)
	return nanoUSD, err
}

// addMonthSpend adds to the spend of a scope in the month of a moment.
func (tx *Tx) addMonthSpend(scope string, at, nanoUSD int64) error {
	return tx.exec(`INSERT INTO month_spend (scope, month, nano_usd) VALUES (?, ?, ?)
		ON CONFLICT (scope, month) DO UPDATE SET nano_usd = nano_usd + excluded.nano_usd`, scope, Month(at), nanoUSD)
}

// DueAlerts lists the alerts of a scope whose threshold the month's spend has
// reached and whose message has not been sent yet.
func (tx *Tx) DueAlerts(scope string, at, nanoUSD int64) ([]SpendAlert, error) {
	return query(tx, scanSpendAlert, spendAlertColumns+`WHERE scope = ? AND threshold_amount * ? <= ? AND NOT EXISTS (
		SELECT 1 FROM alert_notices n WHERE n.alert_id = id AND n.threshold_amount = spend_alerts.threshold_amount AND n.month = ?
	) ORDER BY threshold_amount, seq`, scope, NanoPerCent, nanoUSD, Month(at))
}

// How a message was delivered.
const (
	// DeliveryKept is a message that stays in the outbox, as there is no mail
	// server.
	DeliveryKept    = "kept"
	DeliveryWaiting = "waiting"
	DeliverySent    = "sent"
	DeliveryFailed  = "failed"
)

// Message is an e-mail in the outbox.
type Message struct {
	ID         string   `json:"id"`
	Object     string   `json:"object"`
	CreatedAt  int64    `json:"created_at"`
	AlertID    string   `json:"alert_id"`
	ProjectID  *string  `json:"project_id"`
	Recipients []string `json:"recipients"`
	Subject    string   `json:"subject"`
	Body       string   `json:"body"`
	Delivery   string   `json:"delivery"`
	Failure    *string  `json:"failure"`
}

const messageColumns = "SELECT id, created_at, alert_id, NULLIF(scope, ''), recipients, subject, body, delivery, failure FROM outbox "

func scanMessage(row scanner) (m Message, err error) {
	m.Object = "emulator.message"
	var recipients string
	if err = row.Scan(&m.ID, &m.CreatedAt, &m.AlertID, &m.ProjectID, &recipients, &m.Subject, &m.Body, &m.Delivery, &m.Failure); err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(recipients), &m.Recipients)
}

// AddNotice puts an alert's message into the outbox and notes that the alert
// was sent for its threshold this month.
func (tx *Tx) AddNotice(a SpendAlert, m Message) error {
	err := tx.exec("INSERT INTO alert_notices (alert_id, threshold_amount, month) VALUES (?, ?, ?)", a.ID, a.Amount, Month(m.CreatedAt))
	if err != nil {
		return err
	}
	if m.ID, err = tx.NewID("msg_"); err != nil {
		return err
	}
	recipients, err := json.Marshal(a.Recipients)
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO outbox (id, created_at, alert_id, scope, recipients, subject, body, delivery) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		m.ID, m.CreatedAt, a.ID, a.Scope, string(recipients), m.Subject, m.Body, m.Delivery)
}

// Outbox lists the messages, oldest first.
func (tx *Tx) Outbox() ([]Message, error) {
	return query(tx, scanMessage, messageColumns+"ORDER BY seq")
}

// WaitingMessages lists the messages that have not been sent.
func (tx *Tx) WaitingMessages() ([]Message, error) {
	return query(tx, scanMessage, messageColumns+"WHERE delivery = ? ORDER BY seq", DeliveryWaiting)
}

// Delivered records the delivery of a message; a failure of nil is success.
func (tx *Tx) Delivered(id string, failure *string) error {
	delivery := DeliverySent
	if failure != nil {
		delivery = DeliveryFailed
	}
	return tx.exec("UPDATE outbox SET delivery = ?, failure = ? WHERE id = ?", delivery, failure, id)
}
