package key

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*apiKeyList)(nil)

type apiKeyList struct{ apiKeyResource }

func newAPIKeyList() list.ListResource { return &apiKeyList{} }

func (l *apiKeyList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The API keys of the service accounts of one project or of all. Keys of people cannot be managed, and expired ones only be replaced; neither are listed. Secrets and scopes are not told by the API.")
}

func (l *apiKeyList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	now := l.Client.Now().Unix()
	tfkit.ListProjects(ctx, req, stream, l.Client, "the API keys", l.Client.APIKeys.List,
		func(project *openai.Project, key *openai.ProjectAPIKey, _ *diag.Diagnostics) *tfkit.Listed {
			if !key.Owner.JSON.ServiceAccount.Valid() || status(key, now) == statusExpired {
				return nil
			}
			m := apiKeyModel{
				ProjectID: types.StringValue(project.ID), Scopes: types.SetNull(types.StringType), Recipients: types.SetNull(types.StringType),
				Rotation: types.ObjectNull(rotationType), RotationTriggers: types.MapNull(types.StringType), RotationDue: types.BoolValue(false),
				ExpiringKeys: types.MapNull(types.Int64Type),
			}
			m.take(key, now)
			return &tfkit.Listed{Name: key.Name + " in " + project.Name, Model: m, Identity: m.identity()}
		})
}
