import {
  to = openai_project_user.max
  identity = {
    project_id = "proj_123"
    user_id    = "user-123"
  }
}
