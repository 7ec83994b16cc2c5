# To no project: an empty set. Without projects, to the default project.
resource "openai_invite" "grace" {
  email    = "grace@example.com"
  role     = "reader"
  projects = []
}
