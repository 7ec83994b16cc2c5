import {
  to = openai_project_user_role.max
  id = "proj_123/user-123/role-api-project-viewer"
}
