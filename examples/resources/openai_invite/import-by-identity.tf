import {
  to = openai_invite.grace
  identity = {
    invite_id = "invite-123"
  }
}
