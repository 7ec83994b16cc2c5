terraform import openai_role.auditor role_123
