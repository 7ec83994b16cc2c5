package trust

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*federationRuleList)(nil)

type federationRuleList struct{ federationRuleResource }

func newFederationRuleList() list.ListResource { return &federationRuleList{} }

func (l *federationRuleList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The rules of the workload identity providers, with one request for each provider.")
}

func (l *federationRuleList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	rules := func(ctx context.Context, provider *adminapi.IdentityProvider) ([]adminapi.FederationRule, error) {
		return l.Client.FederationRules.List(ctx, provider.ID)
	}
	tfkit.ListWithin(ctx, req, stream, "the federation rules", l.Client.IdentityProviders.List, rules,
		func(provider *adminapi.IdentityProvider, rule *adminapi.FederationRule, diags *diag.Diagnostics) *tfkit.Listed {
			m := federationRuleModel{ProviderID: types.StringValue(provider.ID)}
			m.take(ctx, rule, diags)
			return &tfkit.Listed{Name: cmp.Or(m.Name.ValueString(), rule.ID) + " of " + provider.Name, Model: m, Identity: m.identity()}
		})
}
