package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const hostedToolsPath = projectPath + "/hosted_tool_permissions"

// ToolSwitches say which tools that OpenAI runs a project may use.
type ToolSwitches struct {
	CodeInterpreter bool `json:"code_interpreter"`
	FileSearch      bool `json:"file_search"`
	ImageGeneration bool `json:"image_generation"`
	MCP             bool `json:"mcp"`
	WebSearch       bool `json:"web_search"`
}

// HostedTools are the hosted tools of projects.
type HostedTools struct {
	client *Client
	sdk    openai.AdminOrganizationProjectHostedToolPermissionService
	known  cache.Singletons[ToolSwitches]
}

func newHostedTools(c *Client, sdk openai.AdminOrganizationProjectHostedToolPermissionService) *HostedTools {
	h := &HostedTools{client: c, sdk: sdk}
	settingsAhead(c, h.get(), &h.known, h.Get)
	return h
}

func (h *HostedTools) get() transport.Operation {
	return transport.Read("read hosted tool permissions", hostedToolsPath)
}

var toolSwitches = converted(func(p *openai.ProjectHostedToolPermissions) (*ToolSwitches, error) {
	if !p.CodeInterpreter.JSON.Enabled.Valid() || !p.FileSearch.JSON.Enabled.Valid() || !p.ImageGeneration.JSON.Enabled.Valid() ||
		!p.Mcp.JSON.Enabled.Valid() || !p.WebSearch.JSON.Enabled.Valid() {
		return nil, errIncomplete
	}
	return &ToolSwitches{
		CodeInterpreter: p.CodeInterpreter.Enabled, FileSearch: p.FileSearch.Enabled, ImageGeneration: p.ImageGeneration.Enabled,
		MCP: p.Mcp.Enabled, WebSearch: p.WebSearch.Enabled,
	}, nil
})

// Get returns the tools of a project.
func (h *HostedTools) Get(ctx context.Context, projectID string) (*ToolSwitches, error) {
	return h.known.Get(ctx, projectID, func() (*ToolSwitches, error) {
		return call(ctx, h.client, h.get(),
			func(ctx context.Context, opts ...option.RequestOption) (*ToolSwitches, error) {
				return toolSwitches(h.sdk.Get(ctx, projectID, opts...))
			})
	})
}

// Set switches all tools of a project.
func (h *HostedTools) Set(ctx context.Context, projectID string, tools ToolSwitches) (*ToolSwitches, error) {
	return h.known.Set(ctx, projectID, func() (*ToolSwitches, error) {
		return call(ctx, h.client, transport.Update("set hosted tool permissions", hostedToolsPath),
			func(ctx context.Context, opts ...option.RequestOption) (*ToolSwitches, error) {
				// The SDK's parameters leave a tool out that is switched off.
				opts = append(opts,
					option.WithJSONSet("code_interpreter.enabled", tools.CodeInterpreter),
					option.WithJSONSet("file_search.enabled", tools.FileSearch),
					option.WithJSONSet("image_generation.enabled", tools.ImageGeneration),
					option.WithJSONSet("mcp.enabled", tools.MCP),
					option.WithJSONSet("web_search.enabled", tools.WebSearch))
				return toolSwitches(h.sdk.Update(ctx, projectID, openai.AdminOrganizationProjectHostedToolPermissionUpdateParams{}, opts...))
			})
	})
}
