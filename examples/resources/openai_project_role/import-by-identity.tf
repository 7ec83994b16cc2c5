import {
  to = openai_project_role.caller
  identity = {
    project_id = "proj_123"
    role_id    = "role_123"
  }
}
