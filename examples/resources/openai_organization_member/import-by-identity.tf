import {
  to = openai_organization_member.grace
  identity = {
    email = "grace@example.com"
  }
}
