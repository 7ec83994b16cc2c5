import {
  to = openai_user_role.max
  identity = {
    user_id = "user-123"
    role_id = "role_123"
  }
}
