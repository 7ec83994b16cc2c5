import {
  to = openai_project_data_retention.patients
  identity = {
    project_id = "proj_123"
  }
}
