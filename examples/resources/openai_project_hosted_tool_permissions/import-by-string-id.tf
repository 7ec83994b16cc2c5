import {
  to = openai_project_hosted_tool_permissions.dev
  id = "proj_123"
}
