package trust

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*externalKeyList)(nil)

type externalKeyList struct{ externalKeyResource }

func newExternalKeyList() list.ListResource { return &externalKeyList{} }

func (l *externalKeyList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The external keys that are registered.")
}

func (l *externalKeyList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListOrganization(ctx, req, stream, "the external keys", l.Client.ExternalKeys.List, func(key *adminapi.ExternalKey, diags *diag.Diagnostics) *tfkit.Listed {
		var m externalKeyModel
		m.take(ctx, key, diags)
		return &tfkit.Listed{Name: key.Name, Model: m, Identity: m.identity()}
	})
}
