import {
  to = openai_organization_user.max
  identity = {
    user_id = "user-123"
  }
}
