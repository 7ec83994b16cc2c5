import {
  to = openai_group_members.support
  identity = {
    group_id = "group_123"
  }
}
