package trust

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure      = (*externalKeyResource)(nil)
	_ resource.ResourceWithValidateConfig = (*externalKeyResource)(nil)
	_ resource.ResourceWithImportState    = (*externalKeyResource)(nil)
	_ resource.ResourceWithIdentity       = (*externalKeyResource)(nil)
	_ resource.ResourceWithUpgradeState   = (*externalKeyResource)(nil)
	_ resource.ResourceWithMoveState      = (*externalKeyResource)(nil)
)

type externalKeyResource struct{ tfkit.Resource }

func newExternalKeyResource() resource.Resource { return &externalKeyResource{} }

func (r *externalKeyResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_external_key"
}

func (r *externalKeyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = externalKeySchema()
}

const purposeEKM = "ekm"

func externalKeySchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Name of the registration. Changing it replaces the resource.",
			Required:            true,
			Validators:          []validator.String{tfkit.Name()},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"purpose": schema.StringAttribute{
			MarkdownDescription: "What the key is for: `ekm` to encrypt the data of projects, or `psp_decryption`. Default: `ekm`. Changing it replaces the resource.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(purposeEKM),
			Validators:          []validator.String{tfkit.OpenEnum(purposeEKM, purposePSP)},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"type":              tfkit.ComputedString("Cloud of the key: `aws`, `gcp` or `azure`. It follows from what is configured."),
		"external_key_id":   tfkit.ComputedString("Id of the registration (`extkey_…`), for the `external_key_id` of projects."),
		"workspace_id":      tfkit.ComputedString("Workspace that the registration belongs to; empty when there is none."),
		"object":            tfkit.ComputedString("Type of the object, as the API names it."),
		"created_at":        tfkit.ComputedInt64("When the key was registered, in Unix seconds."),
		"validation_status": tfkit.ComputedString("What OpenAI found when it tried the key right after its registration, in the API's words; null after an import."),
		"api_project_ids": schema.SetAttribute{
			MarkdownDescription: "Projects that use the key. The set changes with the projects and never makes a difference in a plan.",
			ElementType:         types.StringType,
			Computed:            true,
			PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
	}
	maps.Copy(attributes, keyFieldAttributes())
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "Registers a key that is kept in AWS, Google Cloud or Azure, with which OpenAI encrypts the data of projects. The key itself is neither made nor changed nor removed.\n\n" +
			"A registration cannot be changed, so every change replaces it: use `create_before_destroy` where projects use it. " +
			"After its registration the key is tried once; when the API refuses that, the error says what it found. The API removes a registration only when no project uses it.\n\n" +
			"OpenAI has to enable external keys for the organisation first.",
		Attributes: attributes,
	}
}

func (r *externalKeyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"external_key_id": tfkit.IdentityAttribute("Id of the registration."),
	}}
}

func (r *externalKeyResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(externalKeySchema())
}

func (r *externalKeyResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(externalKeySchema(), tfkit.AsOfficial("openai_external_key"))
}

type externalKeyModel struct {
	Name             types.String `tfsdk:"name"`
	Purpose          types.String `tfsdk:"purpose"`
	Type             types.String `tfsdk:"type"`
	ExternalKeyID    types.String `tfsdk:"external_key_id"`
	WorkspaceID      types.String `tfsdk:"workspace_id"`
	Object           types.String `tfsdk:"object"`
	CreatedAt        types.Int64  `tfsdk:"created_at"`
	ValidationStatus types.String `tfsdk:"validation_status"`
	APIProjectIDs    types.Set    `tfsdk:"api_project_ids"`
	keyFields
}

func (m *externalKeyModel) take(ctx context.Context, k *adminapi.ExternalKey, diags *diag.Diagnostics) {
	m.Name = types.StringValue(k.Name)
	m.Purpose = types.StringValue(purposeEKM)
	if k.Purpose != "" {
		m.Purpose = types.StringValue(k.Purpose)
	}
	m.Type = types.StringValue(k.Cloud)
	m.ExternalKeyID = types.StringValue(k.ID)
	m.WorkspaceID = types.StringValue(k.WorkspaceID)
	m.Object = types.StringValue(k.Object)
	m.CreatedAt = types.Int64Value(k.CreatedAt)
	m.APIProjectIDs = tfkit.StringSet(ctx, k.ProjectIDs, diags)
	m.keyFields.take(k.Fields)
}

// wanted is the registration as configured.
func (m *externalKeyModel) wanted() adminapi.ExternalKey {
	k := adminapi.ExternalKey{Name: m.Name.ValueString(), Purpose: m.Purpose.ValueString(), Fields: m.values()}
	if c := m.cloud(); c != nil {
		k.Cloud = c.name
	}
	return k
}

func (m *externalKeyModel) identity() map[string]types.String {
	return map[string]types.String{"external_key_id": m.ExternalKeyID}
}

// label names the registration in diagnostics.
func (m *externalKeyModel) label() string {
	return fmt.Sprintf("external key %q (%s)", m.Name.ValueString(), m.ExternalKeyID.ValueString())
}

func (r *externalKeyResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config externalKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		config.check(config.Purpose, &resp.Diagnostics)
	}
}

func (r *externalKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan externalKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	// What was unknown when it was validated is known now.
	plan.check(plan.Purpose, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	made, err := r.Client.ExternalKeys.Create(ctx, plan.wanted())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, fmt.Sprintf("external key %q", plan.Name.ValueString()), err)
		return
	}
	plan.take(ctx, made, &resp.Diagnostics)
	plan.ValidationStatus = types.StringNull()
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	status, err := r.Client.ExternalKeys.Validate(ctx, made.ID)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	plan.ValidationStatus = types.StringValue(status)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *externalKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state externalKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := r.get(ctx, &state)
	if tfkit.NothingRead(ctx, resp, state.identity(), state.label(), err) {
		return
	}
	state.take(ctx, found, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *externalKeyResource) get(ctx context.Context, state *externalKeyModel) (*adminapi.ExternalKey, error) {
	r.Client.Expect(state.ExternalKeyID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.ExternalKeys.Get(ctx, state.ExternalKeyID.ValueString())
}

// Update never has anything to send: what can be configured replaces.
func (r *externalKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan externalKeyModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	}
}

func (r *externalKeyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state externalKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.Client.ExternalKeys.Delete(ctx, state.ExternalKeyID.ValueString()); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *externalKeyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "external_key_id")
}
