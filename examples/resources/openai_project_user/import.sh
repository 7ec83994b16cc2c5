terraform import openai_project_user.max proj_123/user-123
