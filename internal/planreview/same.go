package planreview

import (
	"slices"
	"strings"
)

// identifying are the attributes in which objects of one type and one project
// differ.
var identifying = []string{"name", "role_name", "group_name", "email", "user_id", "group_id", "role_id", "model", "service_account_id"}

// settings are the types whose objects the caller names: creating one writes to
// the object of the API that exists under the same name.
var settings = []string{
	"openai_fine_tuning_checkpoint_permissions", "openai_group_members", "openai_group_role", "openai_group_user", "openai_organization_data_retention",
	"openai_organization_member", "openai_organization_spend_limit", "openai_organization_user", "openai_project_certificates", "openai_project_data_retention",
	"openai_project_group", "openai_project_group_role", "openai_project_hosted_tool_permissions", "openai_project_model_permissions",
	"openai_project_rate_limit", "openai_project_service_tier_settings", "openai_project_spend_limit", "openai_project_user",
	"openai_project_user_role", "openai_user_role",
}

// isPerson says whether an object is a person in the organization.
func isPerson(kind string) bool {
	return kind == "openai_organization_member" || kind == "openai_organization_user"
}

// createdObject is an object that the plan creates.
type createdObject struct {
	address string
	values  map[string]string
}

// identity has the values by which an object differs from others of its type, and
// keys to find it by: one for each value, because some are only known after apply.
func (r *reviewer) identity(c *change, object value) (keys []string, values map[string]string) {
	parent := c.Type
	if project := object.get("project_id"); !project.isNull() {
		parent += "\x00" + r.scope(c, object)
	}
	values = map[string]string{}
	isSingle := true
	for _, name := range identifying {
		attribute := object.get(name)
		isSingle = isSingle && attribute.isNull()
		if text := attribute.text(); text != "" {
			values[name] = text
			keys = append(keys, parent+"\x00"+name+"="+text)
		}
	}
	if strings.HasSuffix(c.Type, "_spend_alert") {
		amount := cents(object).text()
		values["threshold"] = amount
		return []string{parent + "\x00" + amount}, values
	}
	if isSingle {
		keys = []string{parent}
	}
	return keys, values
}

// agree says whether two identities have no different value.
func agree(a, b map[string]string) bool {
	for name, value := range a {
		if other, known := b[name]; known && other != value {
			return false
		}
	}
	return true
}

// createdAgain finds the other address at which the plan creates an object that it
// destroys, such as one with a renamed key of for_each.
func (r *reviewer) createdAgain(c *change) string {
	keys, values := r.identity(c, c.before)
	for _, key := range keys {
		for _, other := range r.plan.created[key] {
			if other.address != c.Address && agree(values, other.values) {
				return other.address
			}
		}
	}
	return ""
}

// checkSame finds an object that is destroyed and created in one plan.
func (r *reviewer) checkSame(c *change) {
	if isPerson(c.Type) || c.Type == "openai_invite" {
		return // checkLeaves names them
	}
	if c.Change.Actions.Delete() {
		if other := r.createdAgain(c); other != "" {
			r.find(ruleCreatedAgain, c, r.labelWithProject(c)+": created again as "+other)
		}
	}
	if c.Change.Actions.CreateBeforeDestroy() && slices.Contains(settings, c.Type) {
		r.checkCreatedFirst(c)
	}
}

// checkCreatedFirst finds a setting that is written and then removed.
func (r *reviewer) checkCreatedFirst(c *change) {
	was, before := r.identity(c, c.before)
	is, after := r.identity(c, c.after)
	if agree(before, after) && slices.ContainsFunc(was, func(key string) bool { return slices.Contains(is, key) }) {
		r.find(ruleCreatedFirst, c, r.labelWithProject(c))
	}
}

// labelWithProject names an object and its project.
func (r *reviewer) labelWithProject(c *change) string {
	label := r.label(c)
	if id := c.last().get("project_id"); id.isNull() || strings.Contains(label, " of ") {
		return label
	}
	return label + " of " + r.projectName(c, c.last())
}
