resource "openai_project" "billing" {
  name = "billing"
}

resource "openai_external_storage" "billing" {
  project_id = openai_project.billing.id

  aws = {
    bucket   = "acme-openai-billing"
    role_arn = "arn:aws:iam::123456789012:role/openai-external-storage"
  }
}

action "openai_external_storage_validate" "billing" {
  config {
    external_storage_id = openai_external_storage.billing.external_storage_id
  }
}

# Stands for the policy of the bucket, an aws_s3_bucket_policy. Each change of
# the policy validates the storage again.
resource "terraform_data" "policy" {
  input = "policy"

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.openai_external_storage_validate.billing]
    }
  }
}
