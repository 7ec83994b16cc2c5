import {
  to = openai_group_role.support
  identity = {
    group_id = "group_123"
    role_id  = "role_123"
  }
}
