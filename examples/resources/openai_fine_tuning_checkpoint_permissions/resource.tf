resource "openai_project" "shop" {
  name = "shop"
}

resource "openai_project" "support" {
  name = "support"
}

# Both projects may use the fine-tuned model, and no other project besides the one
# that trained it.
resource "openai_fine_tuning_checkpoint_permissions" "answers" {
  fine_tuned_model_checkpoint = "ft:gpt-4o-mini-2024-07-18:acme:answers:abc123"
  project_ids                 = [openai_project.shop.id, openai_project.support.id]
}
