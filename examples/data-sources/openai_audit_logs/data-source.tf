# Who made keys in November?
data "openai_audit_logs" "keys" {
  event_types = ["api_key.created", "service_account.created"]
  at_or_after = "2026-11-01T00:00:00Z"
  before      = "2026-12-01T00:00:00Z"
  max_results = 500
}

output "keys_made" {
  value = [for entry in data.openai_audit_logs.keys.audit_logs : "${entry.actor_email}: ${entry.details}"]
}

check "the_whole_month_was_read" {
  assert {
    condition     = !data.openai_audit_logs.keys.truncated
    error_message = "There are more entries than were read: raise max_results."
  }
}
