resource "openai_project" "billing" {
  name = "billing"
}

# The key and the role are made with the AWS provider. The role trusts OpenAI
# under the condition that it names this external id.
resource "openai_external_key" "production" {
  name        = "production"
  kms_arn     = "arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000"
  role_arn    = "arn:aws:iam::123456789012:role/openai-external-key"
  external_id = openai_project.billing.id

  # A registration cannot be changed. Projects move to the next one first.
  lifecycle {
    create_before_destroy = true
  }
}

# A key in Oracle Cloud.
resource "openai_external_key" "staging" {
  name       = "staging"
  region     = "eu-frankfurt-1"
  vault_ocid = "ocid1.vault.oc1.eu-frankfurt-1.exampleaaacu.abtheljsexample"
  key_ocid   = "ocid1.key.oc1.eu-frankfurt-1.exampleaaacu.abtheljsexample"
}
