import {
  to = openai_project_data_retention.patients
  id = "proj_123"
}
