# For the pipeline that applies this configuration.
resource "openai_admin_api_key" "ci" {
  name               = "ci"
  expires_in_seconds = 90 * 24 * 60 * 60
  age_recipients     = ["age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"]

  lifecycle {
    create_before_destroy = true
  }
}

output "ci_key" {
  value = openai_admin_api_key.ci.sealed_value
}
