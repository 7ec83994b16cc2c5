import {
  to = openai_role.auditor
  id = "role_123"
}
