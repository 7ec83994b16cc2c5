import {
  to = openai_project_service_account.checkout
  id = "proj_123/svc_acct_123"
}
