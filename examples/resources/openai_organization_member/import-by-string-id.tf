import {
  to = openai_organization_member.grace
  id = "grace@example.com"
}
