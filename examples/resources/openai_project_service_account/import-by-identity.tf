import {
  to = openai_project_service_account.checkout
  identity = {
    project_id         = "proj_123"
    service_account_id = "svc_acct_123"
  }
}
