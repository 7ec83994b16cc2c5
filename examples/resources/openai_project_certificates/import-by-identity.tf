import {
  to = openai_project_certificates.dev
  identity = {
    project_id = "proj_123"
  }
}
