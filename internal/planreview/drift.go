package planreview

import (
	"slices"
	"strings"
)

// selfChanging are attributes that the API changes by itself, as time passes or as
// a person accepts an invitation. A change of them is no drift.
var selfChanging = []string{
	"enforcement_status", "rotation_due", "status",
	"expiring_keys", "previous_id", "previous_expires_at", "previous_expires_at_time",
	"invite_id", "invite_expires_at", "invite_expires_at_time",
}

// drift collects the changes outside Terraform.
func (r *reviewer) drift(changes []*resourceChange) {
	for _, raw := range changes {
		c := newChange(raw)
		c.drifted = true
		rule, text := r.drifted(c)
		if text == "" {
			continue // moved only, or changed by itself
		}
		r.find(rule, c, r.label(c)+": "+text)
		r.report.Drift = append(r.report.Drift, OtherChange{r.common(c, "changed outside"), r.clean.text(text)})
	}
}

// drifted is the rule for an object that was changed outside Terraform, and what
// changed.
func (r *reviewer) drifted(c *change) (rule, text string) {
	isLimit := strings.HasSuffix(c.Type, "_spend_limit")
	if c.after.raw == nil {
		if isLimit {
			return ruleLimitOutside, "deleted, was " + money(cents(c.before))
		}
		return ruleDrift, "deleted"
	}
	was, is := cents(c.before), cents(c.after)
	role := c.after.get("role").text()
	switch text = r.differences(c); {
	case isLimit && outgrows(was, is, r.rules[ruleLimitOutside].Factor):
		return ruleLimitOutside, text
	case role == roleOwner && c.before.get("role").text() != roleOwner && isPerson(c.Type):
		return ruleOwnerOutside, text
	default:
		return ruleDrift, text
	}
}

// differences shows the attributes that differ, before and after.
func (r *reviewer) differences(c *change) string {
	var texts []string
	attributes := changedAttributes(c)
	for _, name := range attributes {
		was, is := c.before.get(name), c.after.get(name)
		switch {
		case slices.Contains(selfChanging, name), c.Type == "openai_organization_member" && name == "user_id" && was.isNull():
		case slices.Contains(attributes, name+"_time"): // the same time, to be read by people
		case name == "threshold_usd" && slices.Contains(attributes, "threshold_amount"):
		case name == "threshold_usd", name == "threshold_amount":
			texts = append(texts, transition(money(cents(c.before)), money(cents(c.after))))
		default:
			texts = append(texts, strings.TrimSpace(name+" "+r.difference(was, is)))
		}
	}
	return strings.Join(texts, "; ")
}

// difference shows two values of an attribute: of lists, only what differs, and of
// nested objects, nothing.
func (r *reviewer) difference(was, is value) string {
	if was.isList() && is.isList() {
		return r.listDifference(was, is)
	}
	if was.isObject() || is.isObject() {
		return ""
	}
	return transition(r.names.of(was.show("none")), r.names.of(is.show("none")))
}

// listDifference shows what is added to a list of texts and what is removed.
func (r *reviewer) listDifference(was, is value) string {
	var parts []string
	before, after := was.strings(), is.strings()
	for _, side := range []struct {
		sign       string
		some, than []string
	}{{"+", after, before}, {"−", before, after}} {
		for _, item := range side.some {
			if !slices.Contains(side.than, item) {
				parts = append(parts, side.sign+r.names.of(item))
			}
		}
	}
	return strings.Join(parts, ", ")
}
