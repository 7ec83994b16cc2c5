resource "openai_project" "billing" {
  name = "billing"
}

resource "openai_external_key" "production" {
  name        = "production"
  kms_arn     = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000"
  role_arn    = "arn:aws:iam::123456789012:role/openai-external-key"
  external_id = openai_project.billing.id
}

action "openai_external_key_validate" "production" {
  config {
    external_key_id = openai_external_key.production.external_key_id
  }
}

# Stands for the policy of the key, an aws_kms_key_policy. Each change of the
# policy validates the key again.
resource "terraform_data" "policy" {
  input = "policy"

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.openai_external_key_validate.production]
    }
  }
}
