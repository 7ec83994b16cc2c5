import {
  to = openai_group.support
  id = "group_123"
}
