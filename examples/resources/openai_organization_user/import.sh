terraform import openai_organization_user.max user-123
