package settings

import (
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type toolReply struct {
	Enabled bool `json:"enabled"`
}

type toolsReply struct {
	CodeInterpreter toolReply `json:"code_interpreter"`
	FileSearch      toolReply `json:"file_search"`
	ImageGeneration toolReply `json:"image_generation"`
	MCP             toolReply `json:"mcp"`
	WebSearch       toolReply `json:"web_search"`
}

func newToolsReply(t store.HostedTools) toolsReply {
	return toolsReply{
		CodeInterpreter: toolReply{t.CodeInterpreter}, FileSearch: toolReply{t.FileSearch},
		ImageGeneration: toolReply{t.ImageGeneration}, MCP: toolReply{t.MCP}, WebSearch: toolReply{t.WebSearch},
	}
}

func getTools(r *api.Request) (any, error) {
	project, err := api.AnyProject(r)
	if err != nil {
		return nil, err
	}
	tools, err := r.Tx.HostedTools(project.ID)
	return newToolsReply(tools), err
}

// toolSwitch is one tool of the request.
type toolSwitch = api.Optional[struct {
	Enabled api.Optional[bool] `json:"enabled"`
}]

// updateTools changes the tools that the request has, and no others.
func updateTools(r *api.Request) (any, error) {
	var body struct {
		CodeInterpreter toolSwitch `json:"code_interpreter"`
		FileSearch      toolSwitch `json:"file_search"`
		ImageGeneration toolSwitch `json:"image_generation"`
		MCP             toolSwitch `json:"mcp"`
		WebSearch       toolSwitch `json:"web_search"`
	}
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	tools, err := r.Tx.HostedTools(project.ID)
	if err != nil {
		return nil, err
	}
	for _, change := range []struct {
		name  string
		asked toolSwitch
		tool  *bool
	}{
		{"code_interpreter", body.CodeInterpreter, &tools.CodeInterpreter},
		{"file_search", body.FileSearch, &tools.FileSearch},
		{"image_generation", body.ImageGeneration, &tools.ImageGeneration},
		{"mcp", body.MCP, &tools.MCP},
		{"web_search", body.WebSearch, &tools.WebSearch},
	} {
		switch {
		case !change.asked.Set():
		case r.Behavior.HostedToolsForAll && change.asked.Value.Enabled.Set() && !change.asked.Value.Enabled.Value:
			return nil, api.BadRequest(change.name+".enabled",
				"'%s' cannot be disabled for a project, because the organization allows it in all projects.", change.name)
		case !change.asked.Value.Enabled.Set():
			return nil, api.BadRequest(change.name+".enabled", "Missing required parameter: '%s.enabled'.", change.name)
		default:
			*change.tool = change.asked.Value.Enabled.Value
		}
	}
	return newToolsReply(tools), r.Tx.PutHostedTools(tools)
}
