import {
  to = openai_project_hosted_tool_permissions.dev
  identity = {
    project_id = "proj_123"
  }
}
