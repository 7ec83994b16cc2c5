provider "openai" {
  # Default: the environment variable OPENAI_ADMIN_KEY.
  admin_api_key = var.admin_key
  # For webhook endpoints. Default: the environment variable OPENAI_API_KEY.
  api_key = var.project_key

  base_url     = "https://api.openai.com/v1"
  organization = "org-123"
  project      = "proj_123"

  # Requests and waits under the API's rate limits.
  max_wait            = "15m"
  requests_per_minute = 60

  # How plans refresh objects.
  refresh_mode          = "audit_log"
  audit_log_delay       = "30m"
  full_refresh_interval = "7d"

  # Warnings and errors in plans.
  plan_checks       = true
  read_ahead        = true
  suppress_warnings = ["project_without_limit"]
  on_orphan         = "error"

  # Refuse every change, for example in pipelines of pull requests.
  read_only = true
}
