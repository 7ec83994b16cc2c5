terraform import openai_project_group.support proj_123/group_123/role-api-project-member
