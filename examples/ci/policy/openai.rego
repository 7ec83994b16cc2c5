# The rules of openai-admin review as policies for conftest and OPA. The input
# is what terraform show -json writes of a plan. High risks are denied, others
# are warned of. What needs the references of the configuration, such as whether
# a new project has a limit, is left to openai-admin review.
package main

import rego.v1

severities := {
	"owner-granted": "high",
	"admin-key-created": "high",
	"limit-removed": "high",
	"limit-raised": "high",
	"key-revoked": "high",
	"project-archived": "high",
	"project-owner-granted": "medium",
	"key-without-expiry": "medium",
	"key-replaced": "medium",
	"sealed-key-replaced": "medium",
	"key-scopes-widened": "medium",
	"rotation-without-overlap": "medium",
}

# By how much a limit may be raised at once.
limit_factor := 2

deny contains msg if {
	some f in findings
	severities[f.rule] == "high"
	msg := sprintf("%s: %s", [f.rule, f.address])
}

warn contains msg if {
	some f in findings
	severities[f.rule] != "high"
	msg := sprintf("%s: %s", [f.rule, f.address])
}

ours contains c if {
	some c in input.resource_changes
	c.mode == "managed"
	startswith(c.type, "openai_")
}

made(c) if "create" in c.change.actions

ended(c) if "delete" in c.change.actions

replaced(c) if {
	made(c)
	ended(c)
}

updated(c) if c.change.actions == ["update"]

stays(c) if not is_null(c.change.after)

before(c, name) := object.get(object_of(c.change.before), name, null)

after(c, name) := object.get(object_of(c.change.after), name, null)

object_of(o) := o if is_object(o)

object_of(o) := {} if not is_object(o)

unknown(c, name) if {
	mark := object.get(object_of(c.change.after_unknown), name, false)
	mark != false
	some true_inside
	walk(mark, [_, true_inside])
	true_inside == true
}

hidden(c, name) if object.get(object_of(c.change.after_sensitive), name, false) == true

# Members.

organization_member := {"openai_organization_member", "openai_organization_user", "openai_invite"}

project_member := {"openai_project_user", "openai_project_service_account"}

becomes_owner(c) if {
	after(c, "role") == "owner"
	not hidden(c, "role")
	made(c)
}

becomes_owner(c) if {
	after(c, "role") == "owner"
	not hidden(c, "role")
	updated(c)
	before(c, "role") != "owner"
}

assigned_owner(id) if {
	is_string(id)
	regex.match(`^role-api-(organization|project)-owner(__api-.*)?$`, id)
}

findings contains {"rule": "owner-granted", "address": c.address} if {
	some c in ours
	c.type in organization_member
	becomes_owner(c)
}

findings contains {"rule": "owner-granted", "address": c.address} if {
	some c in ours
	c.type in {"openai_user_role", "openai_group_role"}
	made(c)
	assigned_owner(after(c, "role_id"))
}

findings contains {"rule": "project-owner-granted", "address": c.address} if {
	some c in ours
	c.type in project_member
	becomes_owner(c)
}

findings contains {"rule": "project-owner-granted", "address": c.address} if {
	some c in ours
	c.type in {"openai_project_user_role", "openai_project_group_role"}
	made(c)
	assigned_owner(after(c, "role_id"))
}

findings contains {"rule": "project-owner-granted", "address": c.address} if {
	some c in ours
	c.type == "openai_project_group"
	made(c)
	assigned_owner(after(c, "role"))
}

findings contains {"rule": "project-owner-granted", "address": c.address} if {
	some c in ours
	some project in after(c, "projects")
	project.role == "owner"
	previous := {p.id | some p in before(c, "projects"); p.role == "owner"}
	not object.get(project, "id", null) in previous
}

# Limits.

limit_types := {"openai_project_spend_limit", "openai_organization_spend_limit"}

cents(o) := o.threshold_amount if is_number(o.threshold_amount)

cents(o) := round(o.threshold_usd * 100) if {
	is_number(o.threshold_usd)
	not is_number(object.get(o, "threshold_amount", null))
}

# What a limit belongs to: a project, or the organization.
scope(o) := object.get(o, "project_id", "organization")

former_limits[scope(c.change.before)] := cents(c.change.before) if {
	some c in ours
	c.type in limit_types
	ended(c)
}

stays_limited contains scope(c.change.after) if {
	some c in ours
	c.type in limit_types
	stays(c)
}

archived contains before(c, "id") if {
	some c in ours
	c.type == "openai_project"
	ended(c)
}

findings contains {"rule": "limit-removed", "address": c.address} if {
	some c in ours
	c.type in limit_types
	ended(c)
	not scope(c.change.before) in stays_limited
	not scope(c.change.before) in archived
}

former_amount(c) := cents(c.change.before) if updated(c)

former_amount(c) := former_limits[scope(c.change.after)] if made(c)

findings contains {"rule": "limit-raised", "address": c.address} if {
	some c in ours
	c.type in limit_types
	stays(c)
	not hidden(c, "threshold_amount")
	cents(c.change.after) > limit_factor * former_amount(c)
}

# Projects.

findings contains {"rule": "project-archived", "address": c.address} if {
	some c in ours
	c.type == "openai_project"
	ended(c)
}

# Keys.

findings contains {"rule": "admin-key-created", "address": c.address} if {
	some c in ours
	c.type == "openai_admin_api_key"
	made(c)
}

findings contains {"rule": "key-revoked", "address": c.address} if {
	some c in ours
	c.type == "openai_project_api_key"
	c.change.actions == ["delete"]
	not before(c, "project_id") in archived
	not succeeded(c)
}

findings contains {"rule": "key-revoked", "address": c.address} if {
	some c in ours
	c.type == "openai_admin_api_key"
	c.change.actions == ["delete"]
}

# The keys of a service account go with it.
findings contains {"rule": "key-revoked", "address": c.address} if {
	some c in ours
	c.type == "openai_project_service_account"
	ended(c)
	not before(c, "project_id") in archived
	not before(c, "id") in revoked_of
}

revoked_of contains before(c, "service_account_id") if {
	some c in ours
	c.type == "openai_project_api_key"
	ended(c)
}

succeeded(c) if {
	some other in ours
	other.type == "openai_project_api_key"
	made(other)
	after(other, "project_id") == before(c, "project_id")
	takes_over(other, c)
}

takes_over(other, c) if after(other, "name") == before(c, "name")

takes_over(other, c) if {
	is_string(before(c, "service_account_id"))
	after(other, "service_account_id") == before(c, "service_account_id")
}

# An expired key and an encrypted one have rules of their own.
expired(c) if before(c, "status") == "expired"

expired(c) if before(c, "expires_at") * 1000000000 <= time.parse_rfc3339_ns(input.timestamp)

sealed(c) if count(before(c, "age_recipients")) > 0

findings contains {"rule": "key-replaced", "address": c.address} if {
	some c in ours
	c.type in {"openai_project_api_key", "openai_admin_api_key"}
	replaced(c)
	not expired(c)
	not sealed(c)
}

findings contains {"rule": "sealed-key-replaced", "address": c.address} if {
	some c in ours
	c.type in {"openai_project_api_key", "openai_admin_api_key"}
	replaced(c)
	not expired(c)
	sealed(c)
}

endless(c) if {
	is_null(after(c, "expires_in_seconds"))
	is_null(after(c, "rotation"))
	not unknown(c, "expires_in_seconds")
	not unknown(c, "rotation")
}

findings contains {"rule": "key-without-expiry", "address": c.address} if {
	some c in ours
	c.type in {"openai_project_api_key", "openai_admin_api_key"}
	made(c)
	endless(c)
}

findings contains {"rule": "key-without-expiry", "address": c.address} if {
	some c in ours
	c.type == "openai_project_api_key"
	updated(c)
	endless(c)
	some name in {"expires_in_seconds", "rotation"}
	not is_null(before(c, name))
}

# The API takes no scopes for all permissions.
all_scopes(scopes) if is_null(scopes)

all_scopes(scopes) if count(scopes) == 0

widened(was, is) if all_scopes(is)

widened(was, is) if {
	some scope in is
	not scope in was
}

findings contains {"rule": "key-scopes-widened", "address": c.address} if {
	some c in ours
	c.type == "openai_project_api_key"
	updated(c)
	not unknown(c, "scopes")
	not all_scopes(before(c, "scopes"))
	widened(before(c, "scopes"), after(c, "scopes"))
}

rotates(c) if {
	updated(c)
	after(c, "key_version") > before(c, "key_version")
}

rotates(c) if {
	updated(c)
	unknown(c, "key_version")
}

findings contains {"rule": "rotation-without-overlap", "address": c.address} if {
	some c in ours
	c.type in {"openai_project_api_key", "openai_admin_api_key"}
	rotates(c)
	not expired(c)
	overlap := after(c, "rotation").overlap
	not regex.match(`[1-9]`, overlap)
}
