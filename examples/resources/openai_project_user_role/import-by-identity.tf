import {
  to = openai_project_user_role.max
  identity = {
    project_id = "proj_123"
    user_id    = "user-123"
    role_id    = "role-api-project-viewer"
  }
}
