import {
  to = openai_project.dev
  id = "proj_123"
}
