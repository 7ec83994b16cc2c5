import {
  to = openai_project.dev
  identity = {
    id = "proj_123"
  }
}
