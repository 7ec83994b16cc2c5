import {
  to = openai_project_role.caller
  id = "proj_123/role_123"
}
