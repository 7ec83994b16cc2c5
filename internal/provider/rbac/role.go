package rbac

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The roles of the organization and of projects differ only in their scope.

// roleAttributes are the attributes of both.
func roleAttributes(own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"role_name": schema.StringAttribute{
			MarkdownDescription: "Name of the role, unique among the roles of the organization or project. Changed in place.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{tfkit.NewName()},
		},
		"permissions": schema.SetAttribute{
			MarkdownDescription: "Permissions of the role, for example `api.model.request`; an empty set permits nothing. " +
				"See [scopes and permissions](../guides/scopes-and-permissions.md); others are sent too, with a warning in the plan. Order is not significant. Changed in place.",
			ElementType: types.StringType,
			Required:    true,
			Validators:  []validator.Set{setvalidator.ValueStringsAre(tfkit.RolePermission())},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "Description of the role. Default: none. Changed in place.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"id":              tfkit.ComputedString("Id of the role (`role_…`)."),
		"role_id":         tfkit.ComputedString("Id of the role, the same as `id`."),
		"predefined_role": computedBool("Whether OpenAI defines the role; such roles can be imported, but not changed."),
		"resource_type":   tfkit.ComputedString("Scope of the role: `api.organization` or `api.project`."),
	}
	maps.Copy(attributes, own)
	return attributes
}

type roleModel struct {
	RoleName       types.String `tfsdk:"role_name"`
	Permissions    types.Set    `tfsdk:"permissions"`
	Description    types.String `tfsdk:"description"`
	ID             types.String `tfsdk:"id"`
	RoleID         types.String `tfsdk:"role_id"`
	PredefinedRole types.Bool   `tfsdk:"predefined_role"`
	ResourceType   types.String `tfsdk:"resource_type"`
}

// flatten copies an answer into the model. An id that means the same role keeps
// its form.
func (m *roleModel) flatten(ctx context.Context, role *adminapi.Role, diags *diag.Diagnostics) {
	if m.RoleID.IsNull() || m.RoleID.IsUnknown() || !adminapi.SameRole(m.RoleID.ValueString(), role.ID) {
		m.RoleID = types.StringValue(role.ID)
	}
	m.ID = m.RoleID
	m.RoleName = types.StringValue(role.Name)
	m.Permissions = textSet(ctx, role.Permissions, diags)
	m.Description = description(role.Description)
	m.PredefinedRole = types.BoolValue(role.Predefined)
	m.ResourceType = types.StringPointerValue(role.ResourceType)
}

// textSet makes a set of texts.
func textSet(ctx context.Context, texts []string, diags *diag.Diagnostics) types.Set {
	set, problems := types.SetValueFrom(ctx, types.StringType, texts)
	diags.Append(problems...)
	return set
}

// description is null when there is none; some answers have an empty text for
// that.
func description(text *string) types.String {
	if text == nil || *text == "" {
		return types.StringNull()
	}
	return types.StringValue(*text)
}

// expand returns the planned role.
func (m *roleModel) expand(ctx context.Context, diags *diag.Diagnostics) adminapi.Role {
	role := adminapi.Role{
		ID: m.RoleID.ValueString(), Name: m.RoleName.ValueString(), Description: m.Description.ValueStringPointer(), Permissions: []string{},
	}
	diags.Append(m.Permissions.ElementsAs(ctx, &role.Permissions, false)...)
	return role
}

// label names the role in diagnostics.
func (m *roleModel) label(scope string) string {
	return lifecycle.Label("role", m.RoleName.ValueString(), m.RoleID.ValueString()) + " of " + scopeLabel(scope)
}

// scopeLabel names a scope in diagnostics.
func scopeLabel(scope string) string {
	if scope == adminapi.WholeOrganization {
		return "the organization"
	}
	return "project " + scope
}

// scopedRole returns the role in a model, and its scope: a project, or
// WholeOrganization. The scope is not known while the project is not.
type scopedRole[M any] func(m M) (role *roleModel, scope string, known bool)

// customRole completes the definition of a role.
func customRole[M any](core lifecycle.Core[M], of scopedRole[M]) lifecycle.Object[M] {
	core.Label = func(m M) string {
		role, scope, _ := of(m)
		return role.label(scope)
	}
	core.Plan = func(_ context.Context, call *lifecycle.Call[M]) {
		if !call.HasState() || call.PlansNoChange() {
			return
		}
		if state, _, _ := of(call.State); state.PredefinedRole.ValueBool() {
			call.Diags.AddError("Cannot change predefined role", fmt.Sprintf(
				"OpenAI defines the role %q. It can be assigned to users and groups, but not changed or removed. %s", state.RoleName.ValueString(), tfkit.ReleaseHint))
		}
	}
	core.Read = func(ctx context.Context, call *lifecycle.Call[M]) error {
		state, scope, _ := of(call.State)
		role, err := call.Client.Roles.Get(ctx, scope, state.RoleID.ValueString())
		if err == nil {
			state.flatten(ctx, role, call.Diags)
		}
		return err
	}
	core.Delete = func(ctx context.Context, call *lifecycle.Call[M]) error {
		state, scope, _ := of(call.State)
		return call.Client.Roles.Delete(ctx, scope, state.RoleID.ValueString())
	}
	write := func(ctx context.Context, call *lifecycle.Call[M], send func(ctx context.Context, scope string, role adminapi.Role) (*adminapi.Role, error)) error {
		planned, scope, _ := of(call.Plan)
		request := planned.expand(ctx, call.Diags)
		if call.Diags.HasError() {
			return nil
		}
		role, err := send(ctx, scope, request)
		if err == nil {
			planned.flatten(ctx, role, call.Diags)
		}
		return err
	}
	return lifecycle.Object[M]{
		Core: core,
		Create: func(ctx context.Context, call *lifecycle.Call[M]) error {
			return write(ctx, call, call.Client.Roles.Create)
		},
		Update: func(ctx context.Context, call *lifecycle.Call[M]) error {
			return write(ctx, call, call.Client.Roles.Update)
		},
		Orphans: func(_ context.Context, call *lifecycle.Call[M]) *lifecycle.OrphanSearch {
			planned, scope, known := of(call.Plan)
			if !known || !call.Knows("role_name") {
				return nil
			}
			name := planned.RoleName.ValueString()
			search := &lifecycle.OrphanSearch{
				Object: fmt.Sprintf("role %q of %s", name, scopeLabel(scope)),
				Find:   func(ctx context.Context) ([]string, error) { return call.Client.Roles.Orphans(ctx, scope, name) },
			}
			if scope != adminapi.WholeOrganization {
				return search.InProject(scope)
			}
			return search
		},
	}
}

// customRoles are the roles of a scope that OpenAI does not define.
func customRoles(ctx context.Context, client *adminapi.Client, scope string) ([]adminapi.Role, error) {
	roles, err := client.Roles.List(ctx, scope)
	return slices.DeleteFunc(roles, func(role adminapi.Role) bool { return role.Predefined }), err
}
