package webhook

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type sampleEventAction struct {
	WebhookEndpointID types.String `tfsdk:"webhook_endpoint_id"`
	EventType         types.String `tfsdk:"event_type"`
}

func (a *sampleEventAction) label() string {
	return "webhook endpoint " + a.WebhookEndpointID.ValueString()
}

func sendSampleEvent() lifecycle.Action[*sampleEventAction] {
	return lifecycle.Action[*sampleEventAction]{
		Type:       "webhook_endpoint_test",
		ProjectKey: true,
		Schema: schema.Schema{
			MarkdownDescription: "Sends a sample event to a webhook endpoint, and shows the HTTP status of the answer. The action fails if the endpoint answers with another status than 200 to 299. " + keyNote,
			Attributes: map[string]schema.Attribute{
				"webhook_endpoint_id": lifecycle.ActionParameter("Id of the webhook endpoint (`whe_…`)."),
				"event_type": schema.StringAttribute{
					MarkdownDescription: "Type of the sample event, such as `response.completed`.",
					Required:            true,
					Validators:          []validator.String{tfkit.OpenEnum(adminapi.WebhookEventTypes...)},
				},
			},
		},
		Label: (*sampleEventAction).label,
		Invoke: func(ctx context.Context, call *lifecycle.ActionCall[*sampleEventAction]) error {
			event := call.Config.EventType.ValueString()
			status, err := call.Client.WebhookEndpoints.Test(ctx, call.Config.WebhookEndpointID.ValueString(), event)
			if err != nil {
				return err
			}
			call.Progress("The %s answered the sample event %s with %d", call.Config.label(), event, status)
			if status < http.StatusOK || status >= http.StatusMultipleChoices {
				call.Diags.AddError("Webhook endpoint refused the sample event", fmt.Sprintf(
					"The %s answered the event %s with the status %d instead of 200 to 299. Check the receiver, then run the action again.", call.Config.label(), event, status))
			}
			return nil
		},
	}
}
