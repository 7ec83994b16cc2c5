package planreview

import "github.com/allthingsai/terraform-provider-openai/internal/findings"

// Severity, Rule and Config are those of every command that reports findings.
type (
	Severity = findings.Severity
	Rule     = findings.Rule
	Config   = findings.Config
)

// The severities, from the highest to none.
const (
	High   = findings.High
	Medium = findings.Medium
	Low    = findings.Low
	Off    = findings.Off
)

// DefaultConfig is the configuration where there is none.
func DefaultConfig() Config { return Config{Rules: DefaultRules()} }

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
	ruleExpiresSoon     = "key-expires-soon"
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
	ruleLimitOutside    = "limit-raised-outside"
	ruleOwnerOutside    = "owner-granted-outside"
	ruleActionRevokes   = "action-revokes-keys"
	ruleActionReinvites = "action-reinvites"
	ruleActionUnknown   = "action-unknown"
	ruleReinvited       = "member-reinvited"
	ruleLeaves          = "member-removed"
	ruleCreatedAgain    = "destroyed-and-created"
	ruleCreatedFirst    = "created-before-destroyed"
	ruleMayOverwrite    = "limit-overwritten"
	ruleSealedReplaced  = "sealed-key-replaced"
	ruleExpiredRotated  = "expired-key-rotated"
)

// DefaultRules are all rules as they are without a configuration, the most
// severe first.
func DefaultRules() []Rule {
	return []Rule{
		{ID: ruleOwner, Severity: High, Title: "Owner of the organization", Why: "An owner has all permissions: create keys, raise limits, remove other owners."},
		{ID: ruleAdminKey, Severity: High, Title: "New admin key", Why: "An admin key can change the whole organization."},
		{ID: ruleLimitRemoved, Severity: High, Title: "Hard limit removed", Why: "Calls are no longer refused at an amount."},
		{ID: ruleLimitRaised, Severity: High, Title: "Hard limit raised", Why: "A leaked key or a faulty program can spend more before calls are refused.", Factor: 2},
		{ID: ruleKeyRevoked, Severity: High, Title: "Key revoked without a successor", Why: "Calls with the key are refused as soon as this is applied."},
		{ID: ruleProjectArchived, Severity: High, Title: "Project archived", Why: "All keys of the project stop working, and it cannot be restored."},
		{ID: ruleActionRevokes, Severity: High, Title: "Action revokes keys", Why: "Calls with the keys are refused as soon as this is applied, and the keys cannot be restored."},
		{ID: ruleReinvited, Severity: High, Title: "Member removed and invited again", Why: "The person loses access until the invitation is accepted. A shifted count or a changed address does this; for_each over e-mail addresses does not."},
		{ID: ruleCreatedAgain, Severity: High, Title: "Destroyed and created again", Why: "The object, its keys or its values are lost in between. A moved block renames it instead."},
		{ID: ruleLimitOutside, Severity: High, Title: "Hard limit raised or removed outside Terraform", Why: "Another client changed it, and more can be spent until this is applied.", Factor: 2},
		{ID: ruleOwnerOutside, Severity: High, Title: "Owner granted outside Terraform", Why: "Another client gave the role, and the owner has all permissions until this is applied."},
		{ID: ruleProjectOwner, Severity: Medium, Title: "Owner of a project", Why: "An owner of a project can create keys and add members."},
		{ID: ruleLimitMissing, Severity: Medium, Title: "Project without a hard limit", Why: "Only the organization's limits bound the spend of the new project."},
		{ID: ruleAlertAbove, Severity: Medium, Title: "Alert above the hard limit", Why: "The hard limit refuses calls before the alert is sent."},
		{ID: ruleNoExpiry, Severity: Medium, Title: "Key without expiry or rotation", Why: "A leaked key stays valid until it is revoked."},
		{ID: ruleExpiresSoon, Severity: Medium, Title: "Key expires soon", Why: "Nothing rotates the key, and calls with it are refused from its expiry on."},
		{ID: ruleKeyReplaced, Severity: Medium, Title: "Key replaced without overlap", Why: "The old key is revoked in the same apply, before its users have the new one."},
		{ID: ruleSealedReplaced, Severity: Medium, Title: "Encrypted key replaced", Why: "The old key is revoked in the same apply. Programs that opened sealed_value use it until they open the new one."},
		{ID: ruleExpiredRotated, Severity: Medium, Title: "Expired key rotated", Why: "Calls with the key are refused already, and no overlap helps: its users need the new key now."},
		{ID: ruleScopesWidened, Severity: Medium, Title: "Key with more permissions", Why: "All users of the key get the additional permissions."},
		{ID: ruleNoOverlap, Severity: Medium, Title: "Rotation without overlap", Why: "The old key is revoked at once, before its users have the new one."},
		{ID: ruleLeaves, Severity: Medium, Title: "Member removed", Why: "The person loses all access, and the keys that the person owns."},
		{ID: ruleCreatedFirst, Severity: Medium, Title: "Created before destroyed", Why: "Both are one object of the API, so the destroy would remove what was just written. Remove create_before_destroy."},
		{ID: ruleMayOverwrite, Severity: Medium, Title: "Existing limit may be overwritten", Why: "The plan does not say whether there is a limit. An import block shows the change instead; --live reads the limit."},
		{ID: ruleActionReinvites, Severity: Medium, Title: "Action invites a person again", Why: "It withdraws the pending invitation and sends another e-mail."},
		{ID: ruleActionUnknown, Severity: Medium, Title: "Unknown action", Why: "This version of the review does not know the action. Use the version of the provider."},
		{ID: ruleUnknown, Severity: Medium, Title: "Not known before apply", Why: "The plan does not contain the value, so it cannot be reviewed."},
		{ID: ruleLimitLowered, Severity: Low, Title: "Hard limit lowered", Why: "If the spend of this month is higher, calls are refused at once."},
		{ID: ruleRateRaised, Severity: Low, Title: "Rate limit raised", Why: "The project can spend money faster.", Factor: 2},
		{ID: ruleUnrestricted, Severity: Low, Title: "Key with all permissions", Why: "It has all permissions of its service account. Scopes limit them."},
		{ID: ruleSecretInState, Severity: Low, Title: "Secret in plain state", Why: "Everyone who can read the state can read the key. age_recipients encrypts it."},
		{ID: ruleForgotten, Severity: Low, Title: "No longer managed", Why: "The object stays, and later changes to it are not detected."},
		{ID: ruleDrift, Severity: Low, Title: "Changed outside Terraform", Why: "Another client changed it. Applying reverts or keeps the change."},
	}
}
