package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*hostedToolsResource)(nil)
	_ resource.ResourceWithImportState  = (*hostedToolsResource)(nil)
	_ resource.ResourceWithIdentity     = (*hostedToolsResource)(nil)
	_ resource.ResourceWithUpgradeState = (*hostedToolsResource)(nil)
	_ resource.ResourceWithMoveState    = (*hostedToolsResource)(nil)
)

type hostedToolsResource struct{ tfkit.Resource }

func newHostedToolsResource() resource.Resource { return &hostedToolsResource{} }

func (r *hostedToolsResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_hosted_tool_permissions"
}

func (r *hostedToolsResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = hostedToolsSchema()
}

// toolDescriptions say what each switch is for.
var toolDescriptions = map[string]string{
	"code_interpreter_enabled": "Whether the project may run code in OpenAI's containers.",
	"file_search_enabled":      "Whether the project may search in its vector stores.",
	"image_generation_enabled": "Whether the project may let models make images.",
	"mcp_enabled":              "Whether the project may let models call remote MCP servers.",
	"web_search_enabled":       "Whether the project may let models search the web.",
}

func hostedToolsSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"project_id": tfkit.ParentID("Id of the project (`proj_…`) whose tools are switched."),
	}
	attributes[tfkit.RestoreName] = tfkit.RestoreMap(types.BoolType)
	for name, description := range toolDescriptions {
		attributes[name] = schema.BoolAttribute{MarkdownDescription: description + " Changed in place.", Required: true}
	}
	return schema.Schema{
		Version:             tfkit.SchemaVersion,
		MarkdownDescription: "Which of the tools that OpenAI runs a project may use in the Responses API." + putBack,
		Attributes:          attributes,
	}
}

func (r *hostedToolsResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"project_id": tfkit.IdentityAttribute("Id of the project."),
	}}
}

func (r *hostedToolsResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(hostedToolsSchema())
}

func (r *hostedToolsResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(hostedToolsSchema(), tfkit.AsOfficial("openai_project_hosted_tool_permissions"))
}

// toolsModel are the switches of the resource and the data source.
type toolsModel struct {
	CodeInterpreter types.Bool `tfsdk:"code_interpreter_enabled"`
	FileSearch      types.Bool `tfsdk:"file_search_enabled"`
	ImageGeneration types.Bool `tfsdk:"image_generation_enabled"`
	MCP             types.Bool `tfsdk:"mcp_enabled"`
	WebSearch       types.Bool `tfsdk:"web_search_enabled"`
}

func newToolsModel(tools *adminapi.ToolSwitches) toolsModel {
	return toolsModel{
		CodeInterpreter: types.BoolValue(tools.CodeInterpreter),
		FileSearch:      types.BoolValue(tools.FileSearch),
		ImageGeneration: types.BoolValue(tools.ImageGeneration),
		MCP:             types.BoolValue(tools.MCP),
		WebSearch:       types.BoolValue(tools.WebSearch),
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

// restoredTools are the switches that byName has written down.
func restoredTools(values map[string]types.Bool) toolsModel {
	return toolsModel{
		CodeInterpreter: values["code_interpreter_enabled"],
		FileSearch:      values["file_search_enabled"],
		ImageGeneration: values["image_generation_enabled"],
		MCP:             values["mcp_enabled"],
		WebSearch:       values["web_search_enabled"],
	}
}

func (m *toolsModel) switches() adminapi.ToolSwitches {
	return adminapi.ToolSwitches{
		CodeInterpreter: m.CodeInterpreter.ValueBool(),
		FileSearch:      m.FileSearch.ValueBool(),
		ImageGeneration: m.ImageGeneration.ValueBool(),
		MCP:             m.MCP.ValueBool(),
		WebSearch:       m.WebSearch.ValueBool(),
	}
}

type hostedToolsModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	toolsModel
	RestoreValues types.Map `tfsdk:"restore_values"`
}

func (m *hostedToolsModel) identity() map[string]types.String {
	return map[string]types.String{"project_id": m.ProjectID}
}

// label names the tools in diagnostics.
func (m *hostedToolsModel) label() string {
	return "the hosted tool permissions of project " + m.ProjectID.ValueString()
}

// set switches the tools of a project, unless they are as wanted.
func (r *hostedToolsResource) set(ctx context.Context, m *hostedToolsModel, wanted, present adminapi.ToolSwitches, diags *diag.Diagnostics) {
	if wanted != present {
		tools, err := r.Client.HostedTools.Set(ctx, m.ProjectID.ValueString(), wanted)
		if err != nil {
			tfkit.AddAPIError(diags, m.label(), err)
			return
		}
		present = *tools
	}
	m.toolsModel = newToolsModel(&present)
}

func (r *hostedToolsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan hostedToolsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before, err := r.Client.HostedTools.Get(ctx, plan.ProjectID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	// In state before the change, so that the previous switches are restored
	// also when the answer is lost.
	present := newToolsModel(before)
	plan.RestoreValues = tfkit.RestoreValues(ctx, types.BoolType, present.byName(), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, hostedToolsModel{plan.ProjectID, present, plan.RestoreValues})...)
	r.set(ctx, &plan, plan.switches(), *before, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *hostedToolsResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state hostedToolsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tools, err := r.Client.HostedTools.Get(ctx, state.ProjectID.ValueString())
	if adminapi.IsGone(err) {
		tfkit.RemoveGone(ctx, resp, state.identity(), err)
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.toolsModel = newToolsModel(tools)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *hostedToolsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state hostedToolsModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.set(ctx, &plan, plan.switches(), state.switches(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *hostedToolsResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state hostedToolsModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	values, known := tfkit.ReadRestoreValues[types.Bool](ctx, state.RestoreValues, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !known {
		tfkit.AddLeft(&resp.Diagnostics, state.label(), notKnown)
		return
	}
	previous := restoredTools(values)
	before := previous.switches()
	if before == state.switches() {
		return
	}
	if _, err := r.Client.HostedTools.Set(ctx, state.ProjectID.ValueString(), before); err != nil && !adminapi.IsGone(err) {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *hostedToolsResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "project_id")
}
