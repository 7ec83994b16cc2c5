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

var _ list.ListResourceWithConfigure = (*hostedToolsList)(nil)

type hostedToolsList struct{ hostedToolsResource }

func newHostedToolsList() list.ListResource { return &hostedToolsList{} }

func (l *hostedToolsList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.ProjectFilter("The hosted tool permissions of one project or of all in which a tool is switched off. A project that may use all tools is not listed.")
}

func (l *hostedToolsList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	tfkit.ListProjectSettings(ctx, req, stream, l.Client, "the hosted tool permissions", l.Client.HostedTools.Get,
		func(project *openai.Project, tools *adminapi.ToolSwitches, _ *diag.Diagnostics) *tfkit.Listed {
			if *tools == allTools {
				return nil
			}
			m := hostedToolsModel{types.StringValue(project.ID), newToolsModel(tools), types.MapNull(types.BoolType)}
			return &tfkit.Listed{Name: "the tools of " + project.Name, Model: m, Identity: m.identity()}
		})
}

// allTools is what a project has of which nobody has said anything.
var allTools = adminapi.ToolSwitches{CodeInterpreter: true, FileSearch: true, ImageGeneration: true, MCP: true, WebSearch: true}
