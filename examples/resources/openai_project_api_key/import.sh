# The secret cannot be imported: value stays null.
terraform import openai_project_api_key.checkout proj_123/key_123
