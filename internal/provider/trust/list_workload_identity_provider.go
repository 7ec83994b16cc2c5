package trust

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*identityProviderList)(nil)

type identityProviderList struct{ identityProviderResource }

func newIdentityProviderList() list.ListResource { return &identityProviderList{} }

func (l *identityProviderList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The workload identity providers of the organisation.")
}

func (l *identityProviderList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListOrganization(ctx, req, stream, "the workload identity providers", l.Client.IdentityProviders.List,
		func(provider *adminapi.IdentityProvider, diags *diag.Diagnostics) *tfkit.Listed {
			var m identityProviderModel
			m.take(ctx, provider, diags)
			return &tfkit.Listed{Name: provider.Name, Model: m, Identity: m.identity()}
		})
}
