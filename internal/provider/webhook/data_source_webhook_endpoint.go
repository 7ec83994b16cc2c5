package webhook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// dataNote says which key the data sources need.
const dataNote = "Needs `api_key` in the provider block, with the scope `api.webhooks.read`; an admin key cannot read it. The signing secret cannot be read."

func endpointData() lifecycle.DataSource[*endpointDataModel] {
	attributes := endpointFields()
	attributes["id"] = lifecycle.Parameter("Id of the webhook endpoint (`whe_…`).")
	return lifecycle.DataSource[*endpointDataModel]{
		Type:       "webhook_endpoint",
		ProjectKey: true,
		Schema: schema.Schema{
			MarkdownDescription: "A webhook endpoint of the project of `api_key`. " + dataNote,
			Attributes:          attributes,
		},
		Label: func(d *endpointDataModel) string { return "webhook endpoint " + d.ID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*endpointDataModel]) error {
			e, err := call.Client.WebhookEndpoints.Get(ctx, call.Data.ID.ValueString())
			if err == nil {
				*call.Data = newEndpointData(ctx, e, call.Diags)
			}
			return err
		},
	}
}

type endpointsDataModel struct {
	ID               types.String        `tfsdk:"id"`
	WebhookEndpoints []endpointDataModel `tfsdk:"webhook_endpoints"`
}

func endpointsData() lifecycle.DataSource[*endpointsDataModel] {
	return lifecycle.DataSource[*endpointsDataModel]{
		Type:       "webhook_endpoints",
		ProjectKey: true,
		Schema: schema.Schema{
			MarkdownDescription: "The webhook endpoints of the project of `api_key`, oldest first. All pages are read. " + dataNote,
			Attributes: map[string]schema.Attribute{
				"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `project`."},
				"webhook_endpoints": schema.ListNestedAttribute{
					MarkdownDescription: "The endpoints found.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: endpointFields()},
				},
			},
		},
		Label: lifecycle.Static[*endpointsDataModel]("the webhook endpoints of the project of the API key"),
		Read: func(ctx context.Context, call *lifecycle.DataCall[*endpointsDataModel]) error {
			endpoints, err := call.Client.WebhookEndpoints.List(ctx)
			call.Data.ID = types.StringValue("project")
			call.Data.WebhookEndpoints = lifecycle.Flatten(endpoints, func(e *adminapi.WebhookEndpoint) endpointDataModel { return newEndpointData(ctx, e, call.Diags) })
			tfkit.SortByAge(call.Data.WebhookEndpoints, func(m endpointDataModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
			return err
		},
	}
}

// endpointFields are the attributes of an endpoint.
func endpointFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                  schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the webhook endpoint (`whe_…`)."},
		"object":              schema.StringAttribute{Computed: true, MarkdownDescription: "Type of the object in the API, always `webhook_endpoint`."},
		"name":                schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the endpoint."},
		"url":                 schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "HTTPS URL that receives the events."},
		"event_types":         schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Types of the events that are sent."},
		"created_at":          schema.Int64Attribute{Computed: true, MarkdownDescription: "When the endpoint was created, in Unix seconds."},
		"updated_at":          schema.Int64Attribute{Computed: true, MarkdownDescription: "When the settings or the signing secret were last changed, in Unix seconds; null when the API does not return it."},
		"signing_secret_hint": schema.StringAttribute{Computed: true, MarkdownDescription: "Part of the current signing secret, as the API shows it."},
	}
}

type endpointDataModel struct {
	ID                types.String `tfsdk:"id"`
	Object            types.String `tfsdk:"object"`
	Name              types.String `tfsdk:"name"`
	URL               types.String `tfsdk:"url"`
	EventTypes        types.Set    `tfsdk:"event_types"`
	CreatedAt         types.Int64  `tfsdk:"created_at"`
	UpdatedAt         types.Int64  `tfsdk:"updated_at"`
	SigningSecretHint types.String `tfsdk:"signing_secret_hint"`
}

func newEndpointData(ctx context.Context, e *adminapi.WebhookEndpoint, diags *diag.Diagnostics) endpointDataModel {
	return endpointDataModel{
		ID: types.StringValue(e.ID), Object: types.StringValue(e.Object), Name: types.StringValue(e.Name), URL: types.StringValue(e.URL),
		EventTypes: tfkit.StringSet(ctx, e.EventTypes, diags), CreatedAt: types.Int64Value(e.CreatedAt), UpdatedAt: types.Int64PointerValue(e.UpdatedAt),
		SigningSecretHint: types.StringValue(e.SecretHint),
	}
}
