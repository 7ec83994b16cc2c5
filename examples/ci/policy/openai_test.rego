package main_test

import data.main
import rego.v1

plan(changes) := {"resource_changes": changes}

change(type, actions, before, after) := {
	"address": concat(".", [type, "x"]), "mode": "managed", "type": type,
	"change": {"actions": actions, "before": before, "after": after, "after_unknown": {}},
}

limit(cents) := {"project_id": "proj_1", "threshold_amount": cents}

key := {"project_id": "proj_1", "service_account_id": "svc_1", "name": "checkout", "scopes": ["a"], "expires_in_seconds": 60}

test_nothing if {
	count(main.deny) == 0 with input as plan([])
	count(main.warn) == 0 with input as plan([])
}

test_other_providers if {
	count(main.findings) == 0 with input as plan([change("aws_iam_user", ["create"], null, {"role": "owner"})])
}

test_new_owner if {
	main.deny == {"owner-granted: openai_organization_member.x"} with input as plan([change("openai_organization_member", ["create"], null, {"email": "a@b.c", "role": "owner"})])
}

test_reader if {
	count(main.findings) == 0 with input as plan([change("openai_organization_member", ["create"], null, {"email": "a@b.c", "role": "reader"})])
}

test_owner_stays if {
	count(main.findings) == 0 with input as plan([change("openai_organization_member", ["update"], {"role": "owner"}, {"role": "owner"})])
}

test_project_owner_warns if {
	c := change("openai_project_user", ["update"], {"project_id": "proj_1", "role": "member"}, {"project_id": "proj_1", "role": "owner"})
	count(main.deny) == 0 with input as plan([c])
	main.warn == {"project-owner-granted: openai_project_user.x"} with input as plan([c])
}

test_role_ids if {
	every id in ["role-api-organization-owner", "role-api-organization-owner__api-organization__org-1"] {
		main.deny == {"owner-granted: openai_user_role.x"} with input as plan([change("openai_user_role", ["create"], null, {"user_id": "user-1", "role_id": id})])
	}
	count(main.findings) == 0 with input as plan([change("openai_user_role", ["create"], null, {"user_id": "user-1", "role_id": "role-api-organization-reader"})])
}

test_doubled if {
	count(main.findings) == 0 with input as plan([change("openai_project_spend_limit", ["update"], limit(100), limit(200))])
}

test_more_than_doubled if {
	main.deny == {"limit-raised: openai_project_spend_limit.x"} with input as plan([change("openai_project_spend_limit", ["update"], limit(100), limit(201))])
}

test_limit_removed if {
	main.deny == {"limit-removed: openai_project_spend_limit.x"} with input as plan([change("openai_project_spend_limit", ["delete"], limit(100), null)])
}

test_limit_goes_with_its_project if {
	main.deny == {"project-archived: openai_project.x"} with input as plan([
		change("openai_project_spend_limit", ["delete"], limit(100), null),
		change("openai_project", ["delete"], {"id": "proj_1", "name": "a"}, null),
	])
}

test_key_revoked if {
	main.deny == {"key-revoked: openai_project_api_key.x"} with input as plan([change("openai_project_api_key", ["delete"], key, null)])
}

test_key_with_successor if {
	new := object.union(change("openai_project_api_key", ["create"], null, key), {"address": "openai_project_api_key.y"})
	count(main.findings) == 0 with input as plan([change("openai_project_api_key", ["delete"], key, null), new])
}

test_key_without_expiry if {
	main.warn == {"key-without-expiry: openai_project_api_key.x"} with input as plan([change("openai_project_api_key", ["create"], null, object.union(key, {"expires_in_seconds": null}))])
}

test_rotating_key if {
	count(main.findings) == 0 with input as plan([change("openai_project_api_key", ["create"], null, object.union(key, {"expires_in_seconds": null, "rotation": {"after": "90d"}}))])
}

test_scopes if {
	main.warn == {"key-scopes-widened: openai_project_api_key.x"} with input as plan([change("openai_project_api_key", ["update"], key, object.union(key, {"scopes": null}))])
	main.warn == {"key-scopes-widened: openai_project_api_key.x"} with input as plan([change("openai_project_api_key", ["update"], key, object.union(key, {"scopes": ["a", "b"]}))])
	count(main.findings) == 0 with input as plan([change("openai_project_api_key", ["update"], object.union(key, {"scopes": ["a", "b"]}), key)])
}

test_overlap if {
	was := object.union(key, {"key_version": 1, "rotation": {"after": "90d", "overlap": "0s"}})
	main.warn == {"rotation-without-overlap: openai_project_api_key.x"} with input as plan([change("openai_project_api_key", ["update"], was, object.union(was, {"key_version": 2}))])
}
