package key

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*adminKeyList)(nil)

type adminKeyList struct{ adminKeyResource }

func newAdminKeyList() list.ListResource { return &adminKeyList{} }

func (l *adminKeyList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The admin API keys of the organisation, among them the one that the provider uses, which should not be managed. Expired ones can only be replaced, and are not listed. Secrets are not told by the API.")
}

func (l *adminKeyList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	now := l.Client.Now().Unix()
	tfkit.ListOrganization(ctx, req, stream, "the admin API keys", l.Client.AdminKeys.List, func(key *openai.AdminAPIKey, _ *diag.Diagnostics) *tfkit.Listed {
		m := adminKeyModel{Recipients: types.SetNull(types.StringType)}
		m.take(key, now)
		if m.Status.ValueString() == statusExpired {
			return nil
		}
		return &tfkit.Listed{Name: m.Name.ValueString(), Model: m, Identity: m.identity()}
	})
}
