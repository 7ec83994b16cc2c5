terraform import openai_project_user_role.max proj_123/user-123/role-api-project-viewer
