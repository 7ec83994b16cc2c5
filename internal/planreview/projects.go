package planreview

import "fmt"

func (r *reviewer) project(c *change) {
	object := c.last()
	name := r.clean.text(object.get("name").show(c.Address))
	action := c.action()
	var changes string
	switch {
	case c.ended:
		if action = "archived"; c.made {
			action = "archived, and another one created"
		}
		r.find(ruleProjectArchived, c, r.clean.text(c.before.get("name").show(c.Address)))
	case c.made:
		if residency := c.after.get("residency"); residency.known() {
			changes = "residency " + residency.show("")
		}
	default:
		changes = changed(c)
		if was, is := c.before.get("name"), c.after.get("name"); !was.same(is) {
			changes = fmt.Sprintf("name %s", transition(was.show("none"), is.show("none")))
		}
	}
	if _, limited := r.plan.limits[r.scope(c, c.after)]; c.made && !limited {
		r.find(ruleLimitMissing, c, name)
	}
	r.report.Projects = append(r.report.Projects, ProjectChange{r.common(c, action), name, r.clean.text(changes)})
}
