// Package orgcheck checks an organization against rules of good practice.
package orgcheck

import (
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/keyrules"
)

// The names of the rules that are not about one key.
const (
	ruleOrganizationLimit   = "organization-without-limit"
	ruleProjectLimit        = "project-without-limit"
	ruleLimitBelow          = "limit-below-spend"
	ruleLimitAbove          = "limit-far-above-spend"
	ruleOrganizationAlert   = "organization-without-alert"
	ruleProjectAlert        = "project-without-alert"
	ruleRateLimits          = "rate-limits-at-defaults"
	ruleDefaultProject      = "default-project-traffic"
	ruleIdle                = "project-without-traffic"
	ruleAdminKeyOld         = "admin-key-older-than"
	ruleAdminKeys           = "admin-keys-many"
	ruleOwnerAlone          = "owner-alone"
	ruleOwners              = "owners-many"
	rulePersonWithoutAccess = "person-without-project"
)

// keyRule is the name of a rule about one key.
func keyRule(rule keyrules.Rule) string { return "key-" + strings.ReplaceAll(string(rule), "_", "-") }

// DefaultRules are all rules as they are without a configuration, the most
// severe first.
func DefaultRules() []findings.Rule {
	return []findings.Rule{
		{
			ID: ruleOrganizationLimit, Severity: findings.High, Title: "Organization without a hard limit",
			Why:    "Nothing bounds what the organization can spend in a month.",
			Remedy: "Set a hard limit: openai_organization_spend_limit, or the limits in the settings of the organization.",
		},
		{
			ID: keyRule(keyrules.ExpiresWithoutRotation), Severity: findings.High, Days: 14, Title: "Key expires without a successor",
			Why:    "Calls with the key are refused from its expiry on, and its owner has no newer key of its name.",
			Remedy: "Create a new key and deploy it before the expiry, or let Terraform rotate the key: the attribute rotation of openai_project_api_key.",
		},
		{
			ID: ruleProjectLimit, Severity: findings.Medium, Title: "Project without a hard limit",
			Why:    "A leaked key or a faulty program of one project can spend what is left to the whole organization.",
			Remedy: "Set a hard limit: openai_project_spend_limit, or the limits in the settings of the project.",
		},
		{
			ID: ruleLimitBelow, Severity: findings.Medium, Title: "Hard limit below last month's spend",
			Why:    "If this month costs as much, calls are refused before it ends.",
			Remedy: "Raise the limit, or lower the spend.",
		},
		{
			ID: ruleOrganizationAlert, Severity: findings.Medium, Title: "Organization without an alert",
			Why:    "No e-mail is sent before the hard limit refuses calls.",
			Remedy: "Create an alert below the hard limit: openai_organization_spend_alert.",
		},
		{
			ID: keyRule(keyrules.OlderThan), Severity: findings.Medium, Days: 90, Title: "Old key",
			Why:    "The longer a key is valid, the more places have a copy of it.",
			Remedy: "Rotate the key: create a new one, deploy it, revoke the old one. The attribute rotation of openai_project_api_key does it on schedule.",
		},
		{
			ID: keyRule(keyrules.UnusedFor), Severity: findings.Medium, Days: 60, Title: "Unused key",
			Why:    "A key without a use is only a risk.",
			Remedy: "Revoke the key.",
		},
		{
			ID: keyRule(keyrules.OwnedByUser), Severity: findings.Medium, Title: "Key of a person",
			Why:    "A key of a person stops working when the person leaves, and its use cannot be separated from the person's own.",
			Remedy: "Create a key of a service account, and revoke this one.",
		},
		{
			ID: keyRule(keyrules.OwnerInactive), Severity: findings.Medium, Title: "Key without access",
			Why:    "The owner of the key has no access to the project any more. The key works again when the owner gets access.",
			Remedy: "Revoke the key.",
		},
		{
			ID: keyRule(keyrules.AccountShared), Severity: findings.Medium, Title: "Service account of several services",
			Why:    "Keys of several names belong to one service account: the services cannot have permissions, usage and costs of their own.",
			Remedy: "Create a service account for each service.",
		},
		{
			ID: ruleDefaultProject, Severity: findings.Medium, Title: "Traffic in the default project",
			Why:    "Everyone can use the default project, and it has no service accounts.",
			Remedy: "Move the traffic to a project of its own, with its own keys and limits.",
		},
		{
			ID: ruleAdminKeyOld, Severity: findings.Medium, Days: 90, Title: "Old admin key",
			Why:    "An admin key can change the whole organization, and the longer it is valid, the more places have a copy of it.",
			Remedy: "Create a new admin key, deploy it, and revoke the old one.",
		},
		{
			ID: ruleAdminKeys, Severity: findings.Medium, Most: 5, Title: "Many admin keys",
			Why:    "Each admin key can change the whole organization.",
			Remedy: "Revoke the admin keys that are not needed.",
		},
		{
			ID: ruleOwnerAlone, Severity: findings.Medium, Title: "Only one owner",
			Why:    "When the owner is away or loses access, no one can administer the organization.",
			Remedy: "Make a second person an owner.",
		},
		{
			ID: ruleOwners, Severity: findings.Medium, Most: 5, Title: "Many owners",
			Why:    "An owner has all permissions: create keys, raise limits, remove other owners.",
			Remedy: "Give owners who do not administer the organization the role reader, and roles in projects.",
		},
		{
			ID: ruleLimitAbove, Severity: findings.Low, Factor: 3, Title: "Hard limit far above the spend",
			Why:    "The limit refuses calls only after many times the usual spend.",
			Remedy: "Lower the limit to what an exceptional month costs.",
		},
		{
			ID: ruleProjectAlert, Severity: findings.Low, Title: "Project without an alert",
			Why:    "No e-mail is sent about this project before its hard limit refuses calls.",
			Remedy: "Create an alert below the hard limit: openai_project_spend_alert.",
		},
		{
			ID: ruleRateLimits, Severity: findings.Low, Factor: 1.25, Title: "Default rate limits below a tight hard limit",
			Why:    "Enforcement of a hard limit lags behind the spend. At the default rate limits, a project can exceed a tight limit by much.",
			Remedy: "Lower the rate limits of the models that the project uses: openai_project_rate_limit.",
		},
		{
			ID: keyRule(keyrules.NeverExpires), Severity: findings.Low, Title: "Key without an expiry",
			Why:    "A leaked key stays valid until it is revoked. The API does not say whether Terraform rotates the key, so a rotated key without an expiry is found, too.",
			Remedy: "Give the key an expiry: expires_in_seconds of openai_project_api_key, with a rotation before it.",
		},
		{
			ID: keyRule(keyrules.NameShared), Severity: findings.Low, Title: "Several keys of one name in a project",
			Why:    "Reports do not show which of the keys was used. During the overlap of a rotation this is expected.",
			Remedy: "Revoke the key that is not used, or give it a name of its own.",
		},
		{
			ID: keyRule(keyrules.NameInSeveralProjects), Severity: findings.Low, Title: "Key name in several projects",
			Why:    "The name may stand for one service that uses several projects, whose usage and limits are then divided.",
			Remedy: "Use one project for each service and environment, with its name in the name of the key.",
		},
		{
			ID: ruleIdle, Severity: findings.Low, Days: 90, Title: "Project without traffic",
			Why:    "Keys and members of a project without a use are only a risk.",
			Remedy: "Archive the project. This cannot be undone, and revokes its keys.",
		},
		{
			ID: rulePersonWithoutAccess, Severity: findings.Low, Title: "Person without any project",
			Why:    "The person has a seat in the organization, and no role in any project, directly or through a group.",
			Remedy: "Give the person a role in a project, or remove the person from the organization.",
		},
	}
}

const day = 24 * time.Hour
