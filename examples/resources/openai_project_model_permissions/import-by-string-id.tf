import {
  to = openai_project_model_permissions.dev
  id = "proj_123"
}
