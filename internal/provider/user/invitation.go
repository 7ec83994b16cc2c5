package user

import (
	"context"
	"errors"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Invitations are sent by openai_invite, and by openai_organization_member.

// projectsAttribute are the projects that an invited person joins.
func projectsAttribute(description string) schema.SetNestedAttribute {
	return schema.SetNestedAttribute{
		MarkdownDescription: description,
		Optional:            true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the project (`proj_…`).",
				Required:            true,
				Validators:          []validator.String{tfkit.ID()},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the project: `member` or `owner`.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(projectRoles...)},
			},
		}},
	}
}

// projectsType is the type of the projects that an invited person joins.
var projectsType = types.ObjectType{AttrTypes: map[string]attr.Type{"id": types.StringType, "role": types.StringType}}

type invitedProject struct {
	ID   types.String `tfsdk:"id"`
	Role types.String `tfsdk:"role"`
}

// invitation is the request that invites a person. Without projects, the API
// invites to the default project; with none, to no project.
func invitation(ctx context.Context, email, role string, projects types.Set, diags *diag.Diagnostics) openai.AdminOrganizationInviteNewParams {
	params := openai.AdminOrganizationInviteNewParams{Email: email, Role: openai.AdminOrganizationInviteNewParamsRole(role)}
	if projects.IsNull() || projects.IsUnknown() {
		return params
	}
	var invited []invitedProject
	diags.Append(projects.ElementsAs(ctx, &invited, false)...)
	params.Projects = []openai.AdminOrganizationInviteNewParamsProject{}
	for _, p := range invited {
		params.Projects = append(params.Projects, openai.AdminOrganizationInviteNewParamsProject{ID: p.ID.ValueString(), Role: p.Role.ValueString()})
	}
	return params
}

// projectsOf are the projects of an invitation, null when the answer leaves
// them out.
func projectsOf(invite *openai.Invite) types.Set {
	if !invite.JSON.Projects.Valid() {
		return types.SetNull(projectsType)
	}
	elements := []attr.Value{}
	for _, p := range invite.Projects {
		elements = append(elements, types.ObjectValueMust(projectsType.AttrTypes, map[string]attr.Value{
			"id": types.StringValue(p.ID), "role": types.StringValue(p.Role),
		}))
	}
	return types.SetValueMust(projectsType, elements)
}

// inviteChanges are the differences of an invitation from the plan.
func inviteChanges(ctx context.Context, invite *openai.Invite, role types.String, projects types.Set) []lifecycle.Change {
	changes := lifecycle.Difference("role", types.StringValue(string(invite.Role)), role)
	if projects.IsNull() || projects.IsUnknown() {
		return changes
	}
	var invited []invitedProject
	if projects.ElementsAs(ctx, &invited, false).HasError() {
		return changes
	}
	var planned, present []string
	for _, p := range invited {
		planned = append(planned, p.ID.ValueString()+" as "+p.Role.ValueString())
	}
	for _, p := range invite.Projects {
		present = append(present, p.ID+" as "+p.Role)
	}
	return append(changes, lifecycle.DifferenceOfSets("projects", present, planned)...)
}

// refused reports whether the API understood a request and did not carry it out.
func refused(err error) bool {
	apiErr, ok := errors.AsType[*adminapi.Error](err)
	return ok && (apiErr.Status == http.StatusBadRequest || apiErr.Status == http.StatusConflict)
}

// withdraw withdraws an invitation. Where the API refuses because it was
// accepted since the last refresh, it returns the member and no error.
func withdraw(ctx context.Context, client *adminapi.Client, id, email string) (joined *openai.OrganizationUser, err error) {
	if err = client.Invites.Delete(ctx, id); !refused(err) {
		return nil, err
	}
	user, findErr := client.Users.FindByEmail(ctx, email)
	if findErr != nil || user == nil {
		return nil, err
	}
	return user, nil
}
