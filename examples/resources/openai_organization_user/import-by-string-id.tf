import {
  to = openai_organization_user.max
  id = "user-123"
}
