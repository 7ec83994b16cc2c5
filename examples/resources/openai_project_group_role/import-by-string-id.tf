import {
  to = openai_project_group_role.support
  id = "proj_123/group_123/role_123"
}
