# An empty set of projects: the person joins no project. Without the argument, the
# person joins the default project.
resource "openai_invite" "grace" {
  email    = "grace@example.com"
  role     = "reader"
  projects = []
}
