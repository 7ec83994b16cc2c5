import {
  to = openai_project_group.support
  identity = {
    project_id = "proj_123"
    group_id   = "group_123"
  }
}
