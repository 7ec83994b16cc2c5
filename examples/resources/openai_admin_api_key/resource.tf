# For a pipeline that reports usage. The key has no expiry, because an expired key would
# stop the pipeline. To replace it, add "reports_2027", switch the pipeline to the new
# secret, then remove "reports_2026".
resource "openai_admin_api_key" "reports_2026" {
  name           = "reports-2026"
  age_recipients = ["age1spqt5nwkaeqsawjds3d5ktqf5seqqxa57hd5ru0dcfuxxyqd0y8s0zf6ku"]
}

output "reports_2026_key" {
  value = openai_admin_api_key.reports_2026.sealed_value
}
