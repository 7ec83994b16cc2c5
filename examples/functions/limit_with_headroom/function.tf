resource "openai_project" "search" {
  name = "search"
}

# 80 dollars: twice the expected spend
resource "openai_project_spend_limit" "search" {
  project_id    = openai_project.search.id
  threshold_usd = provider::openai::limit_with_headroom(40)
}

# 50 dollars: a quarter more
output "tight_limit_usd" {
  value = provider::openai::limit_with_headroom(40, 1.25)
}
