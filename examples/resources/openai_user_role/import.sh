terraform import openai_user_role.max user-123/role_123
