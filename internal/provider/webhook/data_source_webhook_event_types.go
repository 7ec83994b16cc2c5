package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type eventTypesDataModel struct {
	ID         types.String `tfsdk:"id"`
	EventTypes types.Set    `tfsdk:"event_types"`
}

func eventTypesData() lifecycle.DataSource[*eventTypesDataModel] {
	return lifecycle.DataSource[*eventTypesDataModel]{
		Type:       "webhook_event_types",
		ProjectKey: true,
		Schema: schema.Schema{
			MarkdownDescription: "The types of events that webhook endpoints of the project of `api_key` can receive. Needs `api_key` in the provider block, with the scope `api.webhooks.read`; an admin key cannot read them.",
			Attributes: map[string]schema.Attribute{
				"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "Always `project`."},
				"event_types": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Types of events, such as `response.completed`."},
			},
		},
		Label: lifecycle.Static[*eventTypesDataModel]("the webhook event types of the project of the API key"),
		Read: func(ctx context.Context, call *lifecycle.DataCall[*eventTypesDataModel]) error {
			eventTypes, err := call.Client.WebhookEndpoints.EventTypes(ctx)
			call.Data.ID, call.Data.EventTypes = types.StringValue("project"), tfkit.StringSet(ctx, eventTypes, call.Diags)
			return err
		},
	}
}
