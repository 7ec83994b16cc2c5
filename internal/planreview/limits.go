package planreview

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// wholeOrganization stands where the name of a project would.
const wholeOrganization = "whole organization"

// scope identifies a project or the organization. A project that does not exist
// yet has its address.
func (r *reviewer) scope(c *change, object value) string {
	switch {
	case strings.HasPrefix(c.Type, "openai_organization_"):
		return wholeOrganization
	case c.Type == "openai_project":
		if id := object.get("id").text(); id != "" {
			return id
		}
		return "@" + c.Address
	}
	id := object.get("project_id")
	if id.known() {
		return id.text()
	}
	if project := r.names.referred(c.resourceChange, "project_id"); id.isUnknown() && project != nil {
		return r.scope(newChange(project), project.Change.after())
	}
	return "?" + c.Address
}

// projectName is the name of the project that an object belongs to.
func (r *reviewer) projectName(c *change, object value) string {
	if strings.HasPrefix(c.Type, "openai_organization_") {
		return wholeOrganization
	}
	id := object.get("project_id")
	if !id.isUnknown() {
		if id.isNull() {
			return wholeOrganization
		}
		return r.clean.text(r.names.of(id.show("")))
	}
	if project := r.names.referred(c.resourceChange, "project_id"); project != nil {
		return r.clean.text(project.Change.after().get("name").show(project.Address))
	}
	return textUnknown
}

// cents is an amount of money of an object.
func cents(object value) value {
	amount := object.get("threshold_amount")
	if usd, ok := object.get("threshold_usd").number(); ok && amount.isNull() {
		return value{raw: json.Number(usd.Shift(2).String())}
	}
	return amount
}

// money writes cents as dollars.
func money(amount value) string {
	number, ok := amount.number()
	if !ok {
		return amount.show("none")
	}
	return grouped(number.Shift(-2).StringFixed(2)) + " USD"
}

// grouped separates the thousands.
func grouped(number string) string {
	whole, rest, _ := strings.Cut(number, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest == "" {
		return whole
	}
	return whole + "." + rest
}

// percent is by how much a number grows.
func percent(was, is value) string {
	a, okA := was.number()
	b, okB := is.number()
	if !okA || !okB || a.IsZero() {
		return ""
	}
	change := b.Sub(a).Div(a).Shift(2).Round(0)
	sign := ""
	if change.IsPositive() {
		sign = "+"
	}
	return sign + grouped(change.String()) + " %"
}

// outgrows says whether a number grows by more than a factor.
func outgrows(was, is value, factor float64) bool {
	a, okA := was.number()
	b, okB := is.number()
	return okA && okB && b.GreaterThan(a.Mul(decimal.NewFromFloat(factor)))
}

func (r *reviewer) spendLimit(c *change) {
	was, is := cents(c.before), cents(c.after)
	object := c.last()
	project, scope := r.projectName(c, object), r.scope(c, object)
	if c.ended {
		r.checkRemoved(c, was)
	}
	if c.made {
		// The limit of the same project at another address, if there is one.
		was = r.plan.previous[scope]
	}
	before := money(was)
	if c.Change.Actions.Create() && was.raw == nil && r.mayExist(scope) {
		if was, before = r.existing[scope], "not in the plan"; was.raw != nil {
			before = money(was)
		}
		r.checkOverwrites(c, project, scope, is)
	}
	text := project + ": " + transition(money(was), money(is))
	switch {
	case c.after.raw == nil:
	case is.isUnknown() || is.isSensitive():
		r.find(ruleUnknown, c, text)
	case outgrows(was, is, r.rules[ruleLimitRaised].Factor):
		r.find(ruleLimitRaised, c, text+" ("+percent(was, is)+")")
	case less(is, was):
		r.find(ruleLimitLowered, c, text+" ("+percent(was, is)+")")
	}
	r.limitRow(c, project, "hard limit", before, money(is), percent(was, is))
}

// mayExist says whether the API may have a limit that is not in the plan. A project
// that does not exist yet has none.
func (r *reviewer) mayExist(scope string) bool {
	if read, ok := r.existing[scope]; ok {
		return read.raw != nil
	}
	return !strings.HasPrefix(scope, "@") && !strings.HasPrefix(scope, "?")
}

// checkOverwrites finds a limit that a create overwrites, or may overwrite.
func (r *reviewer) checkOverwrites(c *change, project, scope string, is value) {
	switch read, ok := r.existing[scope]; {
	case !ok:
		r.find(ruleMayOverwrite, c, project+": by "+money(is))
	case !sameAmount(read, is):
		r.find(ruleMayOverwrite, c, project+": "+transition(money(read), money(is)))
	}
}

func sameAmount(a, b value) bool { return !less(a, b) && !less(b, a) && a.raw != nil && b.raw != nil }

// checkRemoved looks for projects that stay, without a limit.
func (r *reviewer) checkRemoved(c *change, was value) {
	scope := r.scope(c, c.before)
	if _, stays := r.plan.limits[scope]; !stays && !r.plan.archived[scope] {
		r.find(ruleLimitRemoved, c, r.projectName(c, c.before)+": was "+money(was))
	}
}

func less(a, b value) bool {
	x, okX := a.number()
	y, okY := b.number()
	return okX && okY && x.LessThan(y)
}

func (r *reviewer) limitRow(c *change, project, limit, was, is, change string) {
	r.report.Limits = append(r.report.Limits, LimitChange{r.common(c, c.action()), project, limit, was, is, change})
}

func (r *reviewer) spendAlert(c *change) {
	r.checkAlert(c)
	was, is := cents(c.before), cents(c.after)
	if was.same(is) {
		// The recipients change, the amount does not.
		from, to := c.before.get("notification_channel_recipients"), c.after.get("notification_channel_recipients")
		r.limitRow(c, r.projectName(c, c.last()), "alert at "+money(is), "", r.clean.text(r.difference(from, to)), "")
		return
	}
	r.limitRow(c, r.projectName(c, c.last()), "alert", money(was), money(is), percent(was, is))
}

// checkAlert compares an alert with the hard limit of its scope, when one of them
// changes.
func (r *reviewer) checkAlert(c *change) {
	if c.after.raw == nil {
		return
	}
	scope, at := r.scope(c, c.after), cents(c.after)
	limit, ok := r.plan.limits[scope]
	if _, known := at.number(); !ok || !known || less(at, limit) || c.nothing() && !r.plan.changing[scope] {
		return
	}
	if _, known := limit.number(); known {
		r.find(ruleAlertAbove, c, fmt.Sprintf("%s: alert at %s, hard limit at %s", r.projectName(c, c.after), money(at), money(limit)))
	}
}

// measures are the numbers of a rate limit, in the order in which they are
// shown.
var measures = []struct{ attribute, label string }{
	{"max_requests_per_1_minute", "requests a minute"},
	{"max_tokens_per_1_minute", "tokens a minute"},
	{"max_images_per_1_minute", "images a minute"},
	{"max_audio_megabytes_per_1_minute", "MB of audio a minute"},
	{"max_requests_per_1_day", "requests a day"},
	{"batch_1_day_max_input_tokens", "batch tokens a day"},
}

func (r *reviewer) rateLimit(c *change) {
	var was, is, grows []string
	for _, m := range measures {
		a, b := c.before.get(m.attribute), c.after.get(m.attribute)
		// A value that was not set and is computed later is no change.
		if a.same(b) || b.isUnknown() && c.made {
			continue
		}
		was, is = append(was, count(a)+" "+m.label), append(is, count(b)+" "+m.label)
		if change := percent(a, b); change != "" {
			grows = append(grows, change)
		}
		if outgrows(a, b, r.rules[ruleRateRaised].Factor) {
			r.find(ruleRateRaised, c, fmt.Sprintf("%s, %s: %s %s", r.projectName(c, c.last()), c.last().get("model").show("?"), transition(count(a), count(b)), m.label))
		}
	}
	if c.before.raw == nil {
		was = nil
	}
	if c.after.raw == nil {
		is = []string{"previous value restored"}
	}
	r.limitRow(c, r.projectName(c, c.last()), r.clean.text("rate of "+c.last().get("model").show("?")), list(was), list(is), strings.Join(grows, "; "))
}

func count(v value) string {
	if number, ok := v.number(); ok {
		return grouped(number.String())
	}
	return v.show("no")
}

func list(items []string) string {
	if len(items) == 0 {
		return "none"
	}
	return strings.Join(slices.Compact(items), "; ")
}
