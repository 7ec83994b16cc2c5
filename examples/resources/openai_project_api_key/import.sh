# The secret cannot be imported: value and sealed_value stay null until the
# next rotation.
terraform import openai_project_api_key.checkout proj_123/key_123
