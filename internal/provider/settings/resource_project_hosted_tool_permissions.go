package settings

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func hostedToolPermissions() lifecycle.Setting[*hostedToolsModel] {
	return lifecycle.Setting[*hostedToolsModel]{
		Core: lifecycle.Core[*hostedToolsModel]{
			Type:     "project_hosted_tool_permissions",
			Schema:   hostedToolsSchema,
			Identity: projectIdentity,
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/projects/{project_id}/hosted_tool_permissions"))
			},
			Label:     (*hostedToolsModel).label,
			Unaudited: "The log has no events for the settings of a project.",
			Legacy:    lifecycle.AsOfficial("openai_project_hosted_tool_permissions"),
			Read:      readHostedTools,
			List: lifecycle.ListProjectSettings("The hosted tool permissions of one project or of all projects in which a tool is disabled. A project that may use all tools is not listed.",
				"the hosted tool permissions", getHostedTools, listedHostedTools),
		},
		Write:    writeHostedTools,
		Existing: existingHostedTools,
		Permanent: &lifecycle.Permanent[*hostedToolsModel]{
			Remember: func(ctx context.Context, m, values *hostedToolsModel, diags *diag.Diagnostics) {
				m.RestoreValues = tfkit.RestoreValues(ctx, types.BoolType, values.byName(), diags)
			},
			Recall: recallHostedTools,
			Same:   func(a, b *hostedToolsModel) bool { return a.toolsModel == b.toolsModel },
			Refused: func(previous *hostedToolsModel, err error) string {
				if !refusesDisabled(previous, err) {
					return ""
				}
				return "the API refused to disable its tools again (" + err.Error() + "). " + toolPolicy
			},
		},
	}
}

// toolDescriptions describe each switch.
var toolDescriptions = map[string]string{
	"code_interpreter_enabled": "Whether the project may run code in OpenAI's containers.",
	"file_search_enabled":      "Whether the project may search in its vector stores.",
	"image_generation_enabled": "Whether the project may let models create images.",
	"mcp_enabled":              "Whether the project may let models call remote MCP servers.",
	"web_search_enabled":       "Whether the project may let models search the web.",
}

func hostedToolsSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
	}
	attributes[tfkit.RestoreName] = tfkit.RestoreMap(types.BoolType)
	for name, description := range toolDescriptions {
		attributes[name] = schema.BoolAttribute{MarkdownDescription: description + " Changed in place.", Required: true}
	}
	return schema.Schema{
		MarkdownDescription: "Tools run by OpenAI that a project may use in the Responses API.\n\n" +
			"The API accepts `false` for a tool only if the organization's policy for this tool is *selected projects*. A new organization allows each tool in all projects. " +
			"The policy has no API: set it in the organization's settings first. If the policy has changed when the resource is destroyed, the API may refuse to disable a tool again. The project then keeps its permissions, with a warning." + restored,
		Attributes: attributes,
	}
}

// toolsModel are the switches of the resource and the data source.
type toolsModel struct {
	CodeInterpreter types.Bool `tfsdk:"code_interpreter_enabled"`
	FileSearch      types.Bool `tfsdk:"file_search_enabled"`
	ImageGeneration types.Bool `tfsdk:"image_generation_enabled"`
	MCP             types.Bool `tfsdk:"mcp_enabled"`
	WebSearch       types.Bool `tfsdk:"web_search_enabled"`
}

func flattenTools(tools *adminapi.ToolSwitches) toolsModel {
	return toolsModel{
		CodeInterpreter: types.BoolValue(tools.CodeInterpreter),
		FileSearch:      types.BoolValue(tools.FileSearch),
		ImageGeneration: types.BoolValue(tools.ImageGeneration),
		MCP:             types.BoolValue(tools.MCP),
		WebSearch:       types.BoolValue(tools.WebSearch),
	}
}

func (m *toolsModel) expand() adminapi.ToolSwitches {
	return adminapi.ToolSwitches{
		CodeInterpreter: m.CodeInterpreter.ValueBool(),
		FileSearch:      m.FileSearch.ValueBool(),
		ImageGeneration: m.ImageGeneration.ValueBool(),
		MCP:             m.MCP.ValueBool(),
		WebSearch:       m.WebSearch.ValueBool(),
	}
}

// byName are the switches under the names of their attributes.
func (m *toolsModel) byName() map[string]types.Bool {
	return map[string]types.Bool{
		"code_interpreter_enabled": m.CodeInterpreter,
		"file_search_enabled":      m.FileSearch,
		"image_generation_enabled": m.ImageGeneration,
		"mcp_enabled":              m.MCP,
		"web_search_enabled":       m.WebSearch,
	}
}

type hostedToolsModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	toolsModel
	RestoreValues types.Map `tfsdk:"restore_values"`
}

// label names the permissions in diagnostics.
func (m *hostedToolsModel) label() string {
	return "hosted tool permissions of project " + m.ProjectID.ValueString()
}

func readHostedTools(ctx context.Context, call *lifecycle.Call[*hostedToolsModel]) error {
	tools, err := call.Client.HostedTools.Get(ctx, call.State.ProjectID.ValueString())
	if err == nil {
		call.State.toolsModel = flattenTools(tools)
	}
	return err
}

func writeHostedTools(ctx context.Context, call *lifecycle.Call[*hostedToolsModel]) error {
	tools, err := call.Client.HostedTools.Set(ctx, call.Plan.ProjectID.ValueString(), call.Plan.expand())
	if refusesDisabled(call.Plan, err) {
		return tfkit.Advise(err, path.Root("project_id"), toolPolicy)
	}
	if err == nil {
		call.Plan.toolsModel = flattenTools(tools)
	}
	return err
}

const toolPolicy = "A tool can be disabled for a project only if the organization's policy for the tool is \"selected projects\". Set the policy in the organization's settings: it has no API."

// refusesDisabled reports whether a write with a disabled tool was refused.
func refusesDisabled(m *hostedToolsModel, err error) bool {
	return adminapi.IsRefused(err) && !adminapi.IsDeleted(err) && m.expand() != allTools
}

// recallHostedTools sets the switches to those of restore_values.
func recallHostedTools(ctx context.Context, m *hostedToolsModel, diags *diag.Diagnostics) (known bool) {
	values, known := tfkit.ReadRestoreValues[types.Bool](ctx, m.RestoreValues, diags)
	if !known {
		return false
	}
	m.toolsModel = toolsModel{
		CodeInterpreter: values["code_interpreter_enabled"],
		FileSearch:      values["file_search_enabled"],
		ImageGeneration: values["image_generation_enabled"],
		MCP:             values["mcp_enabled"],
		WebSearch:       values["web_search_enabled"],
	}
	return true
}

// existingHostedTools reads the switches that a create would overwrite.
func existingHostedTools(ctx context.Context, call *lifecycle.Call[*hostedToolsModel]) (lifecycle.Found, error) {
	if call.Plan.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := call.Plan.ProjectID.ValueString()
	tools, err := call.Client.HostedTools.Get(ctx, project)
	if err != nil || *tools == allTools {
		return lifecycle.Found{}, err
	}
	present := flattenTools(tools)
	old, planned := present.byName(), call.Plan.byName()
	var changes []lifecycle.Change
	for _, name := range []string{"code_interpreter_enabled", "file_search_enabled", "image_generation_enabled", "mcp_enabled", "web_search_enabled"} {
		changes = append(changes, lifecycle.Difference(name, truth(old[name]), truth(planned[name]))...)
	}
	return overwritten(call.Plan.label(), []string{project}, changes), nil
}

func truth(value types.Bool) types.String {
	switch {
	case value.IsUnknown():
		return types.StringUnknown()
	case value.IsNull():
		return types.StringNull()
	default:
		return types.StringValue(strconv.FormatBool(value.ValueBool()))
	}
}

// allTools are the permissions of a project for which no one has set any.
var allTools = adminapi.ToolSwitches{CodeInterpreter: true, FileSearch: true, ImageGeneration: true, MCP: true, WebSearch: true}

func getHostedTools(ctx context.Context, client *adminapi.Client, projectID string) (*adminapi.ToolSwitches, error) {
	return client.HostedTools.Get(ctx, projectID)
}

func listedHostedTools(_ context.Context, project *openai.Project, tools *adminapi.ToolSwitches, _ *diag.Diagnostics) (string, *hostedToolsModel) {
	if *tools == allTools {
		return "", nil
	}
	return "the tools of " + project.Name, &hostedToolsModel{types.StringValue(project.ID), flattenTools(tools), types.MapNull(types.BoolType)}
}
