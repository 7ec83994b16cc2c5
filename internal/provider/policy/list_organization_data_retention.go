package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*organizationRetentionList)(nil)

type organizationRetentionList struct{ organizationRetentionResource }

func newOrganizationRetentionList() list.ListResource { return &organizationRetentionList{} }

func (l *organizationRetentionList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The data retention of the organisation, if it has agreed one with OpenAI.")
}

func (l *organizationRetentionList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	get := func(ctx context.Context) ([]string, error) {
		kind, err := l.Client.DataRetention.Get(ctx, adminapi.WholeOrganization)
		return []string{kind}, err
	}
	tfkit.ListOrganization(ctx, req, stream, "the data retention", get, func(kind *string, _ *diag.Diagnostics) *tfkit.Listed {
		if *kind == noRetention {
			return nil // nothing was agreed, and nothing can be set
		}
		m := organizationRetentionModel{types.StringValue(organizationSingleton), retentionOf(adminapi.WholeOrganization, *kind), types.MapNull(types.StringType)}
		return &tfkit.Listed{Name: "the data retention of the organisation", Model: m, Identity: m.identity()}
	})
}
