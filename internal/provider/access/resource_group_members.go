package access

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*groupMembersResource)(nil)
	_ resource.ResourceWithModifyPlan   = (*groupMembersResource)(nil)
	_ resource.ResourceWithImportState  = (*groupMembersResource)(nil)
	_ resource.ResourceWithIdentity     = (*groupMembersResource)(nil)
	_ resource.ResourceWithUpgradeState = (*groupMembersResource)(nil)
	_ resource.ResourceWithMoveState    = (*groupMembersResource)(nil)
)

type groupMembersResource struct{ tfkit.Resource }

func newGroupMembersResource() resource.Resource { return &groupMembersResource{} }

func (r *groupMembersResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_group_members"
}

func (r *groupMembersResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = groupMembersSchema()
}

func groupMembersSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "**All** members of a group. To manage single members, use `openai_group_user`. Do not use both for the same group.\n\n" +
			"Creating the resource only adds members. Other members of the group appear in state with the next refresh, and the next plan shows their removal. " +
			"An update adds members before it removes others, and removes only members that the plan shows. " +
			"Destroying the resource removes the members in its state from the group and keeps the group. Members added since the last refresh stay.\n\n" +
			"Members of a group that is managed through SCIM can be imported and read. A plan that changes them fails.",
		Attributes: map[string]schema.Attribute{
			"group_id": tfkit.ParentID("Id of the group (`group_…`)."),
			"members": schema.SetAttribute{
				MarkdownDescription: "The members, each by the e-mail address (case does not matter) or the id (`user-…`) of a person in the organisation, " +
					"or by the id of a service account (`svc_acct_…`). An empty set is an empty group. Changed in place.",
				ElementType: types.StringType,
				Required:    true,
				Validators:  []validator.Set{setvalidator.ValueStringsAre(memberName{})},
			},
		},
	}
}

// memberName accepts an e-mail address or the id of an account.
type memberName struct{}

func (memberName) Description(context.Context) string {
	return "an e-mail address or the id of an account"
}

func (v memberName) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (memberName) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if isAddress(req.ConfigValue.ValueString()) {
		tfkit.Email().ValidateString(ctx, req, resp)
	} else {
		tfkit.ID().ValidateString(ctx, req, resp)
	}
}

func isAddress(member string) bool { return strings.Contains(member, "@") }

func (r *groupMembersResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"group_id": tfkit.IdentityAttribute("Id of the group."),
	}}
}

func (r *groupMembersResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(groupMembersSchema())
}

func (r *groupMembersResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(groupMembersSchema(), tfkit.AsOfficial("openai_group_members"))
}

type groupMembersModel struct {
	GroupID types.String `tfsdk:"group_id"`
	Members types.Set    `tfsdk:"members"`
}

func (m *groupMembersModel) identity() map[string]types.String {
	return map[string]types.String{"group_id": m.GroupID}
}

// label names the members in diagnostics.
func (m *groupMembersModel) label() string { return "the members of group " + m.GroupID.ValueString() }

// names are the members as they are written.
func (m *groupMembersModel) names(ctx context.Context, diags *diag.Diagnostics) []string {
	var names []string
	if !m.Members.IsNull() {
		diags.Append(m.Members.ElementsAs(ctx, &names, false)...)
	}
	return names
}

// isNamed says whether a name is that of a member.
func isNamed(user adminapi.GroupUser, name string) bool {
	if isAddress(name) {
		return user.Email != nil && strings.EqualFold(*user.Email, name)
	}
	return user.ID == name
}

// take puts those who are in the group into the model, each under the names
// that it has for them, else under the e-mail address.
func (m *groupMembersModel) take(ctx context.Context, users []adminapi.GroupUser, diags *diag.Diagnostics) {
	written := m.names(ctx, diags)
	members := []string{}
	for _, user := range users {
		known := slices.DeleteFunc(slices.Clone(written), func(name string) bool { return !isNamed(user, name) })
		switch {
		case len(known) > 0:
			members = append(members, known...)
		case user.Email != nil && *user.Email != "":
			members = append(members, *user.Email)
		default:
			members = append(members, user.ID)
		}
	}
	m.Members = textSet(ctx, members, diags)
}

// sameMembers says whether two lists of names mean the same people, all of
// whom are in the group.
func sameMembers(users []adminapi.GroupUser, names, others []string) bool {
	means := func(names []string) (ids map[string]bool, all bool) {
		ids, all = map[string]bool{}, true
		for _, name := range names {
			at := slices.IndexFunc(users, func(user adminapi.GroupUser) bool { return isNamed(user, name) })
			if at < 0 {
				return nil, false
			}
			ids[users[at].ID] = true
		}
		return ids, all
	}
	one, oneKnown := means(names)
	two, twoKnown := means(others)
	return oneKnown && twoKnown && maps.Equal(one, two)
}

// ModifyPlan refuses to change the members of a group that belongs to the
// identity provider, and plans nothing where only the names differ.
func (r *groupMembersResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !changes(req) {
		return
	}
	if r.Client != nil && !req.State.Raw.IsNull() && !req.Plan.Raw.IsNull() {
		var plan, state groupMembersModel
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		if resp.Diagnostics.HasError() {
			return
		}
		if plan.GroupID.Equal(state.GroupID) && known(plan.Members) {
			users, err := r.Client.GroupUsers.List(ctx, state.GroupID.ValueString())
			if err == nil && sameMembers(users, plan.names(ctx, &resp.Diagnostics), state.names(ctx, &resp.Diagnostics)) {
				resp.Diagnostics.Append(resp.Plan.Set(ctx, state)...)
				return
			}
		}
	}
	planMembership(ctx, r.Client, req, resp)
}

// known says whether a set and all that is in it are known.
func known(set types.Set) bool {
	return !set.IsUnknown() && !slices.ContainsFunc(set.Elements(), func(v attr.Value) bool { return v.IsUnknown() })
}

// apply adds the planned members, and then removes those that only the prior
// state names. A member that neither of them names stays.
func (r *groupMembersResource) apply(ctx context.Context, plan, prior *groupMembersModel, diags *diag.Diagnostics) {
	group := plan.GroupID.ValueString()
	users, err := r.Client.GroupUsers.List(ctx, group)
	if err != nil {
		tfkit.AddAPIError(diags, plan.label(), err)
		return
	}
	planned, missing := map[string]bool{}, []string{}
	for _, name := range plan.names(ctx, diags) {
		at := slices.IndexFunc(users, func(user adminapi.GroupUser) bool { return isNamed(user, name) })
		if at >= 0 {
			planned[users[at].ID] = true
			continue
		}
		id := r.find(ctx, name, diags)
		if !planned[id] {
			planned[id] = true
			missing = append(missing, id)
		}
	}
	if diags.HasError() {
		return // a name that cannot be resolved changes nothing
	}
	for _, id := range missing {
		if err := r.Client.GroupUsers.Add(ctx, group, id); err != nil {
			tfkit.AddAPIError(diags, memberOfGroup(group, id), err)
			return
		}
	}
	for _, user := range users {
		if !planned[user.ID] && prior.hasMember(ctx, user, diags) {
			if err := r.Client.GroupUsers.Delete(ctx, group, user.ID); err != nil {
				if tfkit.AddAPIError(diags, memberOfGroup(group, user.ID), err); diags.HasError() {
					return
				}
			}
		}
	}
}

func memberOfGroup(group, id string) string { return fmt.Sprintf("member %s of group %s", id, group) }

// hasMember reports whether a model names a member of the group.
func (m *groupMembersModel) hasMember(ctx context.Context, user adminapi.GroupUser, diags *diag.Diagnostics) bool {
	return slices.ContainsFunc(m.names(ctx, diags), func(name string) bool { return isNamed(user, name) })
}

// find returns the id of somebody who shall come into the group.
func (r *groupMembersResource) find(ctx context.Context, name string, diags *diag.Diagnostics) string {
	if !isAddress(name) {
		return name
	}
	user, err := r.Client.Users.FindByEmail(ctx, name)
	if err != nil {
		tfkit.AddAPIError(diags, "organisation member "+name, err)
		return ""
	}
	if user == nil {
		diags.AddAttributeError(path.Root("members"), "Not a member of the organisation", fmt.Sprintf(
			"%s is not a member of the organisation, so nothing was changed. Invite people with openai_organization_member; they can join groups once they have accepted.", name))
		return ""
	}
	return user.ID
}

func (r *groupMembersResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan groupMembersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.apply(ctx, &plan, &groupMembersModel{}, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *groupMembersResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state groupMembersModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	users, err := r.Client.GroupUsers.List(ctx, state.GroupID.ValueString())
	if adminapi.IsNotFound(err) {
		tfkit.Gone(ctx, resp, state.identity())
		return
	}
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
		return
	}
	state.take(ctx, users, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *groupMembersResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state groupMembersModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r.apply(ctx, &plan, &state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

// Delete removes the members in state. A member that was added since the last
// refresh stays.
func (r *groupMembersResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	r.removeMembers(ctx, req, &resp.Diagnostics, tfkit.AddAPIError)
}

// HasMembers is true.
func (r *groupMembersResource) HasMembers() bool { return true }

// DeleteMembers removes the members in state, except those that another change
// of the configuration has written.
func (r *groupMembersResource) DeleteMembers(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	r.removeMembers(ctx, req, &resp.Diagnostics, func(diags *diag.Diagnostics, label string, err error) {
		if _, owned := adminapi.OwnedPath(err); !owned {
			tfkit.AddAPIError(diags, label, err)
		}
	})
}

func (r *groupMembersResource) removeMembers(ctx context.Context, req resource.DeleteRequest, diags *diag.Diagnostics, addError func(*diag.Diagnostics, string, error)) {
	var state groupMembersModel
	if diags.Append(req.State.Get(ctx, &state)...); diags.HasError() {
		return
	}
	group := state.GroupID.ValueString()
	users, err := r.Client.GroupUsers.List(ctx, group)
	if err != nil && !adminapi.IsGone(err) {
		tfkit.AddAPIError(diags, state.label(), err)
		return
	}
	for _, user := range users {
		if !state.hasMember(ctx, user, diags) {
			continue
		}
		if err := r.Client.GroupUsers.Delete(ctx, group, user.ID); err != nil {
			if addError(diags, memberOfGroup(group, user.ID), err); diags.HasError() {
				return
			}
		}
	}
}

func (r *groupMembersResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "group_id")
}
