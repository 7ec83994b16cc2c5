package planreview

import "slices"

// Severity is how much attention a risk deserves.
type Severity string

// The severities, from the highest to none.
const (
	High   Severity = "high"
	Medium Severity = "medium"
	Low    Severity = "low"
	Off    Severity = "off"
)

var severities = []Severity{High, Medium, Low}

// AtLeast says whether the severity is this one or a higher one.
func (s Severity) AtLeast(other Severity) bool {
	own, limit := slices.Index(severities, s), slices.Index(severities, other)
	return own >= 0 && limit >= 0 && own <= limit
}

// Rule is a kind of risk.
type Rule struct {
	// ID names the rule in .openai-review.yaml.
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	// Title is what a reviewer reads.
	Title string `json:"title"`
	// Why says what could go wrong.
	Why string `json:"why"`
	// Factor is by how much a number must grow to be a risk, 0 for rules that
	// compare no numbers.
	Factor float64 `json:"factor,omitempty"`
	// Ignore are addresses to which the rule does not apply; * stands for any
	// part of an address.
	Ignore []string `json:"ignore,omitempty"`
}

// The names of the rules.
const (
	ruleOwner           = "owner-granted"
	ruleAdminKey        = "admin-key-created"
	ruleLimitRemoved    = "limit-removed"
	ruleLimitRaised     = "limit-raised"
	ruleKeyRevoked      = "key-revoked"
	ruleProjectArchived = "project-archived"
	ruleProjectOwner    = "project-owner-granted"
	ruleLimitMissing    = "limit-missing"
	ruleAlertAbove      = "alert-above-limit"
	ruleNoExpiry        = "key-without-expiry"
	ruleKeyReplaced     = "key-replaced"
	ruleScopesWidened   = "key-scopes-widened"
	ruleNoOverlap       = "rotation-without-overlap"
	ruleUnknown         = "unknown-value"
	ruleLimitLowered    = "limit-lowered"
	ruleRateRaised      = "rate-limit-raised"
	ruleUnrestricted    = "key-unrestricted"
	ruleSecretInState   = "secret-in-state"
	ruleForgotten       = "forgotten"
	ruleDrift           = "changed-outside"
)

// DefaultRules are all rules as they are without a configuration, the most
// severe first.
func DefaultRules() []Rule {
	return []Rule{
		{ID: ruleOwner, Severity: High, Title: "Owner of the organization", Why: "An owner can do everything: read and make keys, raise limits, remove other owners."},
		{ID: ruleAdminKey, Severity: High, Title: "New admin key", Why: "An admin key administers the whole organization, without a person in front of it."},
		{ID: ruleLimitRemoved, Severity: High, Title: "Hard limit removed", Why: "Nothing stops the spend any more."},
		{ID: ruleLimitRaised, Severity: High, Title: "Hard limit raised a lot", Why: "One leaked key or one loop costs that much more before anything stops it.", Factor: 2},
		{ID: ruleKeyRevoked, Severity: High, Title: "Key revoked without a successor", Why: "Whoever uses the key is refused as soon as this is applied."},
		{ID: ruleProjectArchived, Severity: High, Title: "Project archived, for good", Why: "All keys of the project stop working, and it can never be restored."},
		{ID: ruleProjectOwner, Severity: Medium, Title: "Owner of a project", Why: "An owner of a project makes keys and members for it."},
		{ID: ruleLimitMissing, Severity: Medium, Title: "Project without a hard limit", Why: "The new project may spend as much as the organization may."},
		{ID: ruleAlertAbove, Severity: Medium, Title: "Alert that comes too late", Why: "The hard limit refuses calls before the alert tells anybody."},
		{ID: ruleNoExpiry, Severity: Medium, Title: "Key without expiry or rotation", Why: "Once leaked, it works until somebody notices."},
		{ID: ruleKeyReplaced, Severity: Medium, Title: "Key replaced without overlap", Why: "The old key dies in the same run, before its users can have the new one."},
		{ID: ruleScopesWidened, Severity: Medium, Title: "Key may do more", Why: "Whoever holds the key can use it for more than before."},
		{ID: ruleNoOverlap, Severity: Medium, Title: "Rotation without overlap", Why: "The old key dies at once, before its users can have the new one."},
		{ID: ruleUnknown, Severity: Medium, Title: "Not known before apply", Why: "The plan does not tell what will be set, so that nobody can review it."},
		{ID: ruleLimitLowered, Severity: Low, Title: "Hard limit lowered", Why: "If more is spent this month already, calls are refused at once."},
		{ID: ruleRateRaised, Severity: Low, Title: "Rate limit raised a lot", Why: "Money can be spent that much faster.", Factor: 2},
		{ID: ruleUnrestricted, Severity: Low, Title: "Key with all permissions", Why: "It may do whatever its service account may; scopes would narrow it."},
		{ID: ruleSecretInState, Severity: Low, Title: "Secret in plain state", Why: "Whoever reads the state has the key; age_recipients would encrypt it."},
		{ID: ruleForgotten, Severity: Low, Title: "No longer managed", Why: "It stays as it is, and nobody sees any more when it changes."},
		{ID: ruleDrift, Severity: Low, Title: "Changed outside Terraform", Why: "Somebody changed it by hand; applying undoes or keeps that."},
	}
}

// applies says whether the rule is on and does not ignore the address.
func (r Rule) applies(address string) bool {
	return r.Severity != Off && !slices.ContainsFunc(r.Ignore, func(pattern string) bool { return matches(pattern, address) })
}
