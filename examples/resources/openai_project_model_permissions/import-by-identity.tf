import {
  to = openai_project_model_permissions.dev
  identity = {
    project_id = "proj_123"
  }
}
