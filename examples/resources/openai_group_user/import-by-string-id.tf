import {
  to = openai_group_user.max
  id = "group_123/user-123"
}
