package rbac

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The API may give back the id of a role in a longer form than it was sent,
// with where the role holds at its end. Both forms mean the same role.

// roleIDNote is the sentence about it in descriptions.
const roleIDNote = "The short form of an id (`role-api-project-owner`) and its long form (`role-api-project-owner__api-project__proj_…`) are equal."

// assignedRoleID is the id of the role that an assignment is about.
func assignedRoleID(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " " + roleIDNote + " Changing it replaces the resource.",
		Required:            true,
		Validators:          []validator.String{tfkit.ID()},
		PlanModifiers:       []planmodifier.String{sameRole{}, stringplanmodifier.RequiresReplace()},
	}
}

// sameRole keeps the id in state when the configured one means the same role.
type sameRole struct{}

func (sameRole) Description(context.Context) string {
	return "Both forms of the id of a role are equal."
}

func (m sameRole) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (sameRole) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if adminapi.SameRole(req.PlanValue.ValueString(), req.StateValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}

// roleBelow is the path of a role of this list, whichever form its id has.
func roleBelow(list string, object lifecycle.Values, attribute string) string {
	role := adminapi.BaseRole(object.Text(attribute))
	if list == "" || role == "" {
		return ""
	}
	return list + "/" + role
}
