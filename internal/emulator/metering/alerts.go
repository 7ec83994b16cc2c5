package metering

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Notify puts a message into the outbox for each alert, of a project and of
// the organization, whose threshold this month's spend has reached. A
// threshold sends one message a month.
func (m *Meter) Notify(r *api.Request, projectID string) error {
	if err := m.notify(r, store.Organization); err != nil || projectID == store.Organization {
		return err
	}
	return m.notify(r, projectID)
}

func (m *Meter) notify(r *api.Request, scope string) error {
	spent, err := r.Tx.MonthSpend(scope, r.Now())
	if err != nil {
		return err
	}
	alerts, err := r.Tx.DueAlerts(scope, r.Now(), spent)
	if err != nil || len(alerts) == 0 {
		return err
	}
	name, err := scopeName(r, scope)
	if err != nil {
		return err
	}
	for _, alert := range alerts {
		if err := r.Tx.AddNotice(alert, m.message(r, alert, name, spent)); err != nil {
			return err
		}
	}
	return nil
}

func scopeName(r *api.Request, scope string) (string, error) {
	if scope == store.Organization {
		return "the organization", nil
	}
	project, err := r.Tx.Project(scope)
	return "project " + project.Name, err
}

func (m *Meter) message(r *api.Request, a store.SpendAlert, name string, spent int64) store.Message {
	threshold := "$" + decimal.New(a.Amount, -2).StringFixed(2)
	subject := fmt.Sprintf("Spend alert: %s has reached %s this month", name, threshold)
	if a.SubjectPrefix != nil && *a.SubjectPrefix != "" {
		subject = *a.SubjectPrefix + " " + subject
	}
	delivery := store.DeliveryKept
	if m.mail {
		delivery = store.DeliveryWaiting
	}
	return store.Message{
		CreatedAt: r.Now(), Subject: subject, Delivery: delivery,
		Body: fmt.Sprintf("The spend of %s in %s is $%s. It has reached the threshold of %s of this alert.\n",
			name, r.Time.Format("January 2006"), decimal.New(spent, -9), threshold),
	}
}
