import {
  to = openai_group.support
  identity = {
    id = "group_123"
  }
}
