resource "openai_project" "billing" {
  name = "billing"
}

# The bucket and the role are made with the AWS provider. The role trusts OpenAI
# under the condition that it names the external id of the registration.
resource "openai_external_storage" "billing" {
  project_id = openai_project.billing.id

  aws = {
    bucket   = "acme-openai-billing"
    role_arn = "arn:aws:iam::123456789012:role/openai-external-storage"
  }

  # A registration cannot be changed. The project is never without one.
  lifecycle {
    create_before_destroy = true
  }
}

output "external_id" {
  value = openai_external_storage.billing.external_id
}

# The API changes the status. This check warns when OpenAI can no longer use the
# bucket. It does not fail the plan.
check "storage_is_usable" {
  assert {
    condition     = openai_external_storage.billing.status != "unhealthy"
    error_message = "OpenAI cannot use the bucket of billing: ${openai_external_storage.billing.status}."
  }
}
