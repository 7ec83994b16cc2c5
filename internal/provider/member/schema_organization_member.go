package member

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func (r *memberResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = memberSchema()
}

func memberSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "One person in the organization, by e-mail address, from invitation to removal. Creating the resource adopts an existing member or an equal pending invitation, overwrites a different role, and otherwise sends an invitation. " +
			"The plan shows what is adopted, and the old and the new role. If an invitation has expired, the next plan shows that it will be sent again.\n\n" +
			"Destroying the resource **removes the person from the organization**, or withdraws the pending invitation. " +
			"If the person accepted the invitation after the last refresh, the plan did not show a member: the person stays in the organization, the resource leaves the state, and a warning says how to remove the person. " +
			"The last owner can be neither demoted nor removed.",
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "E-mail address of the person; case does not matter. Changing it replaces the resource, which removes the former person.",
				Required:            true,
				Validators:          []validator.String{tfkit.Email()},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.RequiresReplaceIf(anotherAddress, "Another address is another person.", "Another address is another person."),
				},
			},
			"role": schema.StringAttribute{
				MarkdownDescription: "Role in the organisation: `owner` or `reader`. Changed in place; while the invitation is pending, a change withdraws it and sends another one.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.OneOf(organizationRoles...)},
			},
			"projects": projectsAttribute("Projects that an invited person joins on acceptance. Default: the default project; an empty set means none. " +
				"Changed in place: while the invitation is pending, another one is sent; once the person has joined, nothing is sent any more. Use `openai_project_user` to manage who works where."),
			"acknowledge":       tfkit.AcknowledgeAttribute(tfkit.OwnerGranted),
			"id":                tfkit.ComputedString("The e-mail address, the same as `email`."),
			"status":            tfkit.ComputedString("`active` for a member, `pending` until the invitation is accepted, `expired` when it was not, which sends another one."),
			"user_id":           tfkit.ComputedString("Id of the user (`user-…`); null until the invitation is accepted."),
			"name":              tfkit.ComputedString("Name of the person; null until the invitation is accepted."),
			"invite_id":         tfkit.ComputedString("Id of the invitation (`invite-…`) by which the person comes in; null for somebody who was a member already."),
			"invite_expires_at": tfkit.ComputedInt64("When the invitation expires, in Unix seconds; null for somebody who was a member already."),
		},
	}
}

func (r *memberResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"email": tfkit.IdentityAttribute("E-mail address of the person."),
	}}
}

func (r *memberResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(memberSchema(), memberElsewhere)
}

// memberElsewhere are the parts of which a member is the whole.
var memberElsewhere = tfkit.Foreign{
	Type: "openai_organization_member",
	Types: []tfkit.ForeignType{
		{Provider: tfkit.Allthingsai, Type: "openai_organization_user"}, {Provider: tfkit.Allthingsai, Type: "openai_invite"},
		{Provider: tfkit.Official, Type: "openai_organization_user"}, {Provider: tfkit.Official, Type: "openai_invite"},
		{Provider: tfkit.Mkdev, Type: "openai_organization_user"}, {Provider: tfkit.Mkdev, Type: "openai_invite"},
		{Provider: tfkit.Jianyuan, Type: "openai_user_role"}, {Provider: tfkit.Jianyuan, Type: "openai_invite"},
	},
}

func (r *memberResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(memberSchema(), memberElsewhere)
}
