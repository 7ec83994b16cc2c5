package limit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*organizationSpendAlertList)(nil)

type organizationSpendAlertList struct{ organizationSpendAlertResource }

func newOrganizationSpendAlertList() list.ListResource { return &organizationSpendAlertList{} }

func (l *organizationSpendAlertList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The spend alerts of the organisation.")
}

func (l *organizationSpendAlertList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	fetch := func(ctx context.Context) ([]adminapi.SpendAlert, error) {
		return l.Client.SpendAlerts.List(ctx, adminapi.WholeOrganization)
	}
	tfkit.ListOrganization(ctx, req, stream, "the spend alerts", fetch, func(alert *adminapi.SpendAlert, diags *diag.Diagnostics) *tfkit.Listed {
		m := organizationSpendAlertModel{spendAlertModel: spendAlertModel{Acknowledged: tfkit.NotAcknowledged()}}
		m.take(ctx, alert, diags)
		return &tfkit.Listed{Name: m.label(), Model: m, Identity: m.identity()}
	})
}
