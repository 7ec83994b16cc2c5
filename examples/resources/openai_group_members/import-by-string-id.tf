import {
  to = openai_group_members.support
  id = "group_123"
}
