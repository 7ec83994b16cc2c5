data "openai_fine_tuning_checkpoint_permissions" "answers" {
  fine_tuned_model_checkpoint = "ft:gpt-4o-mini-2024-07-18:acme:answers:abc123"
}

output "projects_with_answers" {
  value = data.openai_fine_tuning_checkpoint_permissions.answers.project_ids
}
