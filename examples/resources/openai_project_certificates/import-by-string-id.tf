import {
  to = openai_project_certificates.dev
  id = "proj_123"
}
