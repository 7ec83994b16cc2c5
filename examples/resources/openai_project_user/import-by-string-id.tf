import {
  to = openai_project_user.max
  id = "proj_123/user-123"
}
