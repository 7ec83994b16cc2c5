import {
  to = openai_user_role.max
  id = "user-123/role_123"
}
