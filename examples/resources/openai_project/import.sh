terraform import openai_project.dev proj_123
