package limit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*organizationSpendLimitList)(nil)

type organizationSpendLimitList struct{ organizationSpendLimitResource }

func newOrganizationSpendLimitList() list.ListResource { return &organizationSpendLimitList{} }

func (l *organizationSpendLimitList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The hard spend limit of the organisation, if one is set.")
}

func (l *organizationSpendLimitList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	fetch := func(ctx context.Context) ([]adminapi.SpendLimit, error) {
		return only(l.Client.SpendLimits.Get(ctx, adminapi.WholeOrganization))
	}
	tfkit.ListOrganization(ctx, req, stream, "the spend limit", fetch, func(limit *adminapi.SpendLimit, _ *diag.Diagnostics) *tfkit.Listed {
		m := organizationSpendLimitModel{SingletonID: types.StringValue(organizationSingleton), Acknowledged: tfkit.NotAcknowledged()}
		m.take(organizationLimitObject, limit)
		return &tfkit.Listed{Name: m.label(), Model: m, Identity: m.identity()}
	})
}
