package planreview

import (
	"fmt"
	"strings"
)

const roleOwner = "owner"

// member is for persons and service accounts, whose role is one of their
// attributes.
func (r *reviewer) member(c *change) {
	object := c.last()
	where := wholeOrganization
	rule := ruleOwner
	if !strings.HasPrefix(c.Type, "openai_organization_") && c.Type != "openai_invite" {
		where, rule = r.projectName(c, object), ruleProjectOwner
	}
	who := r.who(object)
	if c.Type == "openai_project_service_account" {
		who = "service account " + who
		r.checkAccount(c, where+"/"+who)
	}
	was, is := c.before.get("role"), c.after.get("role")
	if c.after.raw != nil {
		r.checkRole(c, rule, was, is, who, where)
	}
	r.checkInvited(c, who)
	r.checkLeaves(c)
	role := transition(was.show("none"), is.show("none"))
	switch {
	case is.isUnknown() && r.names.isDefault(c.resourceChange, "role"):
		role = "default"
	case c.made:
		role = is.show("none")
	case c.after.raw == nil:
		role = was.show("none")
	case was.same(is):
		role = changed(c)
	}
	if isPerson(c.Type) && c.made && c.ended {
		who = transition(r.who(c.before), who)
	}
	r.report.Members = append(r.report.Members, MemberChange{r.common(c, joins(c)), who, where, r.clean.text(role)})
}

// who names the person of an object.
func (r *reviewer) who(object value) string {
	for _, attribute := range []string{"email", "name"} {
		if v := object.get(attribute); v.isSensitive() || v.known() {
			return r.clean.text(v.show(""))
		}
	}
	for _, attribute := range []string{"user_id", "group_id"} {
		if v := object.get(attribute); !v.isNull() {
			return r.clean.text(r.names.of(v.show("")))
		}
	}
	return textUnknown
}

// joins is the action on a member, in a word.
func joins(c *change) string {
	switch {
	case c.Type == "openai_invite" && c.made:
		return "invited"
	case c.Change.Actions.Create():
		return "joins"
	case c.Change.Actions.Delete():
		return "leaves"
	default:
		return c.action()
	}
}

// checkRole checks a role that a person does not have yet.
func (r *reviewer) checkRole(c *change, rule string, was, is value, who, where string) {
	switch {
	case is.isUnknown() && r.names.isDefault(c.resourceChange, "role"):
	case is.isUnknown() || is.isSensitive():
		r.find(ruleUnknown, c, fmt.Sprintf("role of %s in %s", who, where))
	case is.text() == roleOwner && (c.made || was.text() != roleOwner):
		text := who
		if rule == ruleProjectOwner {
			text += " in " + where
		}
		if !c.made {
			text += ", was " + was.show("none")
		}
		r.find(rule, c, text)
	}
}

// checkLeaves finds a person who leaves the organization, and one who is invited
// again in the same plan.
func (r *reviewer) checkLeaves(c *change) {
	if !c.ended || !isPerson(c.Type) {
		return
	}
	who, email := r.who(c.before), c.before.get("email").text()
	pending := c.before.get("status").text() == "pending"
	again, isInvited := r.plan.invited[strings.ToLower(email)]
	switch {
	case email != "" && isInvited:
		text := who + " leaves and is invited again"
		if again != c.Address {
			text += " as " + again
		}
		r.find(ruleReinvited, c, text)
	case c.made:
		r.find(ruleReinvited, c, who+" leaves, "+r.who(c.after)+" is invited in the same resource")
	case pending: // only the invitation is withdrawn
	default:
		r.find(ruleLeaves, c, who)
	}
}

// checkInvited checks the projects that an invited person will own.
func (r *reviewer) checkInvited(c *change, who string) {
	list, _ := c.after.get("projects").raw.([]any)
	previous, _ := c.before.get("projects").raw.([]any)
	for _, item := range list {
		project := value{raw: item}
		if project.get("role").text() == roleOwner && !owns(previous, project.get("id").text()) {
			r.find(ruleProjectOwner, c, who+" in "+r.names.of(project.get("id").show("a new project")))
		}
	}
}

func owns(projects []any, id string) bool {
	for _, item := range projects {
		project := value{raw: item}
		if project.get("id").text() == id && project.get("role").text() == roleOwner {
			return true
		}
	}
	return false
}

// checkAccount checks the keys that are revoked with a service account.
func (r *reviewer) checkAccount(c *change, label string) {
	if !c.ended || r.plan.archived[r.scope(c, c.before)] || r.plan.revoked[c.before.get("id").text()] {
		return
	}
	r.find(ruleKeyRevoked, c, "all keys of "+label)
}

// group is for who belongs to a group, and which group to a project.
func (r *reviewer) group(c *change) {
	object := c.last()
	who, where := r.who(object), "group "+r.nameOf(c, object, "group_id")
	role := ""
	if c.Type == "openai_project_group" {
		who, where, role = where, r.projectName(c, object), r.role(object.get("role"))
		if c.made {
			r.checkAssigned(c, ruleProjectOwner, object.get("role"), who, where)
		}
	}
	if c.Type == "openai_group_members" {
		who = "the members of it"
	}
	r.report.Members = append(r.report.Members, MemberChange{r.common(c, joins(c)), who, where, role})
}

// nameOf resolves the id in an attribute, also one that is yet to be known.
func (r *reviewer) nameOf(c *change, object value, attribute string) string {
	id := object.get(attribute)
	if id.isUnknown() {
		if referred := r.names.referred(c.resourceChange, attribute); referred != nil {
			return r.clean.text(newChange(referred).name())
		}
		return textUnknown
	}
	return r.clean.text(r.names.of(id.show("?")))
}

func (c *change) name() string {
	for _, label := range labels {
		if v := c.last().get(label); v.known() {
			return v.text()
		}
	}
	return c.Address
}

// assignment is for a role that a person or a group has been given.
func (r *reviewer) assignment(c *change) {
	object := c.last()
	who := r.nameOf(c, object, "user_id")
	if strings.Contains(c.Type, "group") {
		who = "group " + r.nameOf(c, object, "group_id")
	}
	where, rule := wholeOrganization, ruleOwner
	if strings.HasPrefix(c.Type, "openai_project_") {
		where, rule = r.projectName(c, object), ruleProjectOwner
	}
	if c.made {
		r.checkAssigned(c, rule, c.after.get("role_id"), who, where)
	}
	r.report.Members = append(r.report.Members, MemberChange{r.common(c, joins(c)), who, where, r.roleOf(c, object)})
}

// roleOf is the name of the role that is assigned.
func (r *reviewer) roleOf(c *change, object value) string {
	if role := object.get("role_id"); !role.isUnknown() {
		return r.role(role)
	}
	return r.nameOf(c, object, "role_id")
}

// checkAssigned checks a role that is given by its id.
func (r *reviewer) checkAssigned(c *change, rule string, role value, who, where string) {
	text := who
	if rule == ruleProjectOwner {
		text += " in " + where
	}
	switch {
	case role.isUnknown() || role.isSensitive():
		if r.names.referred(c.resourceChange, "role_id") == nil {
			r.find(ruleUnknown, c, "role of "+text)
		}
	case r.role(role) == roleOwner:
		r.find(rule, c, text)
	}
}

// role is the name of a role. The ids of predefined roles contain it, such as
// role-api-project-owner__api-project__proj_123.
func (r *reviewer) role(id value) string {
	text := id.show("?")
	short, _, _ := strings.Cut(text, "__api-")
	for _, prefix := range []string{"role-api-organization-", "role-api-project-"} {
		if name, ok := strings.CutPrefix(short, prefix); ok {
			return r.clean.text(name)
		}
	}
	return r.clean.text(r.names.of(text))
}
