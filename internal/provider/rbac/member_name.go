package rbac

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

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

// isNamed says whether a name is that of a member.
func isNamed(user adminapi.GroupUser, name string) bool {
	if isAddress(name) {
		return user.Email != nil && strings.EqualFold(*user.Email, name)
	}
	return user.ID == name
}

// nameOf is how configuration names a member.
func nameOf(user adminapi.GroupUser) string {
	if user.Email != nil && *user.Email != "" {
		return *user.Email
	}
	return user.ID
}

// sameMembers reports whether two lists of names mean the same people, who are
// all in the group.
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

// findMember returns the id of a person to add to the group.
func findMember(ctx context.Context, call *lifecycle.Call[*groupMembersModel], name string) string {
	if !isAddress(name) {
		return name
	}
	user, err := call.Client.Users.FindByEmail(ctx, name)
	if err != nil {
		call.AddError("organization member "+name, err)
		return ""
	}
	if user == nil {
		call.Diags.AddAttributeError(path.Root("members"), "Not a member of the organization", fmt.Sprintf(
			"%s is not a member of the organization, so nothing was changed. Invite people with openai_organization_member; they can join groups after they accept.", name))
		return ""
	}
	return user.ID
}
