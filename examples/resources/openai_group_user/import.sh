terraform import openai_group_user.max group_123/user-123
