terraform import openai_invite.grace invite-123
