import {
  to = openai_group_user.max
  identity = {
    group_id = "group_123"
    user_id  = "user-123"
  }
}
