package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*serviceTiersList)(nil)

type serviceTiersList struct{ serviceTiersResource }

func newServiceTiersList() list.ListResource { return &serviceTiersList{} }

func (l *serviceTiersList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The service tier settings of one project or of all.")
}

func (l *serviceTiersList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjectSettings(ctx, req, stream, l.Client, "the service tier settings", l.Client.ServiceTiers.Get,
		func(project *openai.Project, tiers *adminapi.TierSettings, diags *diag.Diagnostics) *tfkit.Listed {
			m := serviceTiersModel{ProjectID: types.StringValue(project.ID), RestoreValues: types.ObjectNull(restoredTiers)}
			m.take(ctx, tiers, diags)
			return &tfkit.Listed{Name: "the service tiers of " + project.Name, Model: m, Identity: m.identity()}
		})
}
