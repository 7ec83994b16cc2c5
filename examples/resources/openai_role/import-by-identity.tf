import {
  to = openai_role.auditor
  identity = {
    role_id = "role_123"
  }
}
