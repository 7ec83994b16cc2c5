package planreview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

func (r *reviewer) projectKey(c *change) {
	object := c.last()
	name := r.clean.text(object.get("name").show("?"))
	action := c.action()
	project, label := r.projectName(c, object), r.keyLabel(c)
	switch {
	case c.Change.Actions.Replace():
		action = "replaced, old key revoked at once"
		r.replaced(c, label)
	case c.Change.Actions.Delete():
		action = "revoked"
		r.revoked(c, label)
	case rotates(c):
		action = rotationAction(c)
		r.rotated(c, label)
	}
	if c.after.raw != nil {
		r.checkKey(c, label)
	}
	r.report.Keys = append(r.report.Keys, KeyChange{
		Change: r.common(c, action), Project: project, Key: name,
		Scopes: r.scopesOf(c), Expiry: r.sides(c, expiry), Secret: r.sides(c, secret),
	})
}

// keyLabel names a key in findings.
func (r *reviewer) keyLabel(c *change) string {
	name := r.clean.text(c.last().get("name").show("?"))
	if c.Type == "openai_admin_api_key" {
		return "admin key " + name
	}
	return r.projectName(c, c.last()) + "/" + name
}

// part is a part of a property, with the words before its value.
type part struct{ label, value string }

// sides shows a property of a key. Of a change in place it shows only the parts
// that differ.
func (r *reviewer) sides(c *change, property func(value) []part) string {
	was, is := property(c.before), property(c.after)
	switch {
	case c.before.raw == nil:
		return r.clean.text(joined(is))
	case c.after.raw == nil:
		return r.clean.text(joined(was))
	}
	var differing []string
	for i := range max(len(was), len(is)) {
		a, b := partAt(was, i), partAt(is, i)
		if a.value != b.value {
			differing = append(differing, cmp.Or(a.label, b.label)+transition(cmp.Or(a.value, "none"), cmp.Or(b.value, "none")))
		}
	}
	if len(differing) == 0 && c.made {
		return r.clean.text(joined(is))
	}
	return r.clean.text(strings.Join(differing, ", "))
}

func partAt(parts []part, i int) part {
	if i < len(parts) {
		return parts[i]
	}
	return part{}
}

func joined(parts []part) string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, p.label+p.value)
	}
	return strings.Join(texts, ", ")
}

// scopesOf shows the scopes of a key, and of a change only those that differ.
func (r *reviewer) scopesOf(c *change) string {
	was, is := c.before.get("scopes"), c.after.get("scopes")
	if c.Change.Actions.Update() && len(was.strings()) > 0 && len(is.strings()) > 0 {
		return r.clean.text(r.listDifference(was, is))
	}
	return r.sides(c, func(key value) []part { return []part{{"", scopes(key)}} })
}

// scopes are the scopes of a key. None means all.
func scopes(key value) string {
	given := key.get("scopes")
	if all, _ := given.raw.([]any); given.isNull() || given.known() && len(all) == 0 {
		return "all"
	}
	return given.show("all")
}

// expiry is the lifetime of a key, and its rotation.
func expiry(key value) []part {
	life := key.get("expires_in_seconds")
	text := life.show("never")
	if seconds, ok := life.number(); ok {
		text = duration(seconds.IntPart())
	} else if at, ok := key.get("expires_at").number(); ok && life.isNull() {
		text = time.Unix(at.IntPart(), 0).UTC().Format("2006-01-02")
	}
	parts := []part{{"", text}}
	if rotation := key.get("rotation"); rotation.raw != nil {
		parts = append(parts, part{"rotated every ", rotation.get("after").show("?")}, part{"overlap ", rotation.get("overlap").show("default")})
	}
	return parts
}

func duration(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	default:
		return d.String()
	}
}

// secret says where the secret of a key is.
func secret(key value) []part { return []part{{"", secretPlace(key)}} }

func secretPlace(key value) string {
	ageRecipients := key.get("age_recipients")
	switch all, _ := ageRecipients.raw.([]any); {
	case ageRecipients.isUnknown():
		return textUnknown
	case len(all) > 0:
		return fmt.Sprintf("sealed for %d", len(all))
	case inPlain(key):
		return "in plain state"
	default:
		return "not in state"
	}
}

// inPlain says whether the state has, or will have, the secret in the clear.
func inPlain(key value) bool {
	all, _ := key.get("age_recipients").raw.([]any)
	return len(all) == 0 && !key.get("age_recipients").isUnknown() && !key.get("value").isNull()
}

// rotates says whether a key gets a successor in place.
func rotates(c *change) bool {
	if !c.Change.Actions.Update() {
		return false
	}
	was, is := c.before.get("key_version"), c.after.get("key_version")
	a, okA := was.number()
	b, okB := is.number()
	return okB && (!okA || b.GreaterThan(a)) && !was.same(is) || okA && is.isUnknown()
}

// rotationAction is the action of such a change on the key.
func rotationAction(c *change) string {
	if c.after.get("key_version").isUnknown() {
		return "may be rotated"
	}
	return "rotated"
}

// replaced finds a key that is revoked in the apply that creates its successor.
func (r *reviewer) replaced(c *change, label string) {
	recipients, _ := c.before.get("age_recipients").raw.([]any)
	switch {
	case r.hasExpired(c):
		r.find(ruleExpiredRotated, c, label)
	case len(recipients) > 0:
		r.find(ruleSealedReplaced, c, label)
	default:
		r.find(ruleKeyReplaced, c, label)
	}
}

// hasExpired says whether a key has expired before the plan.
func (r *reviewer) hasExpired(c *change) bool {
	at, ok := c.before.get("expires_at").number()
	return c.before.get("status").text() == "expired" || ok && !r.at.IsZero() && at.IntPart() <= r.at.Unix()
}

// rotated finds rotations that come too late, and those without an overlap for the
// users of the key.
func (r *reviewer) rotated(c *change, label string) {
	if r.hasExpired(c) {
		r.find(ruleExpiredRotated, c, label)
		return
	}
	overlap := c.after.get("rotation").get("overlap")
	if noTime(overlap.text()) {
		r.find(ruleNoOverlap, c, label+": overlap "+overlap.text())
	}
}

// noTime says whether a duration such as 0s or 0d is none at all.
func noTime(duration string) bool {
	return duration != "" && !strings.ContainsAny(duration, "123456789")
}

// checkKey applies the rules to a key that will be there.
func (r *reviewer) checkKey(c *change, label string) {
	rotation := c.after.get("rotation")
	if c.after.get("expires_in_seconds").isNull() && rotation.isNull() &&
		(c.made || !c.before.get("expires_in_seconds").isNull() || !c.before.get("rotation").isNull()) {
		r.find(ruleNoExpiry, c, label)
	}
	was, is := scopes(c.before), scopes(c.after)
	switch {
	case c.after.get("scopes").isUnknown():
		if c.made || !c.before.get("scopes").isUnknown() {
			r.find(ruleUnknown, c, label+": scopes")
		}
	case c.made && is == "all":
		r.find(ruleUnrestricted, c, label)
	case !c.made && widens(c.before, c.after):
		r.find(ruleScopesWidened, c, label+": "+transition(was, is))
	}
	if inPlain(c.after) && (c.made || rotates(c) || !inPlain(c.before)) {
		r.find(ruleSecretInState, c, label)
	}
}

// expiryNotice is how long before its expiry a key is found.
const expiryNotice = 14 * 24 * time.Hour

// checkExpiry finds a key that expires soon after the plan, changed or not, and
// that nothing rotates.
func (r *reviewer) checkExpiry(c *change, at time.Time) {
	if c.Type != "openai_project_api_key" && c.Type != "openai_admin_api_key" || !c.after.get("rotation").isNull() {
		return
	}
	seconds, known := c.after.get("expires_at").number()
	if !known {
		return
	}
	expires := time.Unix(seconds.IntPart(), 0).UTC()
	if left := expires.Sub(at); left <= 0 || left > expiryNotice {
		return // the next apply replaces an expired key
	}
	r.find(ruleExpiresSoon, c, r.keyLabel(c)+": "+expires.Format("2006-01-02"))
}

// widens says whether scopes are added, or the limits that they are taken away.
func widens(before, after value) bool {
	if scopes(before) == "all" {
		return false
	}
	if scopes(after) == "all" {
		return true
	}
	previous := before.get("scopes").strings()
	return slices.ContainsFunc(after.get("scopes").strings(), func(scope string) bool { return !slices.Contains(previous, scope) })
}

// revoked looks for a key that takes the place of one that goes.
func (r *reviewer) revoked(c *change, label string) {
	scope := r.scope(c, c.before)
	if r.plan.archived[scope] {
		return
	}
	account, name := c.before.get("service_account_id").text(), c.before.get("name").text()
	for _, made := range r.plan.newKeys {
		if made.scope == scope && (made.name == name || account != "" && made.account == account) {
			return
		}
	}
	r.find(ruleKeyRevoked, c, label)
}

func (r *reviewer) adminKey(c *change) {
	name, label := r.clean.text(c.last().get("name").show("?")), r.keyLabel(c)
	action := c.action()
	switch {
	case c.Change.Actions.Delete():
		action = "revoked"
		r.find(ruleKeyRevoked, c, label)
	case rotates(c):
		action = rotationAction(c)
		r.rotated(c, label)
	case c.made:
		r.find(ruleAdminKey, c, name)
	}
	if c.Change.Actions.Replace() {
		action = "replaced, old key revoked at once"
		r.replaced(c, label)
	}
	if c.after.raw != nil {
		if c.after.get("expires_in_seconds").isNull() && c.after.get("rotation").isNull() && c.made {
			r.find(ruleNoExpiry, c, label)
		}
		if inPlain(c.after) && (c.made || rotates(c) || !inPlain(c.before)) {
			r.find(ruleSecretInState, c, label)
		}
	}
	r.report.Keys = append(r.report.Keys, KeyChange{
		Change: r.common(c, action), Project: wholeOrganization, Key: name,
		Scopes: "administration", Expiry: r.sides(c, expiry), Secret: r.sides(c, secret),
	})
}
