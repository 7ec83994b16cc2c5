package user

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// E-mail addresses name the same person in any case, and the API may give them
// back in another one than they were sent.

// replaceOtherPerson replaces when a configured address names another person.
func replaceOtherPerson() planmodifier.String {
	const description = "Another address is another person."
	return stringplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
		resp.RequiresReplace = !req.ConfigValue.IsNull() && (req.PlanValue.IsUnknown() || !samePerson(req.PlanValue, req.StateValue))
	}, description, description)
}

// samePerson reports whether an address names the same person as another one;
// one that is not known yet may.
func samePerson(a, b types.String) bool {
	return a.IsUnknown() || strings.EqualFold(a.ValueString(), b.ValueString())
}

// keepCase returns the previous address when the new one differs in case only.
func keepCase(previous, email types.String) types.String {
	if !previous.IsNull() && !previous.IsUnknown() && samePerson(previous, email) {
		return previous
	}
	return email
}

// The API paths of people and invitations say which resources are about the
// same person. An address stands for an id that is not known yet.

// byEmail returns the path of the objects in a list with an e-mail address.
func byEmail(list string, object lifecycle.Values) string {
	if email := object.Email("email"); email != "" {
		return list + "?email=" + email
	}
	return ""
}

const (
	usersPath   = "/organization/users"
	invitesPath = "/organization/invites"
)

// userLabel names a member of the organization in diagnostics.
func userLabel(who string) string { return "organization member " + who }

const memberDestroy = "Destroying the resource removes the person from the organization."

// findUser returns the member with this id or address, nil when there is none.
func findUser(ctx context.Context, client *adminapi.Client, id, email types.String) (*openai.OrganizationUser, error) {
	switch {
	case id.ValueString() != "":
		user, err := client.Users.Get(ctx, id.ValueString())
		if adminapi.IsNotFound(err) {
			return nil, nil
		}
		return user, err
	case email.ValueString() != "":
		return client.Users.FindByEmail(ctx, email.ValueString())
	}
	return nil, nil
}

// checkOnePerson reports a configuration that names two people, one by id and
// one by address. Generated configuration has both for one person.
func checkOnePerson(ctx context.Context, client *adminapi.Client, id, email types.String, diags *diag.Diagnostics) {
	if client == nil || id.ValueString() == "" || email.ValueString() == "" {
		return
	}
	user, err := client.Users.Get(ctx, id.ValueString())
	if err == nil && !strings.EqualFold(user.Email, email.ValueString()) {
		diags.AddAttributeError(path.Root("email"), "user_id and email name two people", fmt.Sprintf(
			"The user %s has the address %s, and email is %s. Configure one of the two, or both for one person.", id.ValueString(), user.Email, email.ValueString()))
	}
}

// person is a member of the organization, or a person who is invited.
type person struct{ id, email, role types.String }

// warnOfNewOwner warns when a plan makes a person an owner of the organization.
func warnOfNewOwner[M any](ctx context.Context, call *lifecycle.Call[M], of func(m M) person) {
	if !call.HasPlan() || !call.Warns(tfkit.OwnerGranted) {
		return
	}
	planned, previous := of(call.Plan), types.StringNull()
	if call.HasState() {
		previous = of(call.State).role
	} else if planned.role.ValueString() == adminapi.RoleOwner {
		// A create adopts a person who may be an owner already.
		if user, err := findUser(ctx, call.Client, planned.id, planned.email); err == nil && user != nil {
			previous = types.StringValue(user.Role)
		}
	}
	warnOfOwner(call, planned.email, previous, planned.role, "the organization", "An owner has all permissions: create keys, raise limits, remove other owners.")
}

// warnOfOwner warns when a plan makes a person an owner.
func warnOfOwner[M any](call *lifecycle.Call[M], email, previous, planned types.String, of, what string) {
	if planned.ValueString() == adminapi.RoleOwner && previous.ValueString() != adminapi.RoleOwner {
		who := cmp.Or(email.ValueString(), "A person")
		call.Warn(tfkit.OwnerGranted, path.Root("role"), fmt.Sprintf("%s becomes an owner of %s. %s", who, of, what))
	}
}
