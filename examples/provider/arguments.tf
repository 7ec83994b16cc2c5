provider "openai" {
  # The environment variable OPENAI_ADMIN_KEY keeps the key out of the configuration.
  admin_api_key = var.admin_key

  base_url     = "https://api.openai.com/v1"
  organization = "org-123"
  project      = "proj_123"

  # Rate limits of the API.
  max_wait            = "15m"
  requests_per_minute = 60

  # How plans find changes.
  refresh_mode          = "audit_log"
  audit_log_delay       = "30m"
  full_refresh_interval = "7d"

  # What plans report, and what they refuse.
  plan_checks       = true
  suppress_warnings = ["project_without_limit"]
  on_orphan         = "error"

  # Plans of pull requests change nothing.
  read_only = true
}
