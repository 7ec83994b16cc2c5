package store

import "encoding/json"

// Organization is the scope of the organization's own limits and alerts.
const Organization = ""

// SpendLimit is the hard limit of a scope, in cents.
type SpendLimit struct {
	Scope    string
	Amount   int64
	Currency string
	Interval string
	Disabled bool
}

// SpendLimit returns the hard limit of a scope.
func (tx *Tx) SpendLimit(scope string) (SpendLimit, error) {
	return queryOne(tx, func(row scanner) (l SpendLimit, err error) {
		err = row.Scan(&l.Scope, &l.Amount, &l.Currency, &l.Interval, &l.Disabled)
		return l, err
	}, "SELECT scope, threshold_amount, currency, interval, disabled FROM spend_limits WHERE scope = ?", scope)
}

// PutSpendLimit sets the hard limit of a scope.
func (tx *Tx) PutSpendLimit(l SpendLimit) error {
	return tx.exec(`INSERT INTO spend_limits (scope, threshold_amount, currency, interval, disabled) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (scope) DO UPDATE SET threshold_amount = excluded.threshold_amount, currency = excluded.currency,
			interval = excluded.interval, disabled = excluded.disabled`, l.Scope, l.Amount, l.Currency, l.Interval, l.Disabled)
}

// RemoveSpendLimit removes the hard limit of a scope.
func (tx *Tx) RemoveSpendLimit(scope string) error {
	return tx.execOne("DELETE FROM spend_limits WHERE scope = ?", scope)
}

// SpendAlert is a soft limit of a scope, in cents.
type SpendAlert struct {
	ID            string
	Scope         string
	Amount        int64
	Currency      string
	Interval      string
	Recipients    []string
	SubjectPrefix *string
}

const spendAlertColumns = "SELECT id, scope, threshold_amount, currency, interval, recipients, subject_prefix FROM spend_alerts "

func scanSpendAlert(row scanner) (a SpendAlert, err error) {
	var recipients string
	if err = row.Scan(&a.ID, &a.Scope, &a.Amount, &a.Currency, &a.Interval, &recipients, &a.SubjectPrefix); err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(recipients), &a.Recipients)
}

// AddSpendAlert stores a new alert.
func (tx *Tx) AddSpendAlert(a SpendAlert) (_ SpendAlert, err error) {
	if a.ID, err = tx.NewID("alert_"); err != nil {
		return a, err
	}
	recipients, err := json.Marshal(a.Recipients)
	if err != nil {
		return a, err
	}
	return a, tx.exec("INSERT INTO spend_alerts (id, scope, threshold_amount, currency, interval, recipients, subject_prefix) VALUES (?, ?, ?, ?, ?, ?, ?)",
		a.ID, a.Scope, a.Amount, a.Currency, a.Interval, string(recipients), a.SubjectPrefix)
}

// SpendAlert returns an alert of a scope.
func (tx *Tx) SpendAlert(scope, id string) (SpendAlert, error) {
	return queryOne(tx, scanSpendAlert, spendAlertColumns+"WHERE scope = ? AND id = ?", scope, id)
}

// SpendAlerts lists the alerts of a scope, oldest first.
func (tx *Tx) SpendAlerts(scope string) ([]SpendAlert, error) {
	return query(tx, scanSpendAlert, spendAlertColumns+"WHERE scope = ? ORDER BY seq", scope)
}

// UpdateSpendAlert replaces an alert.
func (tx *Tx) UpdateSpendAlert(a SpendAlert) error {
	recipients, err := json.Marshal(a.Recipients)
	if err != nil {
		return err
	}
	return tx.execOne("UPDATE spend_alerts SET threshold_amount = ?, currency = ?, interval = ?, recipients = ?, subject_prefix = ? WHERE id = ?",
		a.Amount, a.Currency, a.Interval, string(recipients), a.SubjectPrefix, a.ID)
}

// RemoveSpendAlert removes an alert.
func (tx *Tx) RemoveSpendAlert(scope, id string) error {
	return tx.execOne("DELETE FROM spend_alerts WHERE scope = ? AND id = ?", scope, id)
}

// RateLimit has the rate limits of a model; a null measure does not apply to
// it.
type RateLimit struct {
	Model                   string
	RequestsPerMinute       int64
	TokensPerMinute         int64
	ImagesPerMinute         *int64
	AudioMegabytesPerMinute *int64
	RequestsPerDay          *int64
	BatchInputTokensPerDay  *int64
}

const rateMeasures = "max_requests_per_1_minute, max_tokens_per_1_minute, max_images_per_1_minute, max_audio_megabytes_per_1_minute, max_requests_per_1_day, batch_1_day_max_input_tokens"

func scanRateLimit(row scanner) (l RateLimit, err error) {
	err = row.Scan(&l.Model, &l.RequestsPerMinute, &l.TokensPerMinute, &l.ImagesPerMinute, &l.AudioMegabytesPerMinute, &l.RequestsPerDay, &l.BatchInputTokensPerDay)
	return l, err
}

func (l RateLimit) values() []any {
	return []any{l.Model, l.RequestsPerMinute, l.TokensPerMinute, l.ImagesPerMinute, l.AudioMegabytesPerMinute, l.RequestsPerDay, l.BatchInputTokensPerDay}
}

// AddModel adds a model with the organization's limits.
func (tx *Tx) AddModel(l RateLimit) error {
	return tx.exec("INSERT INTO models (model, "+rateMeasures+") VALUES (?, ?, ?, ?, ?, ?, ?)", l.values()...)
}

// ModelLimit returns the organization's rate limits of a model.
func (tx *Tx) ModelLimit(model string) (RateLimit, error) {
	return queryOne(tx, scanRateLimit, "SELECT model, "+rateMeasures+" FROM models WHERE model = ?", model)
}

const projectRateLimits = `SELECT m.model,
		COALESCE(p.max_requests_per_1_minute, m.max_requests_per_1_minute),
		COALESCE(p.max_tokens_per_1_minute, m.max_tokens_per_1_minute),
		COALESCE(p.max_images_per_1_minute, m.max_images_per_1_minute),
		COALESCE(p.max_audio_megabytes_per_1_minute, m.max_audio_megabytes_per_1_minute),
		COALESCE(p.max_requests_per_1_day, m.max_requests_per_1_day),
		COALESCE(p.batch_1_day_max_input_tokens, m.batch_1_day_max_input_tokens)
		FROM models m LEFT JOIN rate_limits p ON p.model = m.model AND p.project_id = ? `

// RateLimits lists the rate limits of a project, model by model.
func (tx *Tx) RateLimits(projectID string) ([]RateLimit, error) {
	return query(tx, scanRateLimit, projectRateLimits+"ORDER BY m.seq", projectID)
}

// ProjectRateLimit returns a project's rate limits of a model.
func (tx *Tx) ProjectRateLimit(projectID, model string) (RateLimit, error) {
	return queryOne(tx, scanRateLimit, projectRateLimits+"WHERE m.model = ?", projectID, model)
}

// PutRateLimit sets a project's rate limits of a model.
func (tx *Tx) PutRateLimit(projectID string, l RateLimit) error {
	return tx.exec("INSERT OR REPLACE INTO rate_limits (project_id, model, "+rateMeasures+") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		append([]any{projectID}, l.values()...)...)
}
