import {
  to = openai_group_role.support
  id = "group_123/role_123"
}
