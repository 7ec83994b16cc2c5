import {
  to = openai_invite.grace
  id = "invite-123"
}
