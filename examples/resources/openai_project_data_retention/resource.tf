resource "openai_project" "patients" {
  name = "patient-letters"
}

# Stricter than the rest of the organization. OpenAI has to approve of it first.
resource "openai_project_data_retention" "patients" {
  project_id = openai_project.patients.id
  type       = "zero_data_retention"
}
